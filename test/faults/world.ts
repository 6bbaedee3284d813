import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import pg from 'pg';
import { inject } from 'vitest';
import { sql } from 'kysely';
import type { Clock } from '../../db/clock.ts';
import { addCreditor } from '../../db/creditors.ts';
import { atTheDesk, ourselves } from '../../db/desk.ts';
import { PersonKeys } from '../../db/erasure/person-keys.ts';
import { openHouse } from '../../db/house.ts';
import type { House } from '../../db/house.ts';
import { migrate } from '../../db/migrate.ts';
import { recordPayment } from '../../db/payments.ts';
import { registerAll } from '../../db/registration.ts';
import { retrying } from '../../db/retrying.ts';
import { startPostgres } from '../../db/server/postgres.ts';
import type { RunningPostgres } from '../../db/server/postgres.ts';
import { newKey, storeKey } from '../../db/keys.ts';
import { addUser } from '../../db/users.ts';
import { dayMs } from '../../domain/time.ts';
import type { CivilDate, Instant } from '../../domain/time.ts';
import { lastLines, startChild } from '../../processes/child.ts';
import type { Child } from '../../processes/child.ts';
import { freePort } from '../../processes/free-port.ts';
import { lazyClient } from '../../temporal/connection.ts';
import { readKeyRing } from '../../temporal/sealing/key-ring.ts';
import { startTemporalServer } from '../../temporal/server/dev-server.ts';
import type { RunningTemporal } from '../../temporal/server/dev-server.ts';
import { verify } from '../../verify.ts';
import { freshDatabase } from '../setup/database.ts';
import { asItIs } from './build.ts';
import type { Build } from './build.ts';
import { FakeCarrier } from './fake-carrier.ts';

/** A Tuesday, at half past ten in Paris: whatever is due leaves now. */
const morning = Date.parse('2026-03-03T09:30:00Z');

export interface WorldOptions {
  /** How fast business time runs; in real time, a test's minute stays in the same morning. */
  readonly speed?: number;
  /** A Postgres of its own, which can be stopped and killed, in place of a database on the shared one. */
  readonly ownPostgres?: boolean;
  /** The text of the file of sealing keys; null where all is kept in clear. Else a key is made for the world. */
  readonly keys?: string | null;
}

export interface WorkerOptions {
  readonly build?: Build;
  /** In place of the database's own address: that of a proxy. */
  readonly databaseUrl?: string;
  readonly sweepAfterSeconds?: number;
  /** The accounts of its providers; the real worker then carries through them, and not the test's fake carrier. */
  readonly channelsFile?: string;
  readonly logLevel?: 'trace' | 'info';
  /** Further settings. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Owed {
  readonly id: string;
  readonly debtorId: string;
  readonly number: string;
}

/** A request to the API and its answer. */
export type Ask = (
  method: string,
  path: string,
  body?: object,
  headers?: Record<string, string>,
) => Promise<{ status: number; body: Record<string, unknown> }>;

/**
 * A whole Relance of real processes: Postgres, Temporal with its data in a file, workers, an API, and a carrier that
 * remembers. Each can be killed and started again; what is left is compared with the carrier's ledger and `verify`.
 */
export class World {
  readonly carrier: FakeCarrier;
  readonly folder: string;
  readonly databaseUrl: string;
  readonly superUrl: string;
  readonly temporalAddress: string;
  /** Opens what the keys of the world's beginning sealed. */
  readonly client: Client;
  postgres: RunningPostgres | undefined;
  temporal: RunningTemporal;
  readonly #house: House;
  readonly #personKeys: PersonKeys;
  readonly #sealed: boolean;
  readonly #children: Child[] = [];
  readonly #endings: (() => unknown)[] = [];
  #key = '';
  #made = 0;

