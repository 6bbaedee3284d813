import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answers } from '../../../api/import/questions.ts';
import { fileOf, goodRow, read } from './reading.ts';

/** What was paid of invoices of 1,000.00 whose last cells are these. */
async function paidOf(headers: string, cells: readonly string[], answers: Answers = {}) {
  const rows = cells.map((cell, index) => `F${index};31/12/2026;1 000,00;Dupont;${cell}`);
  const file = await read(fileOf(rows, `;${headers}`), answers);
  return {
    questions: file.reading.questions.map(({ code, field }) => `${code} ${field ?? ''}`),
    paid: file.rows.map(({ row }) => row.paidCents),
    rejected: file.rejected.flatMap(({ rejected }) =>
      rejected.map(({ line, field, code }) => [line, field, code]),
    ),
    remedies: file.rejected.flatMap(({ rejected }) => rejected.map(({ remedy }) => remedy)),
  };
}

describe('a column that says whether an invoice is paid', () => {
  // Read as amounts, every 1 of an ERP would leave 999.00 to be chased of an invoice that is paid.
  it('is asked about when noughts and ones could be amounts as well', async () => {
    const { questions } = await paidOf('Payée', ['1', '0', '']);

    expect(questions).toEqual(['paid-meaning paid']);
    expect((await paidOf('Payée', ['1', '0', ''], { meaning: { paid: 'yes-no' } })).paid).toEqual([
      100_000,
      0,
      undefined,
    ]);
    expect((await paidOf('Payée', ['1', '0', ''], { meaning: { paid: 'amounts' } })).paid).toEqual([
      100,
      0,
      undefined,
    ]);
  });

  it.each([
    ['Payée', ['Oui', 'Non', 'oui'], [100_000, 0, 100_000]],
    ['Payée', ['1', 'Non', '0'], [100_000, 0, 0]],
    ['Réglé (O/N)', ['O', 'N', 'O'], [100_000, 0, 100_000]],
    ['Réglée ?', ['1', '0', '1'], [100_000, 0, 100_000]],
    ['Soldé', ['1', '0', '0'], [100_000, 0, 0]],
    ['Solde', ['Oui', 'Non', 'Non'], [100_000, 0, 0]],
    ['Is paid', ['true', 'false', 'true'], [100_000, 0, 100_000]],
    ['Payée', ['Réglée', 'Impayée', 'Non payée'], [100_000, 0, 0]],
    ['Payée', ['1', '0', '250,00'], [100, 0, 25_000]],
    ['Montant réglé', ['1,00', '0,00', '250,00'], [100, 0, 25_000]],
    ['Payée', ['Oui', 'Non', '250,00'], [100_000, 0, 25_000]],
    ['Payée', ['0', '0', ''], [0, 0, undefined]],
    ['Solde', ['0,00', '1 000,00', '250,00'], [100_000, 0, 75_000]],
    ['Reste à payer', ['0', '1000', '1'], [100_000, 0, 99_900]],
  ])('%s: %j is understood', async (header, cells, paid) => {
    expect(await paidOf(header, cells)).toMatchObject({ questions: [], paid, rejected: [] });
  });

  it.each([
    ['Solde', ['0', '0', '1']],
    ['SOLDE', ['0', '0', '0']],
    ['Payé', ['1', 'Oui', '250,00']],
    ['Réglé', ['1.0', '0.0', '']],
  ])('%s: %j is asked about', async (header, cells) => {
    expect((await paidOf(header, cells)).questions).toEqual([
      `paid-meaning ${/solde/i.test(header) ? 'outstanding' : 'paid'}`,
    ]);
  });

  it('rejects what is neither yes nor no, rather than guess how much', async () => {
    const { paid, rejected } = await paidOf('Payée', ['Oui', 'Partiel', 'Non']);

    expect(paid).toEqual([100_000, 0]);
    expect(rejected).toEqual([[3, 'paid', 'paid-unclear']]);
  });

  it('is no amount when it holds a day, however that is written', async () => {
    expect((await paidOf('Réglé', ['20261231'])).rejected).toEqual([[2, 'paid', 'amount-is-date']]);
    expect((await paidOf('Réglée le', ['20261230'])).paid).toEqual([100_000]);
  });

  // Each column by itself, with its own way: a sister column is another program's.
  it('is asked for its decimal mark though the amounts show theirs', async () => {
    const { reading } = await read(fileOf(['1;31/12/2026;1 000,50;Dupont;1,234'], ';Déjà réglé'));

    expect(reading.questions).toMatchObject([{ code: 'decimal-mark', field: 'paid' }]);
  });
});

