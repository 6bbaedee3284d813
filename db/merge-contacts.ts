import type { Tx } from './database.ts';
import type { ContactRow } from './contact-merge.ts';

/** A mark that a contact got because its twin at the other debtor had it. */
export interface Mark {
  readonly contactId: string;
  readonly column: (typeof marks)[number]['mark'];
  /** As text, an instant in ISO 8601. */
  readonly value: string;
}

const marks = [
  { mark: 'email_invalid', of: ['email'] },
  { mark: 'mobile_invalid', of: ['mobile'] },
  { mark: 'phone_invalid', of: ['phone'] },
  { mark: 'opted_out_at', of: ['email', 'mobile'] },
] as const;

/**
 * What is known against an address of the one is known against the same address of the other.
 *
 * Two companies that are one have the same people: whoever asked for no more mails must not get them because he stands there
 * twice. The contacts themselves stay as they are, both of them.
 */
export function marksBetween(contacts: readonly ContactRow[]): readonly Mark[] {
  return contacts.flatMap((contact) =>
    marks.flatMap(({ mark, of }) => {
      if (contact[mark] !== null) return [];
      const twin = contacts.find(
        (other) => other[mark] !== null && of.some((way) => isSame(contact[way], other[way])),
      );
      const value = twin?.[mark];
      if (value === null || value === undefined) return [];
      const text = typeof value === 'number' ? new Date(value).toISOString() : value;
      return { contactId: contact.id, column: mark, value: text };
    }),
  );
}

/** Writes the marks, or takes them off where they still are what was written. */
export async function setMarks(tx: Tx, given: readonly Mark[], sets: boolean): Promise<void> {
  for (const { contactId, column, value } of given) {
    const stored = column === 'opted_out_at' ? new Date(value) : value;
    await tx
      .updateTable('contact')
      .set({ [column]: sets ? stored : null })
      .where('id', '=', contactId)
      .$if(!sets, (query) => query.where(column, '=', stored as never))
      .execute();
  }
}

/** As people write addresses and numbers: capitals, blanks and points say nothing. */
function isSame(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return false;
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[\s().-]/g, '');
  const folded = (text: string): string => (text.includes('@') ? text.trim().toLowerCase() : plain(text));
  return folded(one) === folded(other);
}
