/**
 * The rates as they are published, copied as text from the tables and never computed: semester, ECB rate, rate of the law
 * between professionals, of public buyers, legal rate of businesses, published floor, legal rate of private persons.
 */
export const publishedRates = `
2019-H1 0.00 10.00 8.00 0.86 2.58 3.40
2019-H2 0.00 10.00 8.00 0.87 2.61 3.26
2020-H1 0.00 10.00 8.00 0.87 2.61 3.15
2020-H2 0.00 10.00 8.00 0.84 2.52 3.11
2021-H1 0.00 10.00 8.00 0.79 2.37 3.14
2021-H2 0.00 10.00 8.00 0.76 2.28 3.12
2022-H1 0.00 10.00 8.00 0.76 2.28 3.13
2022-H2 0.00 10.00 8.00 0.77 2.31 3.15
2023-H1 2.50 12.50 10.50 2.06 6.18 4.47
2023-H2 4.00 14.00 12.00 4.22 12.66 6.82
2024-H1 4.50 14.50 12.50 5.07 15.21 8.01
2024-H2 4.25 14.25 12.25 4.92 14.76 8.16
2025-H1 3.15 13.15 11.15 3.71 11.13 7.21
2025-H2 2.15 12.15 10.15 2.76 8.28 6.65
2026-H1 2.15 12.15 10.15 2.62 7.86 6.67
2026-H2 2.40 12.40 10.40 2.75 8.25 6.84
`
  .trim()
  .split('\n')
  .map((row) => {
    const [semester = '', ...rates] = row.split(' ');
    const [ecb = '', business = '', publicBuyer = '', legal = '', floor = '', individual = ''] = rates;
    return { semester, ecb, business, publicBuyer, legal, floor, individual };
  });

export type PublishedRate = (typeof publishedRates)[number];

/** "12.15" as 1215, without any arithmetic on fractions. */
export function hundredthsOf(percent: string): number {
  return Number(percent.replace('.', ''));
}
