import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { selfSigned } from '../fakes/certificate.ts';
import type { Call } from '../fakes/reporting-providers.ts';
import { publicUrl, ReportingSendGrid, ReportingTwilio } from '../fakes/reporting-providers.ts';
import { openFakeSendGrid } from '../fakes/sendgrid.ts';
import type { FakeSendGrid } from '../fakes/sendgrid.ts';
import { openFakeTwilio } from '../fakes/twilio.ts';
import type { FakeTwilio } from '../fakes/twilio.ts';
import { freePort } from '../../processes/free-port.ts';
import { setHouse } from '../setup/set-house.ts';
import type { Owed, World } from './world.ts';

export type Api = Awaited<ReturnType<World['api']>>;

/** A provider that is expected at a place where nobody is yet. */
export interface Absent {
  readonly port: number;
  readonly apiKey: string;
}

/** A company's own mail server, by the certificate of which it is known. */
export interface OwnMailServer {
  readonly port: number;
  readonly certificate: { readonly key: string; readonly cert: string };
  readonly user: string;
  readonly password: string;
}

/**
 * The providers outside a world: real servers on this machine, each an account of the installation.
 *
 * Every account has a creditor of its name who sends through it, so that many faults fit into one world without one
 * provider's trouble being another's. What their ledgers hold is what debtors got; nothing of ours writes into them.
 */
export class Providers {
  readonly #world: World;
  readonly #texting = new Map<string, ReportingTwilio>();
  readonly #accounts: Record<string, object> = {};
  readonly channelsFile: string;
  /** Who signs for all accounts of SendGrid. */
  readonly sendgrid = new ReportingSendGrid();

  constructor(world: World) {
    this.#world = world;
    this.channelsFile = join(world.folder, 'channels.json');
    this.#write();
  }

  /** SendGrid under that name, and a creditor whose mails it carries. */
  async mails(name: string, { perSecond = 10 } = {}): Promise<FakeSendGrid> {
    const fake = await openFakeSendGrid();
    this.#world.onEnd(() => fake.close());
    this.#mailAccount(name, { apiKey: fake.apiKey, baseUrl: fake.server.url, perSecond });
    await this.#world.creditor(name, { mail: name });
    return fake;
  }

  /** The same, and nobody listens there yet. */
  async mailsLater(name: string): Promise<Absent> {
    const absent = { port: await freePort(), apiKey: 'SG.later' };
    this.#mailAccount(name, { apiKey: absent.apiKey, baseUrl: `http://127.0.0.1:${absent.port}` });
    await this.#world.creditor(name, { mail: name });
    return absent;
  }

  /** A mail server with TLS; nobody listens there yet. */
  async ownMailsLater(name: string): Promise<OwnMailServer> {
    const own = {
      port: await freePort(),
      certificate: selfSigned(),
      user: 'compta',
      password: 'for us alone',
    };
    const { port, user, password, certificate } = own;
    const account = { kind: 'smtp', host: 'localhost', secure: true, from: sender };
    this.#add(name, { ...account, port, user, password, ca: certificate.cert });
    await this.#world.creditor(name, { mail: name });
    return own;
  }

  /** Twilio under that name, and a creditor whose text messages it carries; his mails go through the account that is named. */
  async texts(name: string, mail?: string): Promise<FakeTwilio> {
    const fake = await openFakeTwilio();
    this.#world.onEnd(() => fake.close());
    this.#texting.set(name, new ReportingTwilio(fake.authToken));
    const { accountSid, authToken } = fake;
    const account = { kind: 'twilio', accountSid, authToken, from: '+33700000000', perSecond: 10 };
    this.#add(name, { ...account, baseUrl: fake.server.url });
    await this.#world.creditor(name, { texts: name, ...(mail === undefined ? {} : { mail }) });
    return fake;
  }

  /** Who signs for the text messages of that account. */
  texting(account: string): ReportingTwilio {
    const texting = this.#texting.get(account);
    if (!texting) throw new Error(`no text messages go through ${account}`);
    return texting;
  }

  #mailAccount(name: string, more: object): void {
    this.#add(name, { kind: 'sendgrid', from: sender, eventKeys: [this.sendgrid.publicKey], ...more });
  }

  #add(name: string, account: object): void {
    this.#accounts[name] = account;
    this.#write();
  }

  #write(): void {
    writeFileSync(this.channelsFile, JSON.stringify({ accounts: this.#accounts, publicUrl }), {
      mode: 0o600,
    });
  }
}