describe('amount, paid and outstanding', () => {
  it.each([
    ['250,00;750,00', 25_000],
    ['0,00;1 000,00', 0],
    ['1 000,00;0,00', 100_000],
    ['1 100,00;-100,00', 110_000],
    ['1 100,00;0,00', 110_000],
    [';600,00', 40_000],
    ['400,00;', 40_000],
    ['oui;0,00', 100_000],
    ['non;600,00', 40_000],
  ])('agree: %s', async (cells, paid) => {
    expect(await paidOf('Déjà réglé;Reste à payer', [cells])).toMatchObject({ paid: [paid], rejected: [] });
  });

  // Whichever of them is wrong, the other choice chases what is paid or closes what is owed.
  it.each(['250,00;1 000,00', '0,00;0,00', '1 000,00;1 000,00', 'oui;600,00', 'non;0,00'])(
    'reject the row when they contradict each other: %s',
    async (cells) => {
      const { paid, rejected, remedies } = await paidOf('Déjà réglé;Reste à payer', [cells]);

      expect(paid).toEqual([]);
      expect(rejected).toMatchObject([[2, expect.stringMatching(/paid|outstanding/), 'paid-contradiction']]);
      expect(remedies[0]).toContain('null');
    },
  );

  it('reject the row when it is settled by its date and owed by its amounts', async () => {
    const { rejected } = await paidOf('Date de règlement;Reste à payer', ['30/12/2026;600,00']);

    expect(rejected).toEqual([[2, 'settledDate', 'paid-contradiction']]);
  });

  it('are never more than one reading of a row, whatever the cents', async () => {
    const cents = fc.integer({ min: 0, max: 100_000 });
    const written = (value: number) => (value / 100).toFixed(2).replace('.', ',');

    await fc.assert(
      fc.asyncProperty(cents, cents, async (paid, left) => {
        const file = await paidOf('Déjà réglé;Reste à payer', [`${written(paid)};${written(left)}`]);
        expect(file.paid).toEqual(paid + left === 100_000 ? [paid] : []);
        expect(file.rejected).toHaveLength(paid + left === 100_000 ? 0 : 1);
      }),
      { numRuns: 60 },
    );
  });

  it('in another currency than the invoice is a contradiction', async () => {
    const file = await read(fileOf(['1;31/12/2026;12,50;Dupont;USD;5,00 €'], ';Devise;Déjà réglé'));

    expect(file.rejected[0]!.rejected).toMatchObject([{ field: 'paid', code: 'currency-contradiction' }]);
  });
});

