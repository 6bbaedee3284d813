/**
 * What a creditor must have said about itself before anything leaves in its name.
 *
 * A message without a legal name, a way to pay or an address for answers does harm, so the door keeps everything of an
 * incomplete creditor, and the API says what is missing. A French company also gives its SIREN, which its papers must
 * show; elsewhere numbers differ and none is asked for.
 */
export interface CreditorSays {
  readonly legal_name: string | null;
  readonly siren: string | null;
  readonly address: readonly string[];
  readonly country: string;
  readonly iban: string | null;
  readonly sender_name: string | null;
  readonly reply_to: string | null;
}

export const creditorNeeds = ['legalName', 'siren', 'address', 'iban', 'senderName', 'replyTo'] as const;

/** A field as the API names it. */
export type CreditorNeed = (typeof creditorNeeds)[number];

/** The fields that keep the creditor from sending, in the order in which a form would ask; empty when it may send. */
export function missingOf(creditor: CreditorSays): readonly CreditorNeed[] {
  const given: Readonly<Record<CreditorNeed, boolean>> = {
    legalName: isGiven(creditor.legal_name),
    siren: creditor.country !== 'FR' || isGiven(creditor.siren),
    address: creditor.address.some(isGiven),
    iban: isGiven(creditor.iban),
    senderName: isGiven(creditor.sender_name),
    replyTo: isGiven(creditor.reply_to),
  };
  return creditorNeeds.filter((need) => !given[need]);
}

function isGiven(text: string | null): boolean {
  return text !== null && text.trim() !== '';
}
