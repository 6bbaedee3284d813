import type { Reach } from './debtor.ts';
import type { Channel } from './message.ts';

/** A person or desk at the debtor, with the addresses that may be used. */
export interface Contact {
  readonly contactId: string;
  readonly role: string;
  readonly language: 'fr' | 'en' | null;
  readonly email: string | null;
  readonly mobile: string | null;
  readonly phone: string | null;
  readonly addressLines: readonly string[];
  /** Ways whose address is known not to work. */
  readonly invalid: readonly Reach[];
  /** Asked not to be written to any more: mail and text messages stop, letters and calls remain. */
  readonly optedOut: boolean;
}

/** Which kind of address a channel needs; an internal step needs none. */
export function reachOf(channel: Exclude<Channel, 'internal'>): Reach {
  return channel === 'registered_letter' ? 'letter' : channel;
}

/** The address by which the contact may be reached that way, or null. */
export function addressFor(contact: Contact, reach: Reach): string | null {
  if (contact.invalid.includes(reach)) return null;
  switch (reach) {
    case 'email':
      return contact.optedOut ? null : contact.email;
    case 'sms':
      return contact.optedOut ? null : contact.mobile;
    case 'call':
      return contact.phone ?? contact.mobile;
    case 'letter':
      return contact.addressLines.length > 0 ? contact.addressLines.join('\n') : null;
  }
}

/** The contact to write to: the asked role first, then billing, then whoever can be reached that way. */
export function contactFor(contacts: readonly Contact[], reach: Reach, role: string): Contact | undefined {
  const reachable = contacts.filter((contact) => addressFor(contact, reach) !== null);
  return (
    reachable.find((contact) => contact.role === role) ??
    reachable.find((contact) => contact.role === 'billing') ??
    reachable[0]
  );
}

/** How many valid addresses there are for each way: what a decision reads of the contacts. */
export function reachAmong(contacts: readonly Contact[]): Readonly<Record<Reach, number>> {
  const count = (reach: Reach): number =>
    contacts.filter((contact) => addressFor(contact, reach) !== null).length;
  return { email: count('email'), sms: count('sms'), call: count('call'), letter: count('letter') };
}
