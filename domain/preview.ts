import { apply } from './apply.ts';
import { dayAt } from './calendar.ts';
import type { Collection } from './collection.ts';
import { insolvencySideOf } from './insolvency/claim-side.ts';
import { rankOf } from './level.ts';
import type { Level } from './level.ts';
import { lifeAhead } from './life-ahead.ts';
import type { PlannedStep } from './life-ahead.ts';
import type { Channel } from './message.ts';
import type { CivilDate, Instant } from './time.ts';

/** An invoice whose life is to be foreseen, and what its creditor lacks to send anything. */
export interface Previewed {
  readonly collection: Collection;
  readonly creditorMissing: readonly string[];
}

/** Messages of one day, level and channel. */
export interface PreviewDay {
  readonly day: CivilDate;
  readonly level: Level;
  readonly channel: Channel;
  readonly mode: PlannedStep['mode'];
  readonly messages: number;
  /** Invoices that take a step with them. */
  readonly invoices: number;
  /** Messages that would not leave because their creditor is to be completed. */
  readonly blocked: number;
}

/** Invoices of which nobody will hear, and why. */
export interface Silent {
  readonly code: string;
  readonly detail: string | null;
  readonly invoiceIds: readonly string[];
}

export interface Preview {
  readonly days: readonly PreviewDay[];
  readonly silent: readonly Silent[];
}

/**
 * What would leave, and when, if these invoices were released now and nobody answered.
 *
 * Each life is the one that `decide` would live; what falls on one day for one debtor and creditor, by one channel, is
 * one message in the tone of its highest level, as the door would make it. A formal notice stands alone.
 */
export class Foresight {
  readonly #hold: string;
  readonly #now: Instant;
  readonly #messages = new Map<string, Planned>();
  readonly #lives = new Map<string, Life>();
  readonly #silent = new Map<string, { code: string; detail: string | null; invoiceIds: string[] }>();

  /** `hold` names the holds that the release would lift. */
  constructor(hold: string, now: Instant) {
    this.#hold = hold;
    this.#now = now;
  }

  /** Lives the life of one more invoice. */
  add({ collection, creditorMissing }: Previewed): void {
    const file = released(collection, this.#hold, this.#now);
    const { steps, silence } = this.#life(file);
    if (silence) {
      const key = `${silence.code}/${silence.detail ?? ''}`;
      const group = this.#silent.get(key) ?? { ...silence, invoiceIds: [] };
      group.invoiceIds.push(collection.invoiceId);
      this.#silent.set(key, group);
    }
    for (const step of steps) plan(this.#messages, collection, step, creditorMissing.length > 0);
  }

  /** A life takes about a millisecond, and most invoices of a file live one of a few. */
  #life(file: Collection): Life {
    const likeness = likenessOf(file);
    const known = likeness === null ? undefined : this.#lives.get(likeness);
    const life = known ?? lifeOf(file, this.#now);
    if (likeness !== null && !known) this.#lives.set(likeness, life);
    return life;
  }

  /** What the lives come to so far: days in their order, the commonest silence first. */
  result(): Preview {
    const silent = [...this.#silent.values()].sort((a, b) => b.invoiceIds.length - a.invoiceIds.length);
    return { days: byDay([...this.#messages.values()]), silent };
  }
}

interface Life {
  readonly steps: readonly Foreseen[];
  /** Why nothing would ever leave; null when something would. */
  readonly silence: { readonly code: string; readonly detail: string | null } | null;
}

type Foreseen = Pick<PlannedStep, 'level' | 'channel' | 'mode'> & { readonly day: CivilDate };

function lifeOf(file: Collection, now: Instant): Life {
  const { steps, then } = lifeAhead(file, now);
  const [reason] = then;
  return {
    // The last step is our own hand-over: nothing leaves with it.
    steps: steps
      .filter(({ channel }) => channel !== 'internal')
      .map(({ level, channel, mode, at }) => ({ level, channel, mode, day: dayAt(file.calendar, at) })),
    silence:
      steps.length > 0 ? null : { code: reason?.code ?? 'nothing_planned', detail: reason?.detail ?? null },
  };
}

/**
 * What a life depends on, as far as its days go: files of one likeness live the same days. Null when money matters to
 * it. Ids only spread steps over the hours of a day.
 */
function likenessOf(file: Collection): string | null {
  const isPlain =
    file.steps.length === 0 && file.disputes.length === 0 && file.promise === null && file.balanceCents > 0;
  if (!isPlain || file.scenario.steps.some(({ conditions }) => conditions?.askedCentsMin !== undefined))
    return null;
  const {
    invoiceId: _i,
    creditorId: _c,
    debtorId: _d,
    amountCents: _a,
    balanceCents: _b,
    issueDate: _o,
    fact: _f,
    currency: _u,
    scenario,
    calendar,
    ...rest
  } = file;
  return JSON.stringify([rest, scenario.id, calendar.id, insolvencySideOf(file)?.side ?? null]);
}

interface Planned {
  readonly day: CivilDate;
  readonly channel: Channel;
  readonly blocked: boolean;
  level: Level;
  mode: PlannedStep['mode'];
  invoices: number;
}

function plan(
  messages: Map<string, Planned>,
  collection: Collection,
  step: Foreseen,
  blocked: boolean,
): void {
  const { day, channel, level, mode } = step;
  const alone = level === 'formal_notice' ? 'notice' : '';
  const key = [collection.debtorId, collection.creditorId, day, channel, alone].join('/');
  const message = messages.get(key);
  if (!message) {
    messages.set(key, { day, channel, blocked, level, mode, invoices: 1 });
    return;
  }
  message.invoices += 1;
  if (rankOf(level) > rankOf(message.level)) [message.level, message.mode] = [level, mode];
}

function byDay(messages: readonly Planned[]): readonly PreviewDay[] {
  const days = new Map<string, { -readonly [Key in keyof PreviewDay]: PreviewDay[Key] }>();
  for (const { day, level, channel, mode, invoices, blocked } of messages) {
    const key = [day, rankOf(level), channel, mode].join('/');
    const sum = days.get(key) ?? { day, level, channel, mode, messages: 0, invoices: 0, blocked: 0 };
    sum.messages += 1;
    sum.invoices += invoices;
    sum.blocked += blocked ? 1 : 0;
    days.set(key, sum);
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

/** The invoice as it would be once the hold of its import is lifted. */
function released(collection: Collection, hold: string, now: Instant): Collection {
  return collection.holds
    .filter(({ reason }) => reason === hold)
    .reduce(
      (file, { holdId }) =>
        apply(file, {
          type: 'holdLifted',
          holdId,
          n: file.fact + 1,
          at: now,
          day: dayAt(file.calendar, now),
          by: { kind: 'relance', id: 'foresight' },
        }),
      collection,
    );
}
