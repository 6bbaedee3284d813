import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../../../domain/time.ts';
import { ciiOf, read, ublOf } from './documents.ts';
import type { Described, Hand } from './documents.ts';

const word = fc
  .stringMatching(/^[A-Za-zÀ-ÿ0-9€<>&'"\]-][A-Za-zÀ-ÿ0-9€ <>&'".\]-]{0,20}[A-Za-zÀ-ÿ0-9€]$/)
  .map((text) => text.normalize('NFC').replace(/ +/g, ' '));
const number = fc
  .stringMatching(/^[A-Z0-9][A-Z0-9/. -]{0,18}[A-Z0-9]$/)
  .map((text) => text.replace(/ +/g, ' '))
  // What networks and spreadsheets write for "none".
  .filter((text) => !/^(N\/?\.?A\.?|NULL)$/.test(text));
const day = fc.integer({ min: 0, max: 3_000 }).map((days) => addDays('2020-01-01', days));
const cents = fc.integer({ min: 1, max: 1_000_000_000 });
const sirens = ['732829320', '552100554', '404833048'] as const;

/** Adds a member now and then. */
function maybe(key: string, value: fc.Arbitrary<string>): fc.Arbitrary<Record<string, string>> {
  return fc.option(value, { nil: undefined }).map((made) => (made === undefined ? {} : { [key]: made }));
}

const buyer = fc
  .tuple(
    word,
    maybe('siren', fc.constantFrom(...sirens)),
    maybe('reference', number),
    maybe('street', word),
    maybe('postcode', fc.stringMatching(/^[1-9]\d{4}$/)),
    maybe('city', word),
    maybe('country', fc.constantFrom('FR', 'DE', 'BE', 'NO')),
    maybe('contact', word),
    maybe('email', fc.constantFrom('compta@dupont.example', 'a.b@c.example')),
    maybe('phone', fc.constantFrom('+33 1 23 45 67 89', '46211230')),
  )
  .map(([name, ...rest]) => ({ name, ...(Object.assign({}, ...rest) as object) }));

/** An invoice in one or several terms, open, part paid or settled, or a credit note. */
const described: fc.Arbitrary<Described> = fc
  .record({
    number,
    type: fc.constantFrom('380', '380', '386', '389', '381'),
    issued: day,
    currency: fc.constantFrom('EUR', 'NOK', 'JPY', 'USD'),
    seller: fc
      .tuple(word, maybe('siren', fc.constantFrom(...sirens)))
      .map(([name, more]) => ({ name, ...more })),
    buyer,
    order: number,
    means: fc.constantFrom('30', '58', '59', '49', '20'),
    parts: fc.array(cents, { minLength: 1, maxLength: 4 }),
    firstDay: day,
    between: fc.integer({ min: 1, max: 90 }),
    prepaid: fc.integer({ min: 0, max: 100 }),
    preceding: fc.uniqueArray(number, { maxLength: 1 }),
  })
  .map(({ parts, firstDay, between, prepaid, ...rest }) => {
    const open = parts.reduce((sum, one) => sum + one, 0);
    const prepaidCents = Math.floor((open * prepaid) / 100);
    const due = parts.map((one, at) => ({
      day: addDays(firstDay, at * between),
      ...(parts.length > 1 ? { cents: one } : {}),
    }));
    return { ...rest, due, prepaidCents, totalCents: open + prepaidCents };
  });

const hand: fc.Arbitrary<Hand> = fc.record({
  aggregate: fc.constantFrom('cac:', 'a:', '', 'x.y-z:'),
  basic: fc.constantFrom('cbc:', 'b:', '', 'n1:'),
  root: fc.constantFrom('', 'rsm:', 'ubl:'),
  cdata: fc.boolean(),
  numbered: fc.boolean(),
  spaced: fc.boolean(),
});

/** What the document should be read as, reckoned from its description alone. */
function expected(one: Described): readonly object[] {
  const { buyer: who, due, seller } = one;
  const keep = (fields: object): object =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const common = {
    seller,
    debtor: keep({ name: who.name, siren: who.siren, reference: who.reference, country: who.country }),
    contact: keep({
      name: who.contact,
      email: who.email,
      phone: who.phone,
      addressLines: who.street && [who.street],
      postcode: who.postcode,
      city: who.city,
    }),
    number: one.number,
    issueDate: one.issued,
    currency: one.currency,
  };
  if (one.type === '381')
    return [{ ...common, kind: 'credit_note', amountCents: one.totalCents, settles: one.preceding }];
  const method = {
    '30': 'transfer',
    '58': 'transfer',
    '59': 'direct_debit',
    '49': 'direct_debit',
    '20': 'cheque',
  };
  const prepaid = one.prepaidCents ?? 0;
  return due.map(({ day: dueDate, cents: part }, at) => ({
    ...common,
    term: at + 1,
    dueDate,
    amountCents: (part ?? one.totalCents - prepaid) + (at === 0 ? prepaid : 0),
    paidCents: at === 0 ? prepaid : 0,
    orderNumber: one.order,
    paymentMethod: method[one.means as keyof typeof method],
  }));
}

async function rowsOf(text: string): Promise<readonly object[]> {
  const { invoices, creditNotes, rejected } = await read(text);
  expect(rejected).toEqual([]);
  return [...invoices, ...creditNotes].map(({ flags: _flags, ...row }) => row);
}

describe('any document', () => {
  it('reads back the same from UBL and from CII, whoever wrote the XML', async () => {
    await fc.assert(
      fc.asyncProperty(described, hand, async (one, by) => {
        const rows = expected(one);

        expect(await rowsOf(ublOf(one, by))).toEqual(rows);
        expect(await rowsOf(ciiOf(one, by))).toEqual(rows);
      }),
      { numRuns: 300 },
    );
  });

  it('never enters with another sum than it asks for', async () => {
    await fc.assert(
      fc.asyncProperty(described, fc.integer({ min: 1, max: 2_000_000_000 }), async (one, payableCents) => {
        for (const text of [ublOf({ ...one, payableCents }), ciiOf({ ...one, payableCents })]) {
          const { invoices } = await read(text);
          if (invoices.length === 0) continue;
          const open = invoices.reduce((sum, row) => sum + row.amountCents - (row.paidCents ?? 0), 0);

          expect(open).toBe(payableCents);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('cut off anywhere is refused or rejected, never half read', async () => {
    const text = ublOf({
      number: 'F1',
      type: '380',
      issued: '2026-01-01',
      currency: 'EUR',
      seller: { name: 'A' },
      buyer: { name: 'B' },
      due: [{ day: '2026-02-01' }],
      totalCents: 100,
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 10, max: text.length - 1 }), async (at) => {
        await expect(read(text.slice(0, at))).rejects.toMatchObject({ name: 'UnreadableFile' });
      }),
      { numRuns: 100 },
    );
  });
});
