import { contentDigest } from '../../db/audit/message-proof.ts';
import type { MessageFigures } from '../../domain/message.ts';
import { composeCallScript } from '../compose/call-script.ts';
import { composeLetter } from '../compose/letter.ts';
import { composeMail } from '../compose/mail.ts';
import type { InlinePicture } from '../compose/mail.ts';
import { composeSms } from '../compose/sms.ts';

/** The bytes of a message, whatever its channel, and their fingerprint: the proof of what was said. */
export interface Composed {
  readonly subject: string | null;
  readonly html: string | null;
  readonly text: string | null;
  readonly inline: readonly InlinePicture[];
  readonly pdf: Buffer | null;
  readonly sha256: string;
}

/** Composes the message for these figures; the same figures give the same bytes. Throws when the figures contradict each other. */
export async function composeMessage(figures: MessageFigures): Promise<Composed> {
  switch (figures.channel) {
    case 'email': {
      const { subject, html, text, inline } = await composeMail(figures);
      return composed({ subject, html, text, inline });
    }
    case 'sms':
      return composed({ text: composeSms(figures) });
    case 'call':
    case 'internal':
      return composed({ text: composeCallScript(figures) });
    case 'letter':
    case 'registered_letter': {
      const pdf = await composeLetter(figures);
      return composed({ pdf });
    }
  }
}

/** Puts the parts together with the hash over all of them. */
export function composed(parts: Partial<Omit<Composed, 'sha256'>>): Composed {
  const { subject = null, html = null, text = null, inline = [], pdf = null } = parts;
  const content = { subject, html, text, inline, pdf };
  return { ...content, sha256: contentDigest(content) };
}
