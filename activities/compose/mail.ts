/**
 * The bytes of a mail to a debtor, from its figures.
 *
 * Same figures, same bytes. The QR code travels inside the mail as a related part: many readers block pictures that are
 * written into the HTML, and all block those that would have to be fetched.
 */
import type { MessageFigures } from '../../domain/message.ts';
import { qrPng } from './epc-qr.ts';
import { mailHtml } from './mail-html.ts';
import { mailText } from './mail-text.ts';
import { viewOf } from './message-view.ts';
import type { MessageTemplate } from './templates/template.ts';

/** A picture that the HTML names by `cid:`. */
export interface InlinePicture {
  readonly cid: string;
  readonly filename: string;
  readonly contentType: 'image/png';
  readonly bytes: Buffer;
}

export interface ComposedMail {
  /** One line, at most 200 characters, safe in a header. */
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly inline: readonly InlinePicture[];
}

const qrCid = 'transfer-code@message';

/**
 * The mail for these figures, with the shipped words of `figures.template` or those given.
 *
 * Throws when the figures contradict each other, or the template names something unknown.
 */
export async function composeMail(
  figures: MessageFigures,
  template?: MessageTemplate,
): Promise<ComposedMail> {
  const view = viewOf(figures, template);
  const inline: InlinePicture[] = view.qr
    ? [{ cid: qrCid, filename: 'virement.png', contentType: 'image/png', bytes: qrPng(view.qr.payload) }]
    : [];
  return { subject: view.subject, html: mailHtml(view, qrCid), text: mailText(view), inline };
}

/** The HTML with its pictures written into it, for a page that shows the mail as it looks. */
export function htmlWithPictures(mail: Pick<ComposedMail, 'html' | 'inline'>): string {
  return mail.inline.reduce(
    (html, { cid, contentType, bytes }) =>
      html.replaceAll(`cid:${cid}`, `data:${contentType};base64,${bytes.toString('base64')}`),
    mail.html,
  );
}
