import { bankDataOf } from '../db/bank-data.ts';
import { ourselves } from '../db/desk.ts';
import type { Desk, InvoiceFile } from '../db/desk.ts';
import { partsOfPromise } from '../db/promises.ts';
import { dayAt } from '../domain/calendar.ts';
import type { FactBody } from '../domain/fact.ts';
import { isBankDataOld } from '../domain/promise/bank-data-age.ts';
import { moneyInWords } from './compose/money-in-words.ts';
import { tellOwners } from './tell-owners.ts';

/**
 * What becomes of a promise that has lapsed: it is broken, on all its invoices at once, and the owner is told once.
 *
 * Unless the bank data of the creditor are too old to say so: then nothing is said to the debtor, the owner is told that
 * data are missing, and the file looks again when they come. Answers the fact for the invoice that asked.
 */
export async function breakPromise(desk: Desk, file: InvoiceFile, promiseId: string): Promise<FactBody> {
  const { collection } = file;
  const bank = await bankDataOf(desk.tx, collection.creditorId);
  if (isBankDataOld(collection.calendar, bank, dayAt(collection.calendar, desk.now))) {
    await tellOwners(desk, [file], {
      key: `bank-data/${collection.creditorId}/${bank.knownTo ?? 'none'}`,
      template: 'internal_bank_data_old',
      titles: {
        fr: bank.knownTo ?? 'aucune donnée',
        en: bank.knownTo ?? 'no data',
      },
    });
    return { type: 'bankDataAwaited', promiseId, knownTo: bank.knownTo };
  }

  const parts = await partsOfPromise(desk.tx, promiseId);
  const files = await desk.files(parts.map((part) => part.invoice_id));
  const { currency } = collection;
  const promised = parts.reduce((sum, part) => sum + part.amount_cents, 0);
  const received = parts.reduce((sum, part) => sum + Math.min(part.received_cents, part.amount_cents), 0);
  await tellOwners(desk, files, {
    key: `promise/${promiseId}`,
    template: 'internal_promise_broken',
    titles: {
      fr: `${moneyInWords(received, currency, 'fr')} reçus sur ${moneyInWords(promised, currency, 'fr')} promis`,
      en: `${moneyInWords(received, currency, 'en')} received of ${moneyInWords(promised, currency, 'en')} promised`,
    },
    ...(collection.promise ? { dueOn: collection.promise.promisedOn } : {}),
  });
  for (const part of parts)
    if (part.state === 'active' && part.invoice_id !== file.id)
      await desk.state(
        part.invoice_id,
        { type: 'promiseBroken', promiseId, receivedCents: part.received_cents },
        ourselves,
      );
  return { type: 'promiseBroken', promiseId, receivedCents: collection.promise?.receivedCents ?? 0 };
}

/** What became of a promise that waited for bank data; null when it does not, or they have not come. */
export async function judgedAtLast(desk: Desk, file: InvoiceFile): Promise<FactBody | null> {
  const { promise, creditorId, calendar } = file.collection;
  if (!promise?.bankDataAwaited) return null;
  const bank = await bankDataOf(desk.tx, creditorId);
  if (isBankDataOld(calendar, bank, dayAt(calendar, desk.now))) return null;
  return breakPromise(desk, file, promise.promiseId);
}
