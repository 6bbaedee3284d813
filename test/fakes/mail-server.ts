import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerSession } from 'smtp-server';
import { selfSigned } from './certificate.ts';

/** Where in a session the server does something else than to go on. */
export type Stage = 'login' | 'sender' | 'recipient' | 'text';

export type MailBehaviour =
  | { readonly do: 'accept' }
  | { readonly do: 'answer'; readonly at: Stage; readonly code: number; readonly words: string }
  /** Cuts the line; at `text` after the whole mail, which it has taken over or not. */
  | { readonly do: 'drop'; readonly at: Stage; readonly took?: boolean }
  | { readonly do: 'hang'; readonly at: Stage; readonly took?: boolean };

export interface ReceivedMail {
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly raw: string;
  /** Whether it came over TLS. */
  readonly secure: boolean;
  /** As a mail programme reads it. */
  readonly mail: Email;
}

export interface MailServer {
  readonly port: number;
  /** What it has taken over, in order. */
  readonly mails: ReceivedMail[];
  behaviour: MailBehaviour;
  /** Resolves when the next session comes to that stage. */
  reached(stage: Stage): Promise<void>;
  close(): Promise<void>;
}

export interface MailServerOptions {
  /** TLS from the first byte, with a certificate that nobody trusts. */
  readonly secure?: boolean;
  /** Offers STARTTLS, with that certificate. */
  readonly startTls?: boolean;
  readonly certificate?: { readonly key: string; readonly cert: string };
  readonly user?: string;
  readonly password?: string;
  readonly bytesMax?: number;
  /** Where it is expected; any port when absent. */
  readonly port?: number;
}

/** A mail server on this machine that speaks real SMTP, does what the test says, and reads what it was given. */
export async function openMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const waiting: { readonly stage: Stage; readonly resolve: () => void }[] = [];
  const fake: { behaviour: MailBehaviour } = { behaviour: { do: 'accept' } };

  /** Whether the session goes on; otherwise it was answered, cut or left hanging. */
  const goesOn = (stage: Stage, session: SMTPServerSession, refuse: (error: Error) => void): boolean => {
    for (const one of waiting.filter((each) => each.stage === stage)) {
      waiting.splice(waiting.indexOf(one), 1);
      one.resolve();
    }
    const { behaviour } = fake;
    if (behaviour.do === 'accept' || behaviour.at !== stage) return true;
    if (behaviour.do === 'answer')
      refuse(Object.assign(new Error(behaviour.words), { responseCode: behaviour.code }));
    if (behaviour.do === 'drop') socketOf(server, session)?.destroy();
    return false;
  };

  const server = new SMTPServer({
    ...(options.certificate ?? selfSigned()),
    secure: options.secure ?? false,
    hideSTARTTLS: options.startTls !== true,
    authOptional: options.user === undefined,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    ...(options.bytesMax === undefined ? {} : { size: options.bytesMax }),
    onAuth: (auth, session, done) => {
      if (!goesOn('login', session, done)) return;
      if (auth.username === options.user && auth.password === options.password)
        done(null, { user: auth.username });
      else done(Object.assign(new Error(`no user ${auth.username}`), { responseCode: 535 }));
    },
    onMailFrom: (_, session, done) => {
      if (goesOn('sender', session, done)) done();
    },
    onRcptTo: (_, session, done) => {
      if (goesOn('recipient', session, done)) done();
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks);
        void PostalMime.parse(raw).then((mail) => {
          const { behaviour } = fake;
          const takes =
            behaviour.do === 'accept' || behaviour.at !== 'text' || ('took' in behaviour && behaviour.took);
          const { mailFrom, rcptTo } = session.envelope;
          if (takes)
            mails.push({
              envelope: {
                from: mailFrom === false ? '' : mailFrom.address,
                to: rcptTo.map(({ address }) => address),
              },
              raw: raw.toString('latin1'),
              secure: session.secure,
              mail,
            });
          if (goesOn('text', session, done)) done(null, '2.0.0 queued as 4F2A');
        });
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));

  return Object.assign(fake, {
    port: (server.server.address() as AddressInfo).port,
    mails,
    reached: (stage: Stage) => new Promise<void>((resolve) => waiting.push({ stage, resolve })),
    close: async () => {
      for (const connection of connectionsOf(server)) connection._socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(resolve);
      });
    },
  });
}

interface Connection {
  readonly session: SMTPServerSession;
  readonly _socket: { destroy(): void };
}

function connectionsOf(server: SMTPServer): readonly Connection[] {
  return [...(server as unknown as { readonly connections: Set<Connection> }).connections];
}

function socketOf(server: SMTPServer, session: SMTPServerSession): Connection['_socket'] | undefined {
  return connectionsOf(server).find((connection) => connection.session.id === session.id)?._socket;
}
