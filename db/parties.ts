import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { DebtorKind } from '../domain/debtor.ts';
import type { Instant } from '../domain/time.ts';
import { debtorsNoted } from './audit/debtors-noted.ts';
import { zoneOf } from './calendars.ts';
import type { Tx } from './database.ts';
import { erasedWith } from './erasure/erased-marks.ts';
import type { ErasedMarks } from './erasure/erased-marks.ts';
import { lockDebtors } from './desk.ts';
import { mergeContact } from './contact-merge.ts';
import type { ContactRow, IncomingContact, Difference } from './contact-merge.ts';
import { grouped } from './grouped.ts';
import { noteAll } from './journal.ts';
import type { DebtorTable } from './schema.ts';
import { countryOfVat, foldedName } from './sellers.ts';
import type { CreditorRow } from './sellers.ts';
import { uuidv7 } from './uuid.ts';

/** Who owes an invoice, as a file or a caller names him. */
export interface IncomingDebtor {
  readonly reference?: string;
  readonly name: string;
  readonly siren?: string;
  readonly vat?: string;
  readonly kind?: DebtorKind;
  readonly country?: string;
  readonly language?: string;
  /** The payer's grade, A the best, where it is known on arrival. */
  readonly grade?: string;
}

export interface Claim {
  readonly creditor: CreditorRow;
  readonly debtor: IncomingDebtor;
  readonly contact: IncomingContact;
}

/** What each of these says of its debtor, to its creditor. */
export function claimsOf(
  cases: readonly {
    readonly arrival: { readonly debtor: IncomingDebtor; readonly contact: IncomingContact };
    readonly creditor: CreditorRow;
  }[],
): readonly Claim[] {
  return cases.map(({ arrival: { debtor, contact }, creditor }) => ({ creditor, debtor, contact }));
}

export interface Found {
  readonly debtorId: string;
  readonly isNew: boolean;
  /** What was empty and is filled now, and what silences him. */
  readonly filled: readonly Difference[];
  /** What is known otherwise and was left. */
  readonly differing: readonly Difference[];
}

/** A contact was named whom somebody erased with that debtor: nothing of him is taken, and nothing is repeated here. */
export const erasedContact: Difference = { field: 'contact', from: 'erased', to: '' };

type DebtorRow = Selectable<DebtorTable>;

/** Whoever is one of these is not chased at all. */
const unchased: readonly DebtorKind[] = ['consumer', 'internal'];

/**
 * Finds the debtors of many invoices, or makes them, without asking the database once per invoice.
 *
 * A debtor is known by his VAT number, his SIREN, a seller's own reference for him, and last by his name with that
 * seller; the first that fits wins, unless his registration says that it is another company. What is said of a known
 * debtor fills what was empty; it never overwrites, but for one thing: whoever is said to be a consumer or one of us is
 * taken for it at once, because the mistake of chasing him is worse than that of waiting (C14).
 */
export class Parties {
  readonly #tx: Tx;
  readonly #now: Instant;
  readonly #debtors = new Map<string, DebtorRow>();
  readonly #byKey = new Map<string, string>();
  readonly #keysOf = new Map<string, Set<string>>();
  readonly #contacts = new Map<string, ContactRow[]>();
  readonly #newDebtors: DebtorRow[] = [];
  readonly #newKeys: { key: string; debtor_id: string }[] = [];
  readonly #newContacts: ContactRow[] = [];
  readonly #changedDebtors = new Map<string, Set<string>>();
  readonly #changedContacts = new Map<ContactRow, Set<string>>();
  #wasErased: ErasedMarks = () => false;

  private constructor(tx: Tx, now: Instant) {
    this.#tx = tx;
    this.#now = now;
  }

  /** Locks the known debtors that these claims may be about, and `others`, in id order, then reads them. */
  static async lock(
    tx: Tx,
    now: Instant,
    claims: readonly Claim[],
    others: readonly string[],
  ): Promise<Parties> {
    const parties = new Parties(tx, now);
    const wanted = [...new Set(claims.flatMap(({ creditor, debtor }) => keysFor(creditor, debtor)))];
    const hits =
      wanted.length === 0
        ? []
        : await tx
            .selectFrom('debtor_key')
            .select('debtor_id')
            .distinct()
            .where('key', 'in', wanted)
            .execute();
    await parties.#read([...new Set([...hits.map((row) => row.debtor_id), ...others])]);
    parties.#wasErased = await erasedWith(tx, parties.locked());
    return parties;
  }

