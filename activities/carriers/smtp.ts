import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SmtpAccount } from './accounts.ts';
import type { Carrier, CarrierOutcome, Outgoing } from './carrier.ts';
import type { Hearsay } from './hearsay.ts';
import { codeOf } from './http-call.ts';
import { turnedAwayMs } from './http-outcome.ts';
import { mailParts, oneLine } from './mail-parts.ts';

/**
 * Mails through a mail server, by SMTP.
 *
 * What decides is whether the server was given the text. Before its consent (354) nothing of it leaves, so whatever
 * happens until then is certain; after that only the server's last word is: a lost connection may have lost the mail, or
 * nothing but the answer. A mail server tells nobody what became of a mail, so evidence is what others reported.
 */
export function smtpCarrier(account: SmtpAccount, hearsay: Hearsay): Carrier {
  return {
    name: account.name,
    send: (message, signal) => send(account, message, signal),
    evidence: (messageId) => hearsay.evidenceOf(messageId),
  };
}

/** A server that is away, and one that greylists: those want to see us again after some minutes. */
const unreachableMs = 60_000;
const deferredMs = 300_000;

/** Longer than any call lasts: the signal ends it, not the library. It bounds what a farewell may take. */
const neverMs = 60_000;

async function send(account: SmtpAccount, message: Outgoing, signal: AbortSignal): Promise<CarrierOutcome> {
  const parts = mailParts(message, account.from);
  if (!parts) return { kind: 'refused', reason: 'no_mail_address', addressInvalid: true };
  const mail = new MailComposer({
    from: { name: parts.fromName, address: account.from },
    to: { name: '', address: parts.to },
    ...(parts.replyTo === null ? {} : { replyTo: { name: '', address: parts.replyTo } }),
    subject: parts.subject,
    messageId: parts.messageId,
    headers: { ...parts.headers },
    text: message.text,
    ...(message.html === null ? {} : { html: message.html }),
    attachments: [
      ...message.inline.map((picture) => ({
        cid: picture.cid,
        filename: picture.filename,
        contentType: picture.contentType,
        contentDisposition: 'inline' as const,
        content: picture.bytes,
      })),
      ...message.attached.map(({ filename, contentType, bytes }) => ({
        filename,
        contentType,
        contentDisposition: 'attachment' as const,
        content: bytes,
      })),
    ],
    newline: 'win',
    // The texts are ours, but a debtor's name stands in them: nothing in it is ever opened or fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  return handOver(account, mail.getEnvelope(), await mail.build(), signal);
}

type Envelope = ReturnType<ReturnType<MailComposer['compile']>['getEnvelope']>;

/** Connects, logs in and hands one mail over; settles once, with the outcome of the stage that was reached. */
function handOver(
  account: SmtpAccount,
  envelope: Envelope,
  bytes: Buffer,
  signal: AbortSignal,
): Promise<CarrierOutcome> {
  return new Promise((resolve) => {
    if (signal.aborted) return void resolve(notSent('timed_out', unreachableMs));
    const connection = new SMTPConnection(optionsFor(account));
    let began = false;
    let settled = false;
    const text = new Readable({
      // Asked for only when the server has agreed to take the text.
      read() {
        began = true;
        this.push(bytes);
        this.push(null);
      },
    });

    const settle = (outcome: CarrierOutcome): void => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', giveUp);
      // Closing makes it tell of an end once more, and of errors that concern nobody.
      connection.removeAllListeners();
      connection.on('error', () => undefined);
      if (outcome.kind === 'accepted') connection.quit();
      else connection.close();
      resolve(outcome);
    };
    const giveUp = (): void => {
      settle(began ? { kind: 'unknown', reason: 'timed_out' } : notSent('timed_out', unreachableMs));
    };
    const fail = (fault: unknown): void => {
      settle(outcomeOfFault(fault, began));
    };
    signal.addEventListener('abort', giveUp);
    connection.once('error', fail);
    // It tells of the end before it says why, where it says it at all.
    connection.once('end', () => void setImmediate(fail, { code: 'ECONNECTION' }));

    const handText = (): void => {
      connection.send({ ...envelopeOf(envelope), size: bytes.length }, text, (fault, sent) => {
        if (fault) fail(fault);
        else settle({ kind: 'accepted', ref: oneLine(sent.response).slice(0, 200) });
      });
    };
    connection.connect((fault) => {
      if (fault) return void fail(fault);
      if (account.user === undefined) return void handText();
      connection.login({ user: account.user, pass: account.password ?? '' }, (refused) => {
        if (refused) settle(outcomeOfLogin(refused));
        else handText();
      });
    });
  });
}

function optionsFor(account: SmtpAccount): ConstructorParameters<typeof SMTPConnection>[0] {
  return {
    host: account.host,
    port: account.port,
    secure: account.secure,
    // A password never goes over a line that somebody between us has talked out of TLS; only on this machine is there nobody.
    requireTLS: !account.secure && account.user !== undefined && !isThisMachine(account.host),
    ...(account.ca === undefined ? {} : { tls: { ca: account.ca } }),
    connectionTimeout: neverMs,
    greetingTimeout: neverMs,
    socketTimeout: neverMs,
    dnsTimeout: neverMs,
    socketCloseTimeout: 1_000,
    logger: false,
    debug: false,
  };
}

function envelopeOf(envelope: Envelope) {
  return { from: envelope.from === false ? '' : envelope.from, to: envelope.to };
}

/** nodemailer's fault: the server's words are in `response`, which may show addresses, so only numbers are read of it. */
interface SmtpFault {
  readonly code?: unknown;
  readonly command?: unknown;
  readonly response?: unknown;
  readonly responseCode?: unknown;
}

function outcomeOfFault(fault: unknown, began: boolean): CarrierOutcome {
  const { code: kind, command, response, responseCode } = (fault ?? {}) as SmtpFault;
  const code = typeof responseCode === 'number' ? responseCode : 0;
  // A server without the TLS that we insist on was told nothing yet.
  const isAnswer = code >= 400 && code < 600 && kind !== 'ETLS';
  // nodemailer's own verdict on a mail that no server would take: larger than this one says it accepts, for one.
  if (!isAnswer && !began && (kind === 'EMESSAGE' || kind === 'EENVELOPE'))
    return { kind: 'refused', reason: 'not_a_mail', addressInvalid: false };
  if (!isAnswer)
    return began ? { kind: 'unknown', reason: faultCode(fault) } : notSent(faultCode(fault), unreachableMs);

  // "Closing" says nothing about a text that it already had; every other 4xx says that it did not take it over.
  if (code === 421 && began) return { kind: 'unknown', reason: 'smtp_421' };
  if (code === 421) return { ...notSent('smtp_421', unreachableMs), busy: true };
  if (code < 500) return notSent(`smtp_${code}`, deferredMs);
  // RFC 4954: it wants a login first, whatever the mail.
  if (code === 530) return turnedAway;
  const addressInvalid =
    command === 'RCPT TO' && isAboutAddress(code, typeof response === 'string' ? response : '');
  return { kind: 'refused', reason: addressInvalid ? 'no_such_mailbox' : `smtp_${code}`, addressInvalid };
}

const turnedAway: CarrierOutcome = { ...notSent('account_turned_away', turnedAwayMs), busy: true };

/** Nothing of a mail is said before the login: whatever a server answers to it concerns the account. */
function outcomeOfLogin(fault: unknown): CarrierOutcome {
  const outcome = outcomeOfFault(fault, false);
  return outcome.kind === 'refused' ? turnedAway : outcome;
}

/** RFC 3463: 5.1.x is about the address, 5.7.x about policy. A server without such codes means the mailbox by 550, 551, 553. */
function isAboutAddress(code: number, response: string): boolean {
  const enhanced = /\b5\.(\d{1,3})\.\d{1,3}\b/.exec(response);
  return enhanced ? enhanced[1] === '1' : [550, 551, 553].includes(code);
}

function notSent(reason: string, retryAfterMs: number): Extract<CarrierOutcome, { kind: 'not_sent' }> {
  return { kind: 'not_sent', reason, retryAfterMs };
}

/** The system's own code where there is one, such as ECONNREFUSED, else nodemailer's. */
function faultCode(fault: unknown): string {
  const system = codeOf({ code: (fault as { originalCode?: unknown } | null)?.originalCode });
  return system === 'fault' ? codeOf(fault) : system;
}

function isThisMachine(host: string): boolean {
  return ['127.0.0.1', '::1', 'localhost'].includes(host);
}
