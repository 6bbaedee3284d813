import type { Config } from '../../config.ts';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { buildApi } from '../../api/app.ts';
import type { ApiParts } from '../../api/app.ts';
import { machineTime } from '../../db/clock.ts';
import type { Clock } from '../../db/clock.ts';
import { atTheDesk, ourselves } from '../../db/desk.ts';
import { openHouse } from '../../db/house.ts';
import type { House } from '../../db/house.ts';
import { openSession } from '../../db/sessions.ts';
import { newKey, storeKey } from '../../db/keys.ts';
import { addUser } from '../../db/users.ts';
import { uuidv7 } from '../../db/uuid.ts';
import type { DebtorKind, DebtorView } from '../../domain/debtor.ts';
import type { FactBody, PaidBy } from '../../domain/fact.ts';
import { roles } from '../../domain/role.ts';
import type { Role } from '../../domain/role.ts';
import { scenarioFor } from '../../domain/scenario.ts';
import type { CivilDate, Instant } from '../../domain/time.ts';
import { freshDatabase } from './database.ts';
import type { FreshDatabase } from './database.ts';
import { setHouse } from './set-house.ts';
import { settingsWith } from './settings.ts';

/** A clock that stands still until the test moves it. */
export interface TestClock extends Clock {
  /** To an instant, or to a day at 10:00 UTC. */
  set(to: Instant | CivilDate): void;
}

/** What an HTTP answer was, in a test's words. */
export interface Answer {
  readonly status: number;
  // A test looks into any answer; the shapes are the API's business.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
  readonly headers: LightMyRequestResponse['headers'];
  readonly text: string;
}

export interface InvoiceGiven {
  readonly creditorId?: string;
  readonly debtorId?: string;
  readonly number?: string;
  readonly dueDate?: CivilDate;
  readonly amountCents?: number;
  readonly currency?: string;
  readonly paidBy?: PaidBy;
  /** Silent from its first fact, as imported invoices are until their release. */
  readonly heldBecause?: string;
  /** Who is named to work on it, and who sold it. */
  readonly collector?: string;
  readonly salesOwner?: string;
}

export interface Office {
  readonly database: FreshDatabase;
  readonly house: House;
  readonly clock: TestClock;
  readonly app: FastifyInstance;
  /** A key of each role. */
  readonly keys: Readonly<Record<Role, string>>;
  /** The user of each role; his name is his role. */
  readonly users: Readonly<Record<Role, string>>;
  /** Asks the API as a role (credit manager unless told), or as nobody. */
  ask(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    body?: object,
    how?: { readonly as?: Role | null; readonly key?: string; readonly headers?: Record<string, string> },
  ): Promise<Answer>;
  /** The cookie of a new session of the role, as a browser sends it; without a password. */
  cookie(as: Role): Promise<string>;
  /** A creditor that may send; `complete: false` leaves out what it needs for that. */
  creditor(given?: {
    readonly key?: string;
    readonly complete?: boolean;
    readonly demonstration?: boolean;
  }): Promise<string>;
  /** A debtor with one billing contact that has a mail address, a telephone and an address. */
  debtor(given?: {
    readonly name?: string;
    readonly kind?: DebtorKind;
    readonly country?: string;
    readonly grade?: string;
    readonly language?: 'fr' | 'en';
  }): Promise<string>;
  /** An open invoice over 1 200,00 EUR, due thirty days ago unless told otherwise; makes creditor and debtor when none are given. */
  invoice(
    given?: InvoiceGiven,
  ): Promise<{ id: string; debtorId: string; creditorId: string; number: string }>;
  /** States a fact about an invoice, as Relance would. */
  state(invoiceId: string, body: FactBody): Promise<void>;
  close(): Promise<void>;
}

/** The day on which every office opens: a Monday. */
export const openingDay: CivilDate = '2026-03-02';

/**
 * Relance behind its counter: a fresh database, the API, a key of each role, and a clock that the test moves.
 *
 * No worker and no Temporal: what the API promises holds without them. `listens`: to the relay's notices of new events.
 * `fourEyes`: grave acts need a second person.
 */
