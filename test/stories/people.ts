import type { FastifyInstance } from 'fastify';
import { buildApi } from '../../api/app.ts';
import type { DoorSettings, HouseSettings } from '../../db/settings.ts';
import type { StopScope } from '../../db/stops.ts';
import { newKey, storeKey } from '../../db/keys.ts';
import { addUser } from '../../db/users.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { atTheDesk } from '../../db/desk.ts';
import type { FactBody, TaskKind, TaskOutcome } from '../../domain/fact.ts';
import type { Role } from '../../domain/role.ts';
import type { CivilDate } from '../../domain/time.ts';
import type { Engine } from '../setup/engine.ts';
import { settingsWith } from '../setup/settings.ts';
import { setHouse } from '../setup/set-house.ts';

/** Money that somebody pays, in cents. */
export interface Paid {
  readonly creditorId: string;
  readonly debtorId: string;
  readonly amount: { readonly amount: number; readonly currency: string };
  /** Which invoices it settles; empty: none for now; absent: the rules say. */
  readonly allocations?: readonly { readonly invoiceId: string; readonly amount: number }[];
  /** What the bank wrote with it. */
  readonly reference?: string;
}

/**
 * What people do in stories, through the API as their programs would: the one place where a story touches Relance from
 * outside.
 *
 * Each act throws when it is refused, because a story in which nothing happened would prove nothing; and it ends when
 * all that it set off has come to rest.
 */
export class People {
  readonly #engine: Engine;
  readonly #app: FastifyInstance;
  readonly #key: string;
  readonly #colleagues: Readonly<Record<string, string>>;

  private constructor(
    engine: Engine,
    app: FastifyInstance,
    name: string,
    keys: Readonly<Record<string, string>>,
  ) {
    this.#engine = engine;
    this.#app = app;
    this.#key = keys[name] ?? '';
    this.#colleagues = keys;
  }

  /**
   * Hires Chloé, who collects, and Marc, who manages credit; what is done is done by Marc. Where four eyes are needed there
   * is Ada too, who administers.
   */
  static async hire(engine: Engine, fourEyes: boolean): Promise<People> {
    const { house } = engine;
    await setHouse(house, { fourEyes });
    const app = await buildApi({ house, config: settingsWith() });
    const now = await house.clock.now();
    const staff: readonly (readonly [name: string, mail: string, role: Role])[] = [
      ['Chloé', 'chloe', 'collector'],
      ['Marc', 'marc', 'credit_manager'],
      ...(fourEyes ? ([['Ada', 'ada', 'admin']] as const) : []),
    ];
    const keys: Record<string, string> = {};
    await house.db.transaction().execute(async (tx) => {
      for (const [name, mail, role] of staff) {
        const key = newKey();
        const email = `${mail}@martin.example`;
        const id = await addUser(tx, now, { name, email, role, language: 'fr' }, 'story');
        await storeKey(tx, now, id ?? '', key, 'story');
        keys[name] = key.key;
      }
    });
    return new People(engine, app, 'Marc', keys);
  }

