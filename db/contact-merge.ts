import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { ContactTable } from './schema.ts';

/** Whom to write to, as a file or a caller names him. */
export interface IncomingContact {
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly mobile?: string;
  readonly addressLines?: readonly string[];
  readonly postcode?: string;
  readonly city?: string;
}

/** A thing that is known otherwise than it was said: it stays as it is, and a person is told. */
export interface Difference {
  readonly field: string;
  readonly from: string | null;
  readonly to: string;
}

export type ContactRow = Selectable<ContactTable>;

type Fillable = Pick<ContactRow, 'name' | 'email' | 'mobile' | 'phone' | 'address'>;

export type Merged =
  | { readonly kind: 'new'; readonly row: Omit<ContactRow, 'id' | 'debtor_id' | 'created_at'> }
  | {
      readonly kind: 'known';
      readonly row: ContactRow;
      readonly set: Partial<Fillable>;
      readonly filled: readonly Difference[];
      readonly differing: readonly Difference[];
    };

/**
 * Which contact of a debtor is meant, and what is learnt about it; null when nothing is said.
 *
 * The same mail address is the same contact. Somebody without one is the contact of that name, or the only one there
 * is. What is known already stays: an export is often older than what a collector has learnt by telephone.
 */
export function mergeContact(known: readonly ContactRow[], incoming: IncomingContact): Merged | null {
  const said = saidOf(incoming);
  if (!said.name && !said.email && !said.mobile && !said.phone && said.address.length === 0) return null;
  const row = meant(known, said);
  if (!row) {
    const clear = {
      email_invalid: null,
      mobile_invalid: null,
      phone_invalid: null,
      address_invalid: null,
      opted_out_at: null,
      erased_at: null,
      noted_salt: randomUUID(),
    };
    return { kind: 'new', row: { ...said, ...clear, role: 'billing', language: null } };
  }
  const set: Partial<Fillable> = {};
  const filled: Difference[] = [];
  const differing: Difference[] = [];
  for (const column of ['name', 'email', 'mobile', 'phone'] as const) {
    const [from, to] = [row[column], said[column]];
    if (to === null || from === to || from?.toLowerCase() === to.toLowerCase()) continue;
    if (from === null) set[column] = to;
    (from === null ? filled : differing).push({ field: `contact.${column}`, from, to });
  }
  if (said.address.length > 0 && row.address.join('\n') !== said.address.join('\n')) {
    const difference = {
      field: 'contact.address',
      from: row.address.join(', ') || null,
      to: said.address.join(', '),
    };
    if (row.address.length === 0) set.address = said.address;
    (row.address.length === 0 ? filled : differing).push(difference);
  }
  return { kind: 'known', row, set, filled, differing };
}

function saidOf(incoming: IncomingContact): Fillable {
  const place = [incoming.postcode, incoming.city].filter(Boolean).join(' ');
  return {
    name: incoming.name ?? null,
    email: incoming.email ?? null,
    mobile: incoming.mobile ?? null,
    phone: incoming.phone ?? null,
    address: [...(incoming.addressLines ?? []), ...(place === '' ? [] : [place])],
  };
}

function meant(known: readonly ContactRow[], said: Fillable): ContactRow | undefined {
  const sameName = (row: ContactRow): boolean =>
    said.name !== null && row.name?.toLowerCase() === said.name.toLowerCase();
  const email = said.email?.toLowerCase();
  if (email !== undefined) {
    const sameEmail = known.find((row) => row.email?.toLowerCase() === email);
    return (
      sameEmail ??
      known.find((row) => row.email === null && (row.name === null || said.name === null || sameName(row)))
    );
  }
  if (said.name === null) return known.find((row) => row.role === 'billing') ?? known[0];
  return known.find(sameName) ?? known.find((row) => row.name === null);
}
