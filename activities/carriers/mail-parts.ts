import type { Outgoing } from './carrier.ts';

/** The header by which people and our own bounces find the message again; opaque, as the id is. */
export const messageHeader = 'X-Relance-Message';

/** What a mail says of itself, whoever carries it. */
export interface MailParts {
  readonly fromName: string;
  readonly to: string;
  readonly replyTo: string | null;
  readonly subject: string;
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What stands in the head of a mail, without anything that could begin a line of its own.
 *
 * Names and subjects come from people and files: a line break in one would let it write headers of its own, to other
 * recipients for one. The libraries encode what they get; this does not rely on it. Null when the recipient is no plain
 * address: a list or a comment in it could reach somebody else.
 */
export function mailParts(message: Outgoing, from: string): MailParts | null {
  const to = message.recipient.trim();
  if (!isPlainAddress(to)) return null;
  const replyTo = message.from.replyTo.trim();
  return {
    fromName: oneLine(message.from.name),
    to,
    replyTo: isPlainAddress(replyTo) ? replyTo : null,
    // A specimen of a text message has none, and no provider takes a mail without.
    subject: oneLine(message.subject ?? '') || oneLine(message.text).slice(0, 70) || 'Relance',
    messageId: `<${message.messageId}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    headers: { [messageHeader]: message.messageId },
  };
}

/** The text in one line: whatever could end it becomes a blank. */
export function oneLine(text: string): string {
  return text
    .replaceAll(/[\u0000-\u001f\u007f\u0085\u2028\u2029][\u0000-\u0020\u007f\u0085\u2028\u2029]*/g, ' ')
    .trim();
}

/** One address and nothing else: no name, list, comment or blank. */
function isPlainAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s@<>()[\]\\,;:"\p{Cc}]+@[^\s@<>()[\]\\,;:"\p{Cc}]+$/u.test(text);
}
