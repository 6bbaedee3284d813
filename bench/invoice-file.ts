import { Readable } from 'node:stream';
import { addDays } from '../domain/time.ts';
import type { CivilDate } from '../domain/time.ts';

export interface FileExtent {
  readonly rows: number;
  readonly debtors: number;
  readonly sellers: readonly string[];
  /** Invoices were issued in the month before this day and fall due in the second month after it. */
  readonly today: CivilDate;
}

const rowsAtOnce = 500;
const headers =
  'Vendeur;Client;SIREN client;E-mail;Facture;Date facture;Échéance;Montant TTC;Devise;Mode de règlement';

/**
 * A CSV of invoices as a French spreadsheet saves it: semicolons, Windows-1252, days first, commas in amounts.
 *
 * The same extent gives the same bytes. It is made while it is read, so its size costs its maker nothing. Every invoice
 * is open and falls due in three to seven weeks, so each needs a workflow and none has anything to do today.
 */
export function* invoiceFile({ rows, debtors, sellers, today }: FileExtent): Generator<Buffer> {
  yield bytesOf(headers);
  for (let from = 0; from < rows; from += rowsAtOnce) {
    const lines = Array.from({ length: Math.min(rowsAtOnce, rows - from) }, (_, offset) => {
      const index = from + offset;
      const debtor = (index * 7_919) % debtors;
      return [
        sellers[debtor % sellers.length] ?? '',
        `Établissements Lefèvre n° ${debtor + 1}`,
        sirenOf(debtor),
        `comptabilite@debiteur-${debtor + 1}.example`,
        `FA-${String(index + 1).padStart(6, '0')}`,
        french(addDays(today, -((index * 31) % 28) - 1)),
        french(addDays(today, 21 + ((index * 17) % 28))),
        amountOf(5_000 + ((index * 104_729) % 950_000)),
        'EUR',
        'Virement',
      ].join(';');
    });
    yield bytesOf(lines.join('\r\n'));
  }
}

/** A request whose body is this file, sent while it is made; fetch wants to be told that it need not hear meanwhile. */
export function streamed(file: Iterable<Buffer>): { readonly body: ReadableStream; readonly duplex: 'half' } {
  return { body: Readable.toWeb(Readable.from(file)) as ReadableStream, duplex: 'half' };
}

function bytesOf(text: string): Buffer {
  return Buffer.from(`${text}\r\n`, 'latin1');
}

function french(day: CivilDate): string {
  return day.split('-').reverse().join('/');
}

/** `1 234,56`. */
function amountOf(cents: number): string {
  const [whole = '', part = ''] = (cents / 100).toFixed(2).split('.');
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ' ')},${part}`;
}

/** Nine digits with a right check digit, another for each debtor. */
function sirenOf(debtor: number): string {
  const digits = String(31_000_000 + debtor);
  const sum = [...digits].reduce((total, digit, place) => {
    const weighted = Number(digit) * (place % 2 === 0 ? 1 : 2);
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