const sender = 'compta@martin.example';

/** An overdue invoice whose next step is a text message. */
export function owesByText(world: World, seller: string, mobile = '+33612345678'): Promise<Owed> {
  return world.owes({ seller, mobile, grade: 'D', due: '2026-02-18' });
}

/** Sends the very bytes of a request to the API. */
export async function post(api: Api, { url, headers, payload }: Call): Promise<number> {
  return (await fetch(`${api.url}${url}`, { method: 'POST', headers, body: new Uint8Array(payload) })).status;
}

/** Whose messages the provider has taken over, in order: an id twice is somebody who was written to twice. */
export function idsIn({ mails }: Pick<FakeSendGrid, 'mails'>): readonly string[] {
  return mails.flatMap((mail) => mail.personalizations.map(({ custom_args: own }) => own.relance_message));
}

/** How often the provider was given something to send, whether or not it took it. */
export function sendsTo({ server }: Pick<FakeSendGrid, 'server'>): number {
  return server.calls.filter(({ method }) => method === 'POST').length;
}

/** The messages of an invoice's steps, oldest first. */
export function messagesOf(world: World, { id }: Pick<Owed, 'id'>) {
  return world.house.db
    .selectFrom('message')
    .innerJoin('message_line', 'message_line.message_id', 'message.id')
    .select(['message.id', 'channel', 'state', 'reason', 'attempt', 'provider_ref', 'possible_duplicate'])
    .where('message_line.invoice_id', '=', id)
    .where('purpose', '=', 'contact')
    .orderBy('message.id')
    .execute();
}

/** How far its last message has come; empty while there is none. */
export async function stateOf(world: World, owed: Pick<Owed, 'id'>): Promise<string> {
  return (await messagesOf(world, owed)).at(-1)?.state ?? '';
}

/** What became of an invoice's messages, and what its log says of them. */
export async function outcomeOf(world: World, owed: Owed) {
  const messages = await messagesOf(world, owed);
  return {
    ours: messages.map(({ id }) => id),
    states: messages.map(({ state }) => state),
    reasons: messages.map(({ reason }) => reason),
    refs: messages.map(({ provider_ref: ref }) => ref),
    facts: await world.facts(owed),
  };
}

/** Waits as long as it may take; what has not come by then is what the test finds. */
export function orNever(waiting: Promise<void>): Promise<void> {
  return waiting.catch(() => undefined);
}

/** Lets a debtor be written to as often as there is cause. */
export async function withoutCaps({ house }: World): Promise<void> {
  await setHouse(house, { contactsPerDay: 10, contactsPerWeek: 30, gapDaysMin: 0 });
}

/** The quarter of an hour that a test does not wait, after which the absence from a list counts: the message is made older. */
export async function quarterPasses(world: World, messageId: string): Promise<void> {
  await world.house.db
    .updateTable('message')
    .set({ touched_at: sql<Date>`clock_timestamp() - interval '16 minutes'` })
    .where('id', '=', messageId)
    .execute();
}

/** What of an invoice still stands at the door, and why it waits there: what a test shows when a message has not come. */
export function waitingAt({ house }: World, { id }: Pick<Owed, 'id'>) {
  return house.db
    .selectFrom('contact_request')
    .innerJoin('debtor', 'debtor.id', 'contact_request.debtor_id')
    .select(['contact_request.reason', 'deferred_until', 'restart_at', 'look_at', 'debtor.swept_at'])
    .where('invoice_id', '=', id)
    .where('contact_request.state', '!=', 'done')
    .execute();
}

/** The minute that a test does not wait until a message that could not be handed over is tried again; the sweep wakes the door. */
export async function minutePasses(world: World, { debtorId }: Owed): Promise<void> {
  const { db, clock } = world.house;
  const longAgo = new Date((await clock.now()) - 3_600_000);
  await db
    .updateTable('contact_request')
    .set({ restart_at: longAgo })
    .where('debtor_id', '=', debtorId)
    .where('state', '=', 'waiting')
    .execute();
  await db.updateTable('debtor').set({ look_at: longAgo }).where('id', '=', debtorId).execute();
}
