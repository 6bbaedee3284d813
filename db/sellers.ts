import type { Instant } from '../domain/time.ts';
import { creditorNoted } from './audit/terms-noted.ts';
import type { Db, Tx } from './database.ts';
import { note } from './journal.ts';
import type { CreditorTable } from './schema.ts';
import type { Selectable } from 'kysely';
import { uuidv7 } from './uuid.ts';

export type CreditorRow = Selectable<CreditorTable>;

/** How a file names the seller of an invoice; all absent when it names none. */
export interface Seller {
  readonly name?: string;
  readonly siren?: string;
  readonly vat?: string;
}

/**
 * The creditors of this house, as files know them: by VAT number, by SIREN, else by name.
 *
 * A French VAT number holds the SIREN, so either finds a creditor who is known by the other, and what a file says of
 * his registration is kept: two creditors for one seller would be two invoices, and two letters, for one debt.
 * A seller whom nobody knows becomes a creditor to complete, which sends nothing until a person has given him an
 * address, an IBAN and a sender. Read once per transaction: there are few. `finds`: for a caller who makes and changes no
 * creditors.
 */
export class Sellers {
  readonly #tx: Tx;
  readonly #now: Instant;
  readonly #known: CreditorRow[];
  readonly #fallback: string | null;
  readonly #onlyFinds: boolean;

  private constructor(
    tx: Tx,
    now: Instant,
    known: CreditorRow[],
    fallback: string | null,
    onlyFinds: boolean,
  ) {
    this.#tx = tx;
    this.#now = now;
    this.#known = known;
    this.#fallback = fallback;
    this.#onlyFinds = onlyFinds;
  }

  /** `fallback` is the creditor of invoices that name no seller. */
  static async of(
    tx: Tx,
    now: Instant,
    fallback: string | null,
    how: 'makes' | 'finds' = 'makes',
  ): Promise<Sellers> {
    const known = await tx.selectFrom('creditor').selectAll().orderBy('id').execute();
    return new Sellers(tx, now, known, fallback, how === 'finds');
  }

