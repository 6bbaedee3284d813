import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** One mail as the provider took it over. */
export interface Taken {
  readonly messageId: string;
  /** Machine time at which its last byte had come. */
  readonly at: number;
}

/** A provider of mails on this machine, and what he has taken over. */
export interface MailProvider {
  readonly taken: readonly Taken[];
  /** What our processes need to know to send through him. */
  readonly settings: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Starts somebody who takes mails as SendGrid does: HTTP, one call a mail, 202. His ledger says what has left, and when.
 *
 * He agrees to so many mails per second; `folder` gets the file that tells our processes of his account.
 */
export async function startMailProvider(folder: string, perSecond: number): Promise<MailProvider> {
  const taken: Taken[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const mail = JSON.parse(body) as { personalizations: [{ custom_args: { relance_message: string } }] };
      taken.push({ messageId: mail.personalizations[0].custom_args.relance_message, at: Date.now() });
      response.writeHead(202, { 'x-message-id': `taken-${taken.length}` }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const account = {
    kind: 'sendgrid',
    apiKey: 'SG.bench',
    from: 'compta@martin.example',
    perSecond,
    baseUrl: `http://127.0.0.1:${port}`,
  };
  const file = join(folder, 'channels.json');
  writeFileSync(file, JSON.stringify({ accounts: { provider: account }, defaultMail: 'provider' }), {
    mode: 0o600,
  });
  return {
    taken,
    settings: { CHANNELS_FILE: file },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