  /** The same people, acting as another one of them. */
  as(name: 'Chloé' | 'Marc' | 'Ada'): People {
    return new People(this.#engine, this.#app, name, this.#colleagues);
  }

  async leave(): Promise<void> {
    await this.#app.close();
  }

  /** Asks the API and lets what follows come to rest; answers what it said. */
  async ask(method: 'GET' | 'POST' | 'PATCH', path: string, body?: object): Promise<Said> {
    const response = await this.#app.inject({
      method,
      url: `/v1${path}`,
      headers: { authorization: `Bearer ${this.#key}` },
      ...(body === undefined ? {} : { payload: body }),
    });
    if (response.statusCode >= 300)
      throw new Error(`${method} ${path} was answered with ${response.statusCode}: ${response.body}`);
    if (method !== 'GET') await this.#engine.settle();
    return response.json();
  }

  async pays(paid: Paid): Promise<string> {
    return (await this.ask('POST', '/payments', { ...paid, valueDate: await this.#today() })).id;
  }

  async creditNote(credited: Paid): Promise<string> {
    return (
      await this.ask('POST', '/credit-notes', {
        ...credited,
        number: `AV-${uuidv7().slice(-8)}`,
        issueDate: await this.#today(),
      })
    ).id;
  }

  /** Answers the task of that kind that is open for the invoice, for every invoice that it is about. */
  async answersTask(
    invoiceId: string,
    kind: TaskKind,
    outcome: TaskOutcome,
    more: {
      postedOn?: CivilDate;
      presentedOn?: CivilDate;
      trackingNumber?: string;
      electronic?: boolean;
      reason?: string;
    } = {},
  ): Promise<void> {
    const { items } = await this.ask('GET', `/tasks?invoice=${invoiceId}&kind=${kind}`);
    if (!items[0]) throw new Error(`no task "${kind}" is open`);
    await this.ask('POST', `/tasks/${items[0].id}/outcome`, { outcome, ...more });
  }

  /** Says yes to the draft that shows the invoice, as it stands now. */
  async approvesDraftOf(invoiceId: string, word: { freeText?: string } = {}): Promise<void> {
    const { items } = await this.ask('GET', `/drafts?invoice=${invoiceId}`);
    if (!items[0]) throw new Error('no draft waits for a word');
    await this.ask('POST', `/drafts/${items[0].id}/approval`, { digest: items[0].digest, ...word });
  }

  /** Answers the question that is open about the invoice. */
  async decides(invoiceId: string, decision: 'approve' | 'refuse', reason?: string): Promise<void> {
    const { items } = await this.ask('GET', `/approvals?invoice=${invoiceId}`);
    if (!items[0]) throw new Error('nothing waits for an answer');
    const why = reason === undefined ? {} : { reason };
    await this.ask('POST', `/approvals/${items[0].id}/decision`, { decision, ...why });
  }

  async stops(scope: StopScope, subjectId?: string, more: { until?: CivilDate } = {}): Promise<string> {
    return (
      await this.ask('POST', '/stops', {
        scope,
        ...(subjectId === undefined ? {} : { subjectId }),
        reason: 'wrong bank details',
        ...more,
      })
    ).id;
  }

  async lifts(stopId: string): Promise<void> {
    await this.ask('POST', `/stops/${stopId}/lift`);
  }

  async stopsInForce(): Promise<Said['items']> {
    return (await this.ask('GET', '/stops')).items;
  }

  async setting(change: Partial<HouseSettings>): Promise<void> {
    await this.ask('PATCH', '/settings', change);
  }

  async setsDoor(change: Partial<DoorSettings>): Promise<void> {
    await this.ask('PATCH', '/settings', change);
  }

  /** What a carrier reports about a message of the invoice; carriers have no route of their own yet. */
  async carrierReports(invoiceId: string, body: FactBody): Promise<void> {
    const { debtor_id: debtorId } = await this.#engine.house.db
      .selectFrom('invoice')
      .select('debtor_id')
      .where('id', '=', invoiceId)
      .executeTakeFirstOrThrow();
    await atTheDesk(this.#engine.house, [debtorId], (desk) =>
      desk.state(invoiceId, body, { kind: 'provider', id: 'mail' }),
    );
    await this.#engine.settle();
  }

  async #today(): Promise<CivilDate> {
    // Stories act between eight and eighteen, when Paris and UTC agree on the day.
    return new Date(await this.#engine.house.clock.now()).toISOString().slice(0, 10);
  }
}

/** What stories read of answers. */
export interface Said {
  readonly id: string;
  readonly items: readonly { readonly id: string; readonly digest: string }[];
  readonly disputeId: string;
  readonly holdId: string;
  readonly contactId: string;
  readonly invoice: { readonly id: string };
}
