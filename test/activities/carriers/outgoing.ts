import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Outgoing } from '../../../activities/carriers/carrier.ts';
import type { Hearsay } from '../../../activities/carriers/hearsay.ts';
import { uuidv7 } from '../../../db/uuid.ts';

/** A mail to a debtor, of whatever the test says. */
export function mailTo(recipient: string, more: Partial<Outgoing> = {}): Outgoing {
  return {
    messageId: uuidv7(),
    channel: 'email',
    recipient,
    from: { name: 'Service comptable', replyTo: 'compta@martin.example' },
    subject: 'Facture F-0001',
    html: '<p>Bonjour</p>',
    text: 'Bonjour',
    inline: [],
    attached: [],
    ...more,
  };
}

export function textTo(recipient: string, text = 'Facture F-0001 : 1 200,00 EUR a regler.'): Outgoing {
  return { ...mailTo(recipient), channel: 'sms', subject: null, html: null, text };
}

/** Nobody has told us anything. */
export const nobodySays: Hearsay = {
  evidenceOf: () => Promise.resolve({ kind: 'silent' }),
  sought: () => Promise.resolve(undefined),
};

/** A signal that never ends a call: what comes in time needs no time-out. */
export const patient = (): AbortSignal => new AbortController().signal;

/** A port of this machine at which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