  private constructor(parts: {
    carrier: FakeCarrier;
    folder: string;
    databaseUrl: string;
    superUrl: string;
    temporal: RunningTemporal;
    postgres: RunningPostgres | undefined;
    house: House;
    personKeys: PersonKeys;
    keys: string | null;
  }) {
    this.carrier = parts.carrier;
    this.folder = parts.folder;
    this.databaseUrl = parts.databaseUrl;
    this.superUrl = parts.superUrl;
    this.temporal = parts.temporal;
    this.temporalAddress = parts.temporal.address;
    this.postgres = parts.postgres;
    this.#house = parts.house;
    this.#personKeys = parts.personKeys;
    this.#sealed = parts.keys !== null;
    if (parts.keys !== null) this.writeKeys(parts.keys);
    this.client = this.clientWith(parts.keys);
  }

  /** Opens a world, lets the test live in it, and ends all that was started, whatever came of it. */
  static async during<T>(options: WorldOptions, live: (world: World) => Promise<T>): Promise<T> {
    const world = await World.open(options);
    try {
      return await live(world);
    } finally {
      await world.close();
    }
  }

  /** For several tests in one world; whoever opens it closes it. */
  static async open({
    speed = 1,
    ownPostgres = false,
    keys = freshKey('first'),
  }: WorldOptions): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), 'relance-fault-'));
    const [carrier, temporal, database] = await Promise.all([
      FakeCarrier.open(),
      startTemporal(folder),
      ownPostgres
        ? databaseOfItsOwn(folder)
        : freshDatabase().then((fresh) => ({ ...fresh, postgres: undefined })),
    ]);
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    await owner.query('update setting set clock_origin = $1, clock_anchor = clock_timestamp(), speed = $2', [
      new Date(morning),
      speed,
    ]);
    await owner.end();
    const personKeys = new PersonKeys();
    const house = await openHouse(database.url, { connectionsMax: 12, personKeys });
    const world = new World({
      carrier,
      folder,
      temporal,
      databaseUrl: database.url,
      superUrl: database.superUrl,
      postgres: database.postgres,
      house,
      personKeys,
      keys,
    });
    if ('drop' in database) world.#endings.push(database.drop);
    await world.#furnish();
    return world;
  }

  get house(): House {
    return this.#house;
  }

  /** The house some days ago, for what was registered then. */
  before(days: number): House {
    const clock: Clock = { ...this.#house.clock, now: () => Promise.resolve(morning - days * dayMs) };
    return { ...this.#house, clock };
  }

  /** Gives other keys to whatever is started from now on. */
  writeKeys(text: string): void {
    // Its own house reads what the processes of the world have sealed.
    this.#personKeys.unwrapAlso(readKeyRing(text));
    writeFileSync(this.#keysFile, text, { mode: 0o600 });
  }

  /** A client that has these keys; whoever asks for it closes it. */
  clientWith(keys: string | null): Client {
    return lazyClient({
      TEMPORAL_ADDRESS: this.temporalAddress,
      TEMPORAL_NAMESPACE: 'default',
      ...(keys === null ? {} : { PAYLOAD_KEYS_FILE: readKeyRing(keys) }),
    });
  }

  get #keysFile(): string {
    return join(this.folder, 'payload-keys');
  }

  /** Starts a worker process. */
  async worker({
    build = asItIs,
    databaseUrl = this.databaseUrl,
    sweepAfterSeconds = 900,
    channelsFile,
    logLevel = 'info',
    settings = {},
  }: WorkerOptions = {}): Promise<Child> {
    const file = channelsFile === undefined ? 'test/faults/worker.ts' : 'worker.ts';
    return this.#start('The worker', build, file, {
      DATABASE_URL: databaseUrl,
      ...(channelsFile === undefined ? { CARRIER_URL: this.carrier.url } : { CHANNELS_FILE: channelsFile }),
      SWEEP_AFTER_SECONDS: String(sweepAfterSeconds),
      SWEEP_EVERY_SECONDS: '1',
      DELIVERIES_PER_SECOND: '200',
      LOG_LEVEL: logLevel,
      ...settings,
      ...(build.sameWorkflows ? { RELANCE_WORKFLOW_BUNDLE: inject('workflowBundle') } : {}),
    });
  }

  /** Starts an API process; the answer asks it as an administrator. */
  async api({
    build = asItIs,
    databaseUrl = this.databaseUrl,
    channelsFile,
    logLevel = 'info',
    settings = {},
  }: Omit<WorkerOptions, 'sweepAfterSeconds'> = {}): Promise<{
    child: Child;
    ask: Ask;
    url: string;
    key: string;
  }> {
    const port = await freePort();
    const child = await this.#start('The API', build, 'api/server.ts', {
      DATABASE_URL: databaseUrl,
      PORT: String(port),
      LOG_LEVEL: logLevel,
      ...settings,
      ...(channelsFile === undefined ? {} : { CHANNELS_FILE: channelsFile }),
    });
    const url = `http://127.0.0.1:${port}`;
    await until(
      'the API answers',
      async () => (await fetch(`${url}/healthz`).catch(() => undefined))?.ok === true,
      60,
      () => Promise.resolve(`it says\n${lastLines(child.logFile)}`),
    );
    const ask: Ask = async (method, path, body, headers) => {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.#key}`,
          ...(body ? { 'content-type': 'application/json' } : {}),
          ...headers,
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    return { child, ask, url, key: this.#key };
  }

  /** An invoice of a debtor of its own, or of a given one, whose first reminder is due; registered five days ago. */
  async owes({
    debtor,
    seller: soldBy = seller,
    due = '2026-02-22',
    amountCents = 120_000,
    number = `F-${this.#made + 1}`,
    grade,
    mobile,
  }: {
    debtor?: string;
    seller?: string;
    due?: CivilDate;
    amountCents?: number;
    number?: string;
    grade?: string;
    mobile?: string;
  } = {}): Promise<Owed> {
    this.#made += 1;
    const place = this.#made;
    const siren = debtor ?? String(100_000_000 + place);
    const arrival = {
      seller: { name: soldBy },
      debtor: { name: `Société ${siren}`, siren, ...(grade === undefined ? {} : { grade }) },
      contact: {
        name: 'Claire Petit',
        email: `compta@${siren}.example`,
        phone: '+33472123456',
        ...(mobile === undefined ? {} : { mobile }),
        addressLines: ['3 place du Marché'],
        postcode: '33000',
        city: 'Bordeaux',
      },
      number,
      term: 1,
      issueDate: '2026-01-20',
      dueDate: due,
      amountCents,
      currency: 'EUR',
      flags: [],
    };
    const house = this.before(5);
    const context = {
      by: { kind: 'user', id: 'test' },
      importId: null,
      held: false,
      fallbackCreditorId: null,
      lane: 'people',
    } as const;
    const id = await retrying(() =>
      house.db.transaction().execute(async (tx) => {
        const { desk, fates } = await registerAll(house, tx, [arrival], context);
        await desk.write();
        const [fate] = fates;
        return fate?.kind === 'created' ? fate.file.id : (fate?.invoiceId ?? '');
      }),
    );
    const { debtor_id: debtorId } = await house.db
      .selectFrom('invoice')
      .select('debtor_id')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return { id, debtorId, number };
  }

  /** A second creditor of the house; his mails and text messages go through these accounts. */
  async creditor(name: string, accounts: { mail?: string; texts?: string } = {}): Promise<string> {
    const { mail, texts } = accounts;
    const change = {
      legal_name: `${name} SAS`,
      siren: '552100554',
      ...completely,
      ...(mail === undefined ? {} : { mail_account: mail }),
      ...(texts === undefined ? {} : { sms_account: texts }),
    };
    await this.#house.db
      .transaction()
      .execute((tx) => addCreditor(tx, morning - 30 * dayMs, name, change, 'test'));
    return name;
  }

  /** Pays an invoice whole. */
  async pays({ id, debtorId }: Owed): Promise<string> {
    const { creditor_id: creditorId, balance_cents: amountCents } = await this.#house.db
      .selectFrom('invoice')
      .select(['creditor_id', 'balance_cents'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    const answer = await atTheDesk(this.#house, [debtorId], (desk) =>
      recordPayment(
        desk,
        {
          creditorId,
          debtorId,
          currency: 'EUR',
          amountCents,
          valueDate: '2026-03-03',
          reference: null,
          allocations: [{ invoiceId: id, amountCents }],
        },
        ourselves,
      ),
    );
    if (answer.kind !== 'recorded') throw new Error(answer.refusal.message);
    return answer.id;
  }

  /** The messages to debtors, oldest first. */
  async messages(): Promise<
    readonly {
      id: string;
      state: string;
      attempt: number;
      claimed_at: Instant | null;
      possible_duplicate: boolean;
      debtor_id: string | null;
      level: string | null;
    }[]
  > {
    return this.#house.db
      .selectFrom('message')
      .select(['id', 'state', 'attempt', 'claimed_at', 'possible_duplicate', 'debtor_id', 'level'])
      .where('purpose', '=', 'contact')
      .orderBy('id')
      .execute();
  }

  /** The facts of an invoice by their types, in order. */
  async facts({ id }: Pick<Owed, 'id'>): Promise<readonly string[]> {
    const rows = await this.#house.db
      .selectFrom('journal')
      .select('type')
      .where('subject', '=', `invoice/${id}`)
      .where('fact', 'is not', null)
      .orderBy('fact')
      .execute();
    return rows.map(({ type }) => type);
  }

  /** How often the carrier took over a message for the asking, for each invoice and step: the truth of what debtors got. */
  async taken(): Promise<Readonly<Record<string, number>>> {
    const lines = await this.#house.db
      .selectFrom('message_line')
      .innerJoin('contact_request', 'contact_request.id', 'message_line.request_id')
      .innerJoin('invoice', 'invoice.id', 'message_line.invoice_id')
      .select(['message_id', 'number', 'contact_request.step', 'occurrence'])
      .execute();
    const counts: Record<string, number> = {};
    for (const messageId of this.carrier.accepted)
      for (const line of lines.filter((candidate) => candidate.message_id === messageId)) {
        const key = `${line.number} ${line.step} ${line.occurrence}`;
        counts[key] = (counts[key] ?? 0) + 1;
      }
    return counts;
  }

  /** Waits until every word is delivered, nobody is late, and every delivery has its outcome. */
  async rest(seconds = 90): Promise<void> {
    await until(
      'everything is at rest',
      async () => (await this.#moving()).length === 0,
      seconds,
      () => this.#moving().then(JSON.stringify),
    );
  }

  /** How many words are still on their way to a workflow. */
  async words(): Promise<number> {
    const { count } = await this.#house.db
      .selectFrom('outbox')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('delivered_at', 'is', null)
      .executeTakeFirstOrThrow();
    return count;
  }

  /**
   * What `verify` finds broken: `I03 message/… says …`, a line each. Every workflow is asked.
   *
   * Of snapshots (I22) nothing is said: invoices are registered here days ago (`before`), behind those of a worker that was up.
   */
  async broken(): Promise<readonly string[]> {
    const verdicts = await verify({ db: this.#house.db, client: this.client });
    return verdicts
      .filter(({ id }) => id !== 'I22')
      .flatMap(({ id, offenders, skipped }) => [
        ...offenders.map(({ subject, what }) => `${id} ${subject} ${what}`),
        ...(skipped === null ? [] : [`${id} was skipped: ${skipped}`]),
      ]);
  }

  /** Starts Temporal again where it was; without its memory when told. */
  async restartTemporal({ emptied = false } = {}): Promise<void> {
    if (emptied) rmSync(join(this.folder, 'temporal'), { recursive: true });
    this.temporal = await startTemporal(this.folder, Number(this.temporalAddress.split(':')[1]));
  }

  /** Starts a Postgres that was stopped or killed again where it was. */
  async restartPostgres(): Promise<void> {
    this.postgres = await startPostgres({
      folder: this.folder,
      logFile: join(this.folder, 'postgres.log'),
      durable: true,
      port: this.postgres!.port,
    });
  }

  onEnd(ending: () => unknown): void {
    this.#endings.unshift(ending);
  }

  async #furnish(): Promise<void> {
    const { house } = this;
    const now = morning - 30 * dayMs;
    await house.db.transaction().execute(async (tx) => {
      await addCreditor(
        tx,
        now,
        seller,
        { legal_name: `${seller} SAS`, siren: '732829320', ...completely },
        'test',
      );
      const key = newKey();
      const user = await addUser(
        tx,
        now,
        { name: 'Ada', email: null, role: 'admin', language: 'en' },
        'test',
      );
      await storeKey(tx, now, user!, key, 'test');
      this.#key = key.key;
    });
  }

  async #moving(): Promise<readonly unknown[]> {
    const now = new Date(await this.#house.clock.now());
    const { rows } = await sql`
      select 'word' as what, workflow || ' ' || type as who from outbox where delivered_at is null
      union all select 'sleeper', workflow || ' ' || what || ' ' || wakes_at from sleeper where wakes_at <= ${now}
      union all select 'message', id || ' ' || state from message where state in ('claimed', 'unknown')`.execute(
      this.#house.db,
    );
    return rows;
  }

  async #start(name: string, build: Build, file: string, env: NodeJS.ProcessEnv): Promise<Child> {
    const child = await startChild({
      name,
      command: process.execPath,
      args: ['--import', import.meta.resolve('tsx'), join(build.folder, file)],
      cwd: build.folder,
      logFile: join(this.folder, `${name.split(' ')[1] ?? name}-${this.#children.length}.log`),
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        TEMPORAL_ADDRESS: this.temporalAddress,
        ...(this.#sealed ? { PAYLOAD_KEYS_FILE: this.#keysFile } : {}),
        LOG_LEVEL: 'info',
        RATE_LIMIT_PER_MINUTE: '0',
        ...env,
      },
    });
    this.#children.push(child);
    return child;
  }

  async close(): Promise<void> {
    for (const child of this.#children) child.kill();
    await Promise.all(this.#children.map((child) => child.exited));
    await this.client.connection.close();
    await this.#house.db.destroy();
    for (const ending of this.#endings) await ending();
    await this.temporal.stop();
    await this.postgres?.stop();
    await this.carrier.close();
    if (process.env['FAULTS_KEEP'] === undefined) rmSync(this.folder, { recursive: true, force: true });
  }
}

const seller = 'Ateliers Martin';
const completely = {
  address: ['12 rue des Forges', '69003 Lyon'],
  iban: 'FR1420041010050500013M02606',
  sender_name: 'Service comptable',
  reply_to: 'compta@martin.example',
};

/** A key of that name, as a line of the file of keys. */
export function freshKey(name: string): string {
  return `${name}:${randomBytes(32).toString('base64')}\n`;
}

/** Looks every so often until it is so; after so many seconds says what was waited for. */
export async function until(
  what: string,
  isSo: () => Promise<boolean>,
  seconds: number,
  instead?: () => Promise<string>,
): Promise<void> {
  const giveUpAt = performance.now() + seconds * 1_000;
  while (!(await isSo())) {
    if (performance.now() > giveUpAt)
      throw new Error(`waited ${seconds} s in vain until ${what}${instead ? `: ${await instead()}` : ''}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function startTemporal(folder: string, port?: number): Promise<RunningTemporal> {
  return startTemporalServer({
    folder,
    logFile: join(folder, 'temporal.log'),
    program: inject('temporalProgram'),
    ...(port === undefined ? {} : { port }),
  });
}

async function databaseOfItsOwn(
  folder: string,
): Promise<{ url: string; ownerUrl: string; superUrl: string; postgres: RunningPostgres }> {
  const postgres = await startPostgres({ folder, logFile: join(folder, 'postgres.log'), durable: true });
  await migrate(postgres.ownerUrl);
  const { url, ownerUrl, superUrl } = postgres;
  return {
    url,
    ownerUrl,
    superUrl: Object.assign(new URL(superUrl), { pathname: '/relance' }).toString(),
    postgres,
  };
}