export async function openOffice({
  listens = false,
  fourEyes = false,
  config = {},
  ...more
}: Partial<Omit<ApiParts, 'house' | 'config' | 'listenUrl'>> & {
  readonly listens?: boolean;
  readonly fourEyes?: boolean;
  readonly config?: Partial<Config>;
} = {}): Promise<Office> {
  const database = await freshDatabase();
  const clock = testClock();
  const house = await openHouse(database.url, { clock, connectionsMax: 4 });
  const app = await buildApi({
    house,
    config: settingsWith(config),
    ...more,
    ...(listens ? { listenUrl: database.url } : {}),
  });
  if (!fourEyes) await setHouse(house, { fourEyes });
  const { keys, users } = await hire(house);
  let made = 0;

  const office: Office = {
    database,
    house,
    clock,
    app,
    keys,
    users,
    ask: async (method, url, body, { as = 'credit_manager', key, headers } = {}) => {
      const bearer = key ?? (as === null ? undefined : keys[as]);
      const request: InjectOptions = {
        method,
        url,
        headers: { ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }), ...headers },
      };
      if (body !== undefined) request.payload = body;
      const response = await app.inject(request);
      const isJson = String(response.headers['content-type']).includes('json');
      return {
        status: response.statusCode,
        body: isJson ? response.json<unknown>() : undefined,
        headers: response.headers,
        text: response.body,
      };
    },
    cookie: async (as) => {
      const person = {
        userId: users[as],
        openedBy: 'password',
        secondFactor: false,
        userAgent: null,
      } as const;
      const machine = (more.machine ?? machineTime)();
      const limits = { idleMs: 30 * 60_000, wholeMs: 12 * 3_600_000 };
      const { token } = await house.db
        .transaction()
        .execute((tx) => openSession(tx, machine, limits, { ...person, provedAt: machine }));
      return `${config.PLAIN_HTTP === true ? '' : '__Host-'}relance=${token}`;
    },
    creditor: async ({ key, complete = true, demonstration = false } = {}) => {
      const id = uuidv7();
      made += 1;
      const row = {
        id,
        key: key ?? `creditor-${made}`,
        demonstration,
        created_at: new Date(await clock.now()),
      };
      const whole = {
        legal_name: 'Ateliers Martin SAS',
        siren: '732829320',
        address: ['12 rue des Forges', '69003 Lyon'],
        iban: 'FR1420041010050500013M02606',
        sender_name: 'Service comptable',
        reply_to: 'compta@martin.example',
      };
      await house.db
        .insertInto('creditor')
        .values(complete ? { ...row, ...whole } : row)
        .execute();
      return id;
    },
    debtor: async ({ name, kind = 'company', country = 'FR', grade, language = 'fr' } = {}) => {
      const id = uuidv7();
      made += 1;
      const at = new Date(await clock.now());
      const known = name ?? `Débiteur ${made}`;
      await house.db
        .insertInto('debtor')
        .values({
          id,
          key: `debtor-${made}`,
          name: known,
          kind,
          country,
          language,
          grade: grade ?? null,
          created_at: at,
        })
        .execute();
      await house.db
        .insertInto('contact')
        .values({
          id: uuidv7(),
          debtor_id: id,
          name: 'Claire Petit',
          email: `compta-${made}@debiteur.example`,
          phone: '+33472000000',
          mobile: '+33600000000',
          address: ['3 place du Marché', '33000 Bordeaux'],
          created_at: at,
        })
        .execute();
      return id;
    },
    invoice: async (given = {}) => {
      const creditorId = given.creditorId ?? (await office.creditor());
      const debtorId = given.debtorId ?? (await office.debtor());
      made += 1;
      const number = given.number ?? `F-${String(made).padStart(4, '0')}`;
      const id = await register(house, { ...given, creditorId, debtorId, number });
      return { id, debtorId, creditorId, number };
    },
    state: async (invoiceId, body) => {
      const { debtor_id: debtorId } = await house.db
        .selectFrom('invoice')
        .select('debtor_id')
        .where('id', '=', invoiceId)
        .executeTakeFirstOrThrow();
      await atTheDesk(house, [debtorId], (desk) => desk.state(invoiceId, body, ourselves));
    },
    close: async () => {
      await app.close();
      await house.db.destroy();
      await database.drop();
    },
  };
  return office;
}