  /** All whom it holds. */
  locked(): readonly string[] {
    return [...this.#debtors.keys()];
  }

  /** Whom a claim is about, if he is known here; nothing is said of him by asking. */
  whoIs({ creditor, debtor }: Claim): string | undefined {
    return this.#match(creditor, debtor)?.id;
  }

  /** The debtor of a claim; later claims find the one that an earlier claim has made. */
  find({ creditor, debtor, contact }: Claim): Found {
    const known = this.#match(creditor, debtor);
    const row = known ?? this.#make(creditor, debtor);
    for (const key of ownKeysOf(creditor, debtor)) this.#addKey(key, row.id);
    const said = known ? this.#fill(row, debtor) : { filled: [], differing: [] };
    const met = this.#meet(row.id, contact);
    return {
      debtorId: row.id,
      isNew: known === undefined,
      filled: [...said.filled, ...met.filled],
      differing: [...said.differing, ...met.differing],
    };
  }

  /** The same for an invoice that is known: undefined when the claim names another debtor than its own. */
  findKnown(claim: Claim, debtorId: string): Found | undefined {
    const row = this.row(debtorId);
    const named = this.#match(claim.creditor, claim.debtor);
    const contradicts =
      claim.debtor.siren !== undefined && row.siren !== null && claim.debtor.siren !== row.siren;
    if ((named && named.id !== debtorId) || contradicts) return undefined;
    const said = this.#fill(row, claim.debtor);
    const met = this.#meet(debtorId, claim.contact);
    return {
      debtorId,
      isNew: false,
      filled: [...said.filled, ...met.filled],
      differing: [...said.differing, ...met.differing],
    };
  }

  row(debtorId: string): DebtorRow {
    const row = this.#debtors.get(debtorId);
    if (!row) throw new Error(`debtor ${debtorId} was not looked for`);
    return row;
  }

  /** Known debtors of whom something was filled in: their open invoices may have to hear of it. */
  changed(): readonly string[] {
    const made = new Set(this.#newDebtors.map((row) => row.id));
    const touched = [
      ...this.#changedDebtors.keys(),
      ...[...this.#changedContacts.keys(), ...this.#newContacts].map((row) => row.debtor_id),
    ];
    return [...new Set(touched)].filter((id) => !made.has(id));
  }

  /** Writes what was made and filled, and says it in the journal. */
  async write(by: object): Promise<void> {
    await inChunks(this.#newDebtors, (rows) =>
      this.#tx.insertInto('debtor').values(rows.map(writable)).execute(),
    );
    await inChunks(this.#newKeys, (rows) =>
      this.#tx
        .insertInto('debtor_key')
        .values([...rows])
        .execute(),
    );
    await inChunks(this.#newContacts, (rows) =>
      this.#tx.insertInto('contact').values(rows.map(writableContact)).execute(),
    );
    for (const id of this.#changedDebtors.keys()) {
      const { siren, vat_number, reference, kind } = this.row(id);
      await this.#tx
        .updateTable('debtor')
        .set({ siren, vat_number, reference, kind })
        .where('id', '=', id)
        .execute();
    }
    for (const { id, name, email, mobile, phone, address } of this.#changedContacts.keys())
      await this.#tx
        .updateTable('contact')
        .set({ name, email, mobile, phone, address })
        .where('id', '=', id)
        .execute();
    await this.#note(by);
  }

  /** Says in the journal who came, and what was filled in of whom. */
  async #note(by: object): Promise<void> {
    const made = this.#newDebtors.map(({ id }) => id);
    const changed = this.changed();
    const contacts = [...this.#newContacts, ...this.#changedContacts.keys()];
    const noted = await debtorsNoted(this.#tx, {
      debtors: [...made, ...this.#changedDebtors.keys()],
      contacts: contacts.map(({ id }) => id),
    });
    await noteAll(this.#tx, this.#now, [
      ...made.map((id) => ({
        subject: `debtor/${id}`,
        type: 'debtorAdded',
        body: { ...noted.get(id), by },
      })),
      ...changed.map((id) => ({
        subject: `debtor/${id}`,
        type: 'debtorChanged',
        body: { fields: this.#fieldsOf(id), ...noted.get(id), by },
      })),
    ]);
  }

  #fieldsOf(debtorId: string): readonly string[] {
    const added = this.#newContacts.filter((row) => row.debtor_id === debtorId);
    const filled = [...this.#changedContacts].filter(([row]) => row.debtor_id === debtorId);
    return [
      ...(this.#changedDebtors.get(debtorId) ?? []),
      ...filled.flatMap(([{ id }, columns]) => [...columns].map((column) => `contact/${id}/${column}`)),
      ...added.map(({ id }) => `contact/${id}`),
    ];
  }

  async #read(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await lockDebtors(this.#tx, ids);
    for (const row of await this.#tx.selectFrom('debtor').selectAll().where('id', 'in', ids).execute())
      this.#debtors.set(row.id, row);
    for (const { key, debtor_id: id } of await this.#tx
      .selectFrom('debtor_key')
      .selectAll()
      .where('debtor_id', 'in', ids)
      .execute())
      this.#knowKey(key, id);
    const contacts = await this.#tx
      .selectFrom('contact')
      .selectAll()
      .where('debtor_id', 'in', ids)
      // Who was erased is nobody's contact any more: what a file says of a contact without a name is not about him.
      .where('erased_at', 'is', null)
      .orderBy('id')
      .execute();
    for (const [id, rows] of grouped(contacts, (row) => row.debtor_id)) this.#contacts.set(id, [...rows]);
  }

  #match(creditor: CreditorRow, debtor: IncomingDebtor): DebtorRow | undefined {
    for (const key of keysFor(creditor, debtor)) {
      const id = this.#byKey.get(key);
      const row = id === undefined ? undefined : this.#debtors.get(id);
      if (row && !this.#isAnother(row, creditor, debtor, key)) return row;
    }
    return undefined;
  }

  /** Members of a VAT group share a number, namesakes a name: what is registered tells them apart. */
  #isAnother(row: DebtorRow, creditor: CreditorRow, debtor: IncomingDebtor, key: string): boolean {
    if (debtor.siren && row.siren && debtor.siren !== row.siren) return true;
    const kind = kindOf(key);
    if (kind === 'reference' || kind === 'name') {
      if (debtor.vat && row.vat_number && debtor.vat !== row.vat_number && !debtor.siren) return true;
    }
    if (kind !== 'name' || !debtor.reference) return false;
    const prefix = `${space(creditor)}reference:${creditor.id}:`;
    return [...(this.#keysOf.get(row.id) ?? [])].some((own) => own.startsWith(prefix));
  }

  #make(creditor: CreditorRow, debtor: IncomingDebtor): DebtorRow {
    const country = debtor.country ?? (debtor.vat ? countryOfVat(debtor.vat) : creditor.country);
    const id = uuidv7();
    const row: DebtorRow = {
      id,
      // The key of a namesake is taken: his own id tells the two apart.
      key: ownKeysOf(creditor, debtor).find((key) => !this.#byKey.has(key)) ?? `id:${id}`,
      name: debtor.name,
      siren: debtor.siren ?? null,
      vat_number: debtor.vat ?? null,
      reference: debtor.reference ?? null,
      electronic_letters_since: null,
      deposit_required_since: null,
      guarantee: null,
      guarantee_until: null,
      penalty_rate_hundredths: null,
      penalty_rates_before: [],
      merged_into: null,
      noted_salt: randomUUID(),
      kind: debtor.kind ?? 'company',
      country,
      language: debtor.language ?? languageIn(country),
      zone: country === creditor.country ? creditor.zone : zoneIn(country),
      grade: debtor.grade ?? null,
      insolvent_on: null,
      demonstration: creditor.demonstration,
      look_at: null,
      swept_at: null,
      created_at: this.#now,
    };
    this.#debtors.set(id, row);
    this.#newDebtors.push(row);
    return row;
  }

  #fill(row: DebtorRow, debtor: IncomingDebtor): Pick<Found, 'filled' | 'differing'> {
    const filled: Difference[] = [];
    const differing: Difference[] = [];
    const identities = [
      ['siren', debtor.siren],
      ['vat_number', debtor.vat],
      ['reference', debtor.reference],
    ] as const;
    for (const [column, to] of identities) {
      if (to === undefined || row[column] === to) continue;
      const from = row[column];
      const field = `debtor.${column === 'vat_number' ? 'vat' : column}`;
      if (from !== null) {
        // Another seller has his own number for him.
        if (column !== 'reference') differing.push({ field, from, to });
        continue;
      }
      row[column] = to;
      filled.push({ field, from, to });
      this.#touch(row.id, column);
    }
    if (debtor.kind !== undefined && debtor.kind !== row.kind && unchased.includes(debtor.kind)) {
      filled.push({ field: 'debtor.kind', from: row.kind, to: debtor.kind });
      row.kind = debtor.kind;
      this.#touch(row.id, 'kind');
    }
    const others = [
      [
        'name',
        foldedName(debtor.name) === foldedName(row.name) || debtor.name === debtor.reference
          ? undefined
          : debtor.name,
      ],
      ['kind', debtor.kind],
      ['country', debtor.country],
      ['language', debtor.language],
    ] as const;
    for (const [column, to] of others)
      if (to !== undefined && row[column] !== to)
        differing.push({ field: `debtor.${column}`, from: row[column], to });
    return { filled, differing };
  }

  #touch(debtorId: string, column: string): void {
    this.#changedDebtors.set(debtorId, (this.#changedDebtors.get(debtorId) ?? new Set()).add(column));
  }

  #meet(debtorId: string, contact: IncomingContact): Pick<Found, 'filled' | 'differing'> {
    if (contact.email !== undefined && this.#wasErased(debtorId, contact.email))
      return { filled: [], differing: [erasedContact] };
    const known = this.#contacts.get(debtorId) ?? [];
    const merged = mergeContact(known, contact);
    if (!merged) return { filled: [], differing: [] };
    if (merged.kind === 'new') {
      const row: ContactRow = { ...merged.row, id: uuidv7(), debtor_id: debtorId, created_at: this.#now };
      this.#contacts.set(debtorId, [...known, row]);
      this.#newContacts.push(row);
      return {
        filled:
          known.length > 0 ? [{ field: 'contact', from: null, to: contact.email ?? contact.name ?? '' }] : [],
        differing: [],
      };
    }
    if (merged.filled.length > 0) {
      Object.assign(merged.row, merged.set);
      if (!this.#newContacts.includes(merged.row)) {
        const columns = [...(this.#changedContacts.get(merged.row) ?? []), ...Object.keys(merged.set)];
        this.#changedContacts.set(merged.row, new Set(columns));
      }
    }
    return merged;
  }

  #addKey(key: string, debtorId: string): void {
    if (this.#byKey.has(key)) return;
    this.#knowKey(key, debtorId);
    this.#newKeys.push({ key, debtor_id: debtorId });
  }

  #knowKey(key: string, debtorId: string): void {
    this.#byKey.set(key, debtorId);
    this.#keysOf.set(debtorId, (this.#keysOf.get(debtorId) ?? new Set()).add(key));
  }
}

/** Demonstration debtors are a world of their own: what is sent to them never leaves the house. */
function space(creditor: CreditorRow): string {
  return creditor.demonstration ? 'demonstration/' : '';
}

/** The keys that say who he is, strongest first. */
function ownKeysOf(
  creditor: CreditorRow,
  { vat, siren, reference, name }: IncomingDebtor,
): readonly string[] {
  const keys = [
    vat && `vat:${vat}`,
    siren && `siren:${siren}`,
    reference && `reference:${creditor.id}:${reference}`,
    `name:${creditor.id}:${foldedName(name)}`,
  ];
  return keys.filter((key) => key !== undefined && key !== '').map((key) => `${space(creditor)}${key}`);
}

/** The keys by which he may be known, strongest first: a French VAT number holds the SIREN, and the other way round. */
function keysFor(creditor: CreditorRow, debtor: IncomingDebtor): readonly string[] {
  const own = ownKeysOf(creditor, debtor);
  const derived: string[] = [];
  if (debtor.vat?.startsWith('FR') && !debtor.siren)
    derived.push(`${space(creditor)}siren:${debtor.vat.slice(4)}`);
  if (debtor.siren && !debtor.vat)
    derived.push(
      `${space(creditor)}vat:FR${String((12 + 3 * (Number(debtor.siren) % 97)) % 97).padStart(2, '0')}${debtor.siren}`,
    );
  const strong = own.filter((key) => ['vat', 'siren'].includes(kindOf(key)));
  return [...strong, ...derived, ...own.filter((key) => !strong.includes(key))];
}

function kindOf(key: string): string {
  return key.replace(/^demonstration\//, '').split(':', 1)[0] ?? '';
}

/** Where business is done in French; elsewhere a debtor of whom nothing is said is written to in English. */
const frenchSpeaking: ReadonlySet<string> = new Set(
  'FR MC BE LU GP MQ GF RE YT PM BL MF WF PF NC TF SN CI MA TN DZ CM GA CG CD ML BF BJ TG NE TD CF GN MG HT DJ KM'.split(
    ' ',
  ),
);

function languageIn(country: string): 'fr' | 'en' {
  return frenchSpeaking.has(country) ? 'fr' : 'en';
}

const zones = new Map<string, string>();

/** The table of zones is slow to open, and thousands of rows ask for the same few countries. */
function zoneIn(country: string): string {
  const zone = zones.get(country) ?? zoneOf(country);
  zones.set(country, zone);
  return zone;
}

function writable(row: DebtorRow) {
  const { look_at: _look, swept_at: _swept, ...columns } = row;
  const penalty_rates_before = JSON.stringify(row.penalty_rates_before);
  return { ...columns, penalty_rates_before, created_at: new Date(row.created_at) };
}

function writableContact({ opted_out_at: _none, erased_at: _never, ...row }: ContactRow) {
  return { ...row, created_at: new Date(row.created_at) };
}

async function inChunks<Row>(
  rows: readonly Row[],
  write: (rows: readonly Row[]) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < rows.length; from += 1000) await write(rows.slice(from, from + 1000));
}