describe('a settlement date', () => {
  const settled = (...dates: string[]) =>
    fileOf(
      dates.map((date, index) => `F${index};31/12/2026;10,00;Dupont;${date}`),
      ';Date règlement',
    );

  // Many programs write the planned day there as soon as the invoice is booked.
  it('that is still to come is asked about', async () => {
    const { reading } = await read(settled('05/01/2027', '31/03/2027'));

    expect(reading.questions).toMatchObject([
      { code: 'column', field: 'settledDate', choices: [{ answer: 'Date règlement' }, { answer: null }] },
    ]);
  });

  it('that is always the due date is asked about', async () => {
    expect((await read(settled('31/12/2026', ''))).reading.questions).toMatchObject([
      { field: 'settledDate' },
    ]);
    expect((await read(settled('31/12/2026', '30/12/2026'))).reading.questions).toEqual([]);
  });

  it('is no payment where it is planned, as answered', async () => {
    const { rows } = await read(settled('05/01/2027', '31/03/2027'), { columns: { settledDate: null } });

    expect(rows.map(({ row }) => row.paidCents)).toEqual([undefined, undefined]);
  });

  it('of a payment closes the invoice once it has come, and is remarked before', async () => {
    const { rows } = await read(settled('05/01/2027', '31/03/2027'), {
      columns: { settledDate: 'Date règlement' },
    });

    expect(rows.map(({ row }) => [row.settledDate, row.paidCents])).toEqual([
      ['2027-01-05', 1_000],
      [undefined, undefined],
    ]);
    expect(rows[1]!.remarks).toContainEqual(
      expect.objectContaining({ code: 'settled-in-future', line: 3, value: '31/03/2027' }),
    );
  });

  it('of today has come', async () => {
    const { rows } = await read(settled('31/03/2027'), {}, 'utf8', '2027-03-31');

    expect(rows[0]!.row.paidCents).toBe(1_000);
  });
});

describe('a payment method', () => {
  it.each([
    ['Prélèvement 30j', 'direct_debit'],
    ['PRLV SEPA', 'direct_debit'],
    ['Prélèvement SEPA B2B', 'direct_debit'],
    ['LCR 45 jours fin de mois', 'bill_of_exchange'],
    ['LCR30J', 'bill_of_exchange'],
    ['Traite à 60 jours', 'bill_of_exchange'],
    ['VIREMENT 30 JOURS FDM', 'transfer'],
    ['Chèque à réception', 'cheque'],
    ['CB en ligne', 'card'],
  ])('%s is known with its delay: %s', async (word, method) => {
    const { rows } = await read(fileOf([`${goodRow};${word}`], ';Mode de règlement'));

    expect(rows[0]?.row.paymentMethod).toBe(method);
  });

  // A word passed over is a reminder to somebody whose account is debited next week.
  it.each([
    'troc',
    'SEPA',
    'TRT',
    'Virement ou prélèvement',
    'Rejet prélèvement',
    'Hors LCR',
    '30 jours net',
  ])('is asked about when the word says none: %s', async (word) => {
    const text = fileOf([`${goodRow};${word}`, `${goodRow};Virement`], ';Mode de règlement');

    expect((await read(text)).reading.questions).toMatchObject([
      { code: 'payment-method', field: 'paymentMethod', examples: [word] },
    ]);
    const { rows } = await read(text, { paymentMethod: { [word]: 'bill_of_exchange' } });
    expect(rows.map(({ row }) => row.paymentMethod)).toEqual(['bill_of_exchange', 'transfer']);
  });

  it('can be answered for all unknown words at once, and each row says so', async () => {
    const text = fileOf([`${goodRow};A`, `${goodRow};B`, `${goodRow};-`], ';Mode de règlement');

    const { rows } = await read(text, { paymentMethod: { '*': 'other' } });

    expect(rows.map(({ row }) => row.paymentMethod)).toEqual(['other', 'other', undefined]);
    expect(rows[0]!.row.flags).toContain('payment-method-unknown');
  });
});

describe('a row without its currency', () => {
  it('is told that it takes that of the creditor', async () => {
    const { rows } = await read(
      fileOf(['1;31/12/2026;12,50;Dupont;USD', '2;31/12/2026;12,50;Dupont;'], ';Devise'),
    );

    expect(rows.map(({ row }) => row.currency)).toEqual(['USD', undefined]);
    expect(rows[1]!.remarks).toContainEqual(expect.objectContaining({ code: 'currency-missing', line: 3 }));
  });
});