function testClock(): TestClock {
  let now = Date.parse(`${openingDay}T10:00:00Z`);
  return {
    settings: { origin: 0, anchor: 0, speed: 1 },
    now: () => Promise.resolve(now),
    set: (to) => {
      now = typeof to === 'number' ? to : Date.parse(`${to}T10:00:00Z`);
    },
  };
}

async function hire(house: House): Promise<Pick<Office, 'keys' | 'users'>> {
  const now = await house.clock.now();
  const hired = await house.db.transaction().execute(async (tx) => {
    const all: [Role, string, string][] = [];
    for (const role of roles) {
      const key = newKey();
      const id = await addUser(
        tx,
        now,
        { name: role, email: `${role}@relance.example`, role, language: 'en' },
        'test',
      );
      await storeKey(tx, now, id!, key, 'test');
      all.push([role, key.key, id!]);
    }
    // An insurer needs no mandate of a collection firm, nor the word of the creditor; test/api/firms.test.ts has firms that do.
    await tx.updateTable('firm').set({ kind: 'insurer' }).execute();
    return all;
  });
  return {
    keys: Object.fromEntries(hired.map(([role, key]) => [role, key])) as Record<Role, string>,
    users: Object.fromEntries(hired.map(([role, , id]) => [role, id])) as Record<Role, string>,
  };
}

/** An invoice with its first fact and its first ledger entry. */
async function register(
  house: House,
  given: InvoiceGiven & { creditorId: string; debtorId: string; number: string },
): Promise<string> {
  const invoiceId = uuidv7();
  const row = await house.db
    .selectFrom('debtor')
    .selectAll()
    .where('id', '=', given.debtorId)
    .executeTakeFirstOrThrow();
  const debtor: DebtorView = {
    kind: row.kind as DebtorKind,
    country: row.country,
    language: row.language as 'fr' | 'en',
    grade: row.grade,
    reach: { email: 1, sms: 1, call: 1, letter: 1 },
    insolventOn: row.insolvent_on,
    holds: [],
  };
  const scenarios = await house.rules.scenarios(house.db);
  const scenario = scenarioFor(scenarios, debtor, 'FR') ?? scenarios.at(-1)!;
  const {
    creditorId,
    debtorId,
    number,
    amountCents = 120_000,
    currency = 'EUR',
    paidBy = 'transfer',
    heldBecause,
  } = given;
  const dueDate =
    given.dueDate ?? new Date((await house.clock.now()) - 30 * 86_400_000).toISOString().slice(0, 10);
  const holds =
    heldBecause === undefined ? [] : [{ holdId: uuidv7(), reason: heldBecause, from: dueDate, until: null }];

  await atTheDesk(house, [debtorId], async (desk) => {
    const registered = {
      invoiceId,
      creditorId,
      debtorId,
      currency,
      amountCents,
      balanceCents: amountCents,
      issueDate: null,
      dueDate,
      paidBy,
      factored: false,
      debtor,
      holds,
      scenario,
    };
    await desk.open(
      {
        registered,
        number,
        term: 1,
        orderNumber: null,
        collector: given.collector ?? null,
        salesOwner: given.salesOwner ?? null,
        flags: [],
        importId: null,
        zone: row.zone,
      },
      ourselves,
    );
  });
  const entry = {
    id: uuidv7(),
    creditor_id: creditorId,
    debtor_id: debtorId,
    invoice_id: invoiceId,
    currency,
    amount_cents: amountCents,
  };
  const now = await house.clock.now();
  await house.db
    .insertInto('ledger_entry')
    .values({ ...entry, kind: 'invoice', day: dueDate, at: new Date(now) })
    .execute();
  return invoiceId;
}
