/**
 * The words of one message, which people may edit: everything else on it is layout.
 *
 * `body` stands before the statement of invoices and `after` behind the means of payment; paragraphs are separated by
 * blank lines. Words never claim what the figures do not hold, such as an earlier reminder or a deadline.
 */
import type { DebtorTemplateKey, InternalTemplateKey, Language } from '../../../domain/message.ts';
import type { Level } from '../../../domain/level.ts';

export interface MessageTemplate {
  readonly subject: string;
  /** `warm` greets by name when there is one; `formal` never does. */
  readonly greeting: 'warm' | 'formal';
  readonly body: string;
  readonly after: string;
  /** The formula before the signature in a mail; letters have the full one. */
  readonly closing: string;
}

/** A template as we ship it: the highest level at which its words may be used, and its text in each language. */
export type ShippedTemplate = { readonly level: Level } & Readonly<Record<Language, MessageTemplate>>;

/** A family of shipped templates, so that a missing key is a type error. */
export type TemplatesOf<Key extends DebtorTemplateKey | InternalTemplateKey> = Readonly<
  Record<Key, ShippedTemplate>
>;
