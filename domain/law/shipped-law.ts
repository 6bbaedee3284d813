import type { LawCode } from './law-code.ts';
import type { Law, LawValue } from './law-value.ts';
import { firstDayOf, lastDayOf } from './semester.ts';

/**
 * The values of French law that ship with the product.
 *
 * What is not fixed by semester stands from the first day of our table of rates, which says nothing about when the law
 * began. Rates after the last semester here are not known: an administrator adds them. No lawyer has validated any. French
 * texts are cited in French, whoever reads.
 */
const begin = '2019-01-01';

/** Per semester, in hundredths of a percent: the ECB rate on its first day, and the two legal rates. */
const rates: readonly (readonly [semester: string, ecb: number, business: number, individual: number])[] = [
  ['2019-H1', 0, 86, 340],
  ['2019-H2', 0, 87, 326],
  ['2020-H1', 0, 87, 315],
  ['2020-H2', 0, 84, 311],
  ['2021-H1', 0, 79, 314],
  ['2021-H2', 0, 76, 312],
  ['2022-H1', 0, 76, 313],
  ['2022-H2', 0, 77, 315],
  ['2023-H1', 250, 206, 447],
  ['2023-H2', 400, 422, 682],
  ['2024-H1', 450, 507, 801],
  ['2024-H2', 425, 492, 816],
  ['2025-H1', 315, 371, 721],
  ['2025-H2', 215, 276, 665],
  ['2026-H1', 215, 262, 667],
  ['2026-H2', 240, 275, 684],
];

/** The decrees whose days we know; the others are cited by their semester. */
const decrees: Readonly<Record<string, string>> = {
  '2019-H1': ' du 21 décembre 2018',
  '2026-H1': ' du 15 décembre 2025',
  '2026-H2': ' du 26 juin 2026',
};

/** Read in one place only: they compute, and wait for a second look. */
const readOnce: readonly string[] = ['2024-H1', '2026-H2'];

const perSemester: readonly LawValue[] = rates.flatMap(([semester, ecb, business, individual]) => {
  const decree = `arrêté${decrees[semester] ?? ''} fixant le taux de l’intérêt légal, ${semester}`;
  const days = { from: firstDayOf(semester), to: lastDayOf(semester), sourced: true, lawyerValidated: false };
  return [
    {
      ...days,
      code: 'ecb_refinancing_rate',
      value: ecb,
      source: `ECB, main refinancing operations, rate in force on ${firstDayOf(semester)}`,
    },
    { ...days, code: 'legal_rate_business', value: business, source: decree },
    {
      ...days,
      code: 'legal_rate_individual',
      value: individual,
      source: decree,
      sourced: !readOnce.includes(semester),
    },
  ] satisfies readonly LawValue[];
});

/** Read in a source. */
function read(code: LawCode, value: number, source: string): LawValue {
  return { code, from: begin, to: null, value, source, sourced: true, lawyerValidated: false };
}

/** Common knowledge, to be read in the official text. */
function known(code: LawCode, value: number, source: string): LawValue {
  return { ...read(code, value, source), sourced: false };
}

const standing: readonly LawValue[] = [
  read('default_margin', 1000, 'art. L441-10 II C. com.'),
  read('floor_multiple', 3, 'art. L441-10 II C. com.'),
  read('lump_sum', 4000, 'art. L441-10 II et D441-5 C. com.'),
  read('public_margin', 800, 'art. R2192-31 code de la commande publique'),
  known('lump_sum_public', 4000, 'art. D2192-35 code de la commande publique'),
  known('public_term_days', 30, 'art. L2192-10 et R2192-10 code de la commande publique'),
  known('public_term_days_hospital', 50, 'art. L2192-10 et R2192-11 s. code de la commande publique'),
  known('public_term_days_undertaking', 60, 'art. L2192-10 et R2192-11 s. code de la commande publique'),
  known('public_accessories_days', 45, 'art. R2192-36 code de la commande publique'),
  known('eu_margin', 800, 'Directive 2011/7/UE'),
  known('lump_sum_eu', 4000, 'Directive 2011/7/UE'),
  read('judgment_margin', 500, 'art. L313-3 CMF'),
  read('judgment_raise_months', 2, 'art. L313-3 CMF'),

  known('small_claims_limit', 500_000, 'art. L125-1 et R125-1 s. CPCE'),
  read('small_claims_answer_months', 1, 'art. L125-1 et R125-1 s. CPCE'),
  read('merchant_answer_months', 1, 'art. L126-1 s. CPCE, loi 2026-307 du 23 avril 2026'),
  read('merchant_record_days', 8, 'art. L126-1 s. CPCE, loi 2026-307 du 23 avril 2026'),
  read('merchant_service_months', 6, 'art. L126-1 s. CPCE, loi 2026-307 du 23 avril 2026'),
  { ...read('order_service_months', 6, 'art. 1411 CPC'), to: '2026-08-31' },
  { ...read('order_service_months', 3, 'art. 1411 CPC, décret 2026-96'), from: '2026-09-01' },
  read('order_opposition_months', 1, 'art. 1416 CPC'),
  read('order_registry_months', 2, 'art. 1405 à 1425 CPC'),
  read('opposition_costs_days', 15, 'art. 1418 et 1425 CPC'),
  read('lawyer_limit', 1_000_000, 'art. 761 et 853 CPC'),
  known('european_small_claims_limit', 500_000, 'règlement (CE) 861/2007'),

  read('limitation_years', 5, 'art. L110-4 C. com. et 2224 C. civ.'),
  known('limitation_years_consumer', 2, 'art. L218-2 C. conso.'),
  known('limitation_years_transport', 1, 'art. L133-6 C. com.'),
  known('limitation_years_telecom', 1, 'prescription des créances de télécommunications'),
  read('limitation_years_public', 4, 'art. 1 et 2, loi 68-1250'),
  known('limitation_years_title', 10, 'art. L111-4 CPCE'),

  read('declaration_months', 2, 'art. R622-24 C. com.'),
  read('declaration_abroad_months', 2, 'art. R622-24 C. com.'),
  read('declaration_relief_months', 6, 'art. L622-26 C. com.'),
  known('retention_of_title_months', 3, 'revendication des biens sous réserve de propriété'),
  read('registered_mail_acceptance_days', 15, 'art. L100 CPCE postes'),
  read('remittance_months', 1, 'art. R124-1 à R124-7 CPCE'),
];

export const shippedLaw: Law = [...perSemester, ...standing];

/** The shipped values and those that administrators added since, in the order in which they did. */
export function lawWith(added: readonly LawValue[]): Law {
  return [...shippedLaw, ...added];
}