  /** The creditor of that seller, made if need be; throws SellerUnknown where none is to be made. */
  async find(seller: Seller): Promise<CreditorRow> {
    if (!seller.vat && !seller.siren && !seller.name) return this.#unnamed();
    const known = this.#match(seller);
    if (!known) return this.#make(this.#freeKey(seller), seller);
    if (!this.#onlyFinds) await this.#learn(known, seller);
    return known;
  }

  /** Each of these with its creditor, found or made in their order. */
  async casesOf<Arrival extends { readonly seller: Seller }>(
    arrivals: readonly Arrival[],
  ): Promise<readonly { readonly arrival: Arrival; readonly creditor: CreditorRow }[]> {
    const cases: { arrival: Arrival; creditor: CreditorRow }[] = [];
    for (const arrival of arrivals) cases.push({ arrival, creditor: await this.find(arrival.seller) });
    return cases;
  }

  #match(seller: Seller): CreditorRow | undefined {
    const { vat, name } = seller;
    const key = keyOf(seller);
    const siren = sirenOf(seller);
    const fits = (row: CreditorRow): boolean =>
      !contradicts(sirenOf(rowAsSeller(row)), siren) && !contradicts(row.vat_number ?? undefined, vat);
    return (
      // Members of a VAT group share its number: their own SIREN tells them apart.
      this.#known.find(
        (row) =>
          vat !== undefined && row.vat_number === vat && !contradicts(row.siren ?? undefined, seller.siren),
      ) ??
      this.#known.find((row) => siren !== undefined && sirenOf(rowAsSeller(row)) === siren) ??
      this.#known.find((row) => row.key === key && !contradicts(row.siren ?? undefined, seller.siren)) ??
      this.#known.find(
        (row) =>
          name !== undefined &&
          [row.legal_name ?? '', row.key].map(foldedName).includes(foldedName(name)) &&
          fits(row),
      )
    );
  }

  /** His strongest key that nobody has: the VAT number of a group may be taken by another member. */
  #freeKey(seller: Seller): string {
    const isFree = (key: string | undefined): key is string =>
      key !== undefined && !this.#known.some((row) => row.key === key);
    return [seller.vat, seller.siren, seller.name].find(isFree) ?? keyOf(seller);
  }

  /** Keeps what was not known of his registration, for files that give nothing else. */
  async #learn(row: CreditorRow, seller: Seller): Promise<void> {
    const learnt = {
      ...(row.siren === null && seller.siren !== undefined && { siren: seller.siren }),
      ...(row.vat_number === null && seller.vat !== undefined && { vat_number: seller.vat }),
    };
    if (Object.keys(learnt).length === 0) return;
    const written = await this.#tx
      .updateTable('creditor')
      .set(({ fn, val }) => ({
        siren: fn.coalesce('siren', val(seller.siren ?? null)),
        vat_number: fn.coalesce('vat_number', val(seller.vat ?? null)),
      }))
      .where('id', '=', row.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    const body = { fields: Object.keys(learnt), noted: creditorNoted(written) };
    await note(this.#tx, `creditor/${row.id}`, 'creditorChanged', this.#now, body);
    Object.assign(row, learnt);
  }

  /** One real creditor is meant when none is named; demonstration creditors never are. */
  async #unnamed(): Promise<CreditorRow> {
    const real = this.#known.filter((row) => !row.demonstration);
    const meant =
      this.#known.find((row) => row.id === this.#fallback) ?? (real.length === 1 ? real[0] : undefined);
    return meant ?? this.#known.find((row) => row.key === unnamedKey) ?? this.#make(unnamedKey, {});
  }

  async #make(key: string, seller: Seller): Promise<CreditorRow> {
    if (this.#onlyFinds) throw new SellerUnknown();
    const values = {
      id: uuidv7(),
      key,
      legal_name: seller.name ?? null,
      siren: seller.siren ?? null,
      vat_number: seller.vat ?? null,
      country: seller.vat ? countryOfVat(seller.vat) : 'FR',
      created_at: new Date(this.#now),
    };
    // Another transaction may be making the same one: we wait for it and take its row.
    const made = await this.#tx
      .insertInto('creditor')
      .values(values)
      .onConflict((clash) => clash.column('key').doNothing())
      .returningAll()
      .executeTakeFirst();
    const row =
      made ??
      (await this.#tx.selectFrom('creditor').selectAll().where('key', '=', key).executeTakeFirstOrThrow());
    if (made)
      await note(this.#tx, `creditor/${row.id}`, 'creditorFound', this.#now, {
        creditorId: row.id,
        noted: creditorNoted(row),
      });
    this.#known.push(row);
    return row;
  }
}

/** Nobody here is the seller that is named, or nobody says who it is, and it is not for the caller to add him. */
export class SellerUnknown extends Error {
  constructor() {
    super('the seller is no creditor of this house');
    this.name = 'SellerUnknown';
  }
}

const unnamedKey = 'unnamed';

/** The key of a creditor: VAT number, else SIREN, else the name. */
function keyOf(seller: Seller): string {
  return seller.vat ?? seller.siren ?? seller.name ?? unnamedKey;
}

/** His own SIREN, or the one that his French VAT number holds. */
function sirenOf({ siren, vat }: Seller): string | undefined {
  return siren ?? (vat !== undefined && /^FR.{2}\d{9}$/.test(vat) ? vat.slice(4) : undefined);
}

function rowAsSeller({ siren, vat_number: vat }: CreditorRow): Seller {
  return { ...(siren !== null && { siren }), ...(vat !== null && { vat }) };
}

function contradicts(known: string | undefined, said: string | undefined): boolean {
  return known !== undefined && said !== undefined && known !== said;
}

/** A name as two files would write it alike; the legal form stays, because it can tell two companies apart. */
export function foldedName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The country whose VAT number it is: Greece writes EL, Northern Ireland XI. */
export function countryOfVat(vat: string): string {
  const prefix = vat.slice(0, 2).toUpperCase();
  return prefix === 'EL' ? 'GR' : prefix === 'XI' ? 'GB' : prefix;
}

/** The creditor with this id or key; undefined when it is not here. */
export async function creditorNamed(db: Db, idOrKey: string): Promise<CreditorRow | undefined> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(idOrKey);
  return db
    .selectFrom('creditor')
    .selectAll()
    .where(isId ? 'id' : 'key', '=', idOrKey)
    .executeTakeFirst();
}
