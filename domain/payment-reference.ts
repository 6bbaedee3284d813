/**
 * The reference that a debtor puts on his transfer, as ISO 11649 writes it: `RF`, two check digits, the seed.
 *
 * Banks carry it unchanged and refuse a mistyped one, so whoever reads the statement of account sees who has paid. It
 * stands on every message and inside the QR code.
 */
const seedPattern = /^[A-Z0-9]{1,21}$/;

/**
 * The creditor reference of a seed: 1 to 21 letters and digits, case and separators ignored.
 *
 * Throws a RangeError when nothing usable, or more than 21 characters, remain.
 */
export function creditorReference(seed: string): string {
  const body = seed.toUpperCase().replace(/[\s._/-]/g, '');
  if (!seedPattern.test(body)) {
    throw new RangeError(
      `The seed of a payment reference is 1 to 21 letters or digits, without accents: got "${seed}".`,
    );
  }
  const checkDigits = 98 - remainderBy97(`${body}RF00`);
  return `RF${String(checkDigits).padStart(2, '0')}${body}`;
}

/** Whether a text, with or without spaces, is a valid ISO 11649 reference. */
export function isCreditorReference(text: string): boolean {
  const compact = text.toUpperCase().replace(/\s/g, '');
  return (
    /^RF\d{2}[A-Z0-9]{1,21}$/.test(compact) && remainderBy97(compact.slice(4) + compact.slice(0, 4)) === 1
  );
}

/** ISO 7064 mod 97: letters count as 10 to 35, and the number is divided digit by digit. */
function remainderBy97(text: string): number {
  let remainder = 0;
  for (const character of text) {
    for (const digit of String(parseInt(character, 36))) remainder = (remainder * 10 + Number(digit)) % 97;
  }
  return remainder;
}
