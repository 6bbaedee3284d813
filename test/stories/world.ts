import { randomInt } from 'node:crypto';
import { expect, onTestFinished } from 'vitest';
import { calendarCovering } from '../../db/calendars.ts';
import { addCreditor } from '../../db/creditors.ts';
import type { CreditorChange } from '../../db/creditors.ts';
import { uuidv7 } from '../../db/uuid.ts';
import { dayAt, instantAt } from '../../domain/calendar.ts';
import type { DebtorKind } from '../../domain/debtor.ts';
import type { PaidBy } from '../../domain/fact.ts';
import { addDays, dayMs, hourMs } from '../../domain/time.ts';
import type { CivilDate, Instant } from '../../domain/time.ts';
import { departuresOf } from '../setup/decided-again.ts';
import { startEngine } from '../setup/engine.ts';
import type { Engine, EngineOptions } from '../setup/engine.ts';
import { Invoice } from './invoice.ts';
import { lettersOf, line, mailsToUs } from './letters.ts';
import type { Letter } from './letters.ts';
import { People } from './people.ts';

/** How a shipped scenario comes to be chosen: what is known of the debtor. */
const audiences = {
  standard: {},
  'good-payer': { grade: 'A' },
  risky: { grade: 'D' },
  'public-body': { kind: 'public' },
  abroad: { country: 'DE', zone: 'Europe/Berlin', language: 'en' },
} as const;

export interface DebtorGiven {
  readonly name?: string;
  readonly scenario?: keyof typeof audiences;
  readonly kind?: DebtorKind;
  /** Whom we can reach and how; a debtor has everything unless it is taken away. */
  readonly contacts?: readonly ContactGiven[];
}

export interface ContactGiven {
  readonly role?: 'billing' | 'escalation' | 'legal';
  readonly email?: string | null;
  readonly mobile?: string | null;
  readonly phone?: string | null;
  readonly address?: readonly string[];
}

export interface InvoiceGiven {
  readonly number: string;
  /** In the currency, not in cents: `1200` or `1234.56`. */
  readonly amount: number;
  readonly due: CivilDate;
  readonly currency?: string;
  readonly creditor?: string;
  readonly paidBy?: PaidBy;
  readonly factored?: boolean;
}

/** Business days of the stories are those of 2026 in Paris, with its real holidays. */
const paris = calendarCovering('FR', 'Europe/Paris', 2026);

/** People come in at eight, before any message leaves; by six all messages of the day have left. */
const morningHour = 8;
const eveningHour = 18;

/**
 * The world in which stories are told: one creditor, his people, and debtors who get letters.
 *
 * A story says what happens on which day, and what the debtor then finds in his post. Behind it are the real engine and
 * the real database; only time is the time-skipping server's. Whatever a person does is done in the morning or in the
 * evening, outside the hours in which messages leave, so that no story depends on a debtor's hour.
 */
export class Story {
  readonly engine: Engine;
  readonly people: People;
  readonly creditor: string;
  #delayedDays = 0;

  private constructor(engine: Engine, people: People, creditor: string) {
    this.engine = engine;
    this.people = people;
    this.creditor = creditor;
  }

  static async begin({
    day = '2026-03-02',
    fourEyes = false,
    ...engineOptions
  }: { day?: CivilDate; fourEyes?: boolean } & EngineOptions = {}): Promise<Story> {
    const engine = await startEngine(instantAt(paris, day, morningHour * hourMs), engineOptions);
    const people = await People.hire(engine, fourEyes);
    return new Story(engine, people, await creditorIn(engine, 'Ateliers Martin'));
  }

  /** Another creditor of the same house; `without` leaves out what it needs to send. */
  creditorNamed(name: string, without: readonly (keyof CreditorChange)[] = []): Promise<string> {
    return creditorIn(this.engine, name, without);
  }

  async debtor({
    name = `Société ${randomInt(1e9)}`,
    scenario = 'standard',
    kind,
    contacts = [{}],
  }: DebtorGiven = {}): Promise<Debtor> {
    const { db, clock } = this.engine.house;
    const id = uuidv7();
    const siren = newSiren();
    const at = new Date(await clock.now());
    const known = { ...audiences[scenario], ...(kind ? { kind } : {}) };
    await db
      .insertInto('debtor')
      .values({ id, key: `siren:${siren}`, name, siren, ...known, created_at: at })
      .execute();
    await db
      .insertInto('debtor_key')
      .values({ key: `siren:${siren}`, debtor_id: id })
      .execute();
    for (const [place, contact] of contacts.entries()) {
      const {
        role = 'billing',
        email = `compta${place}@${siren}.example`,
        mobile = '+33612345678',
        phone = '+33472123456',
        address = ['3 place du Marché', '33000 Bordeaux'],
      } = contact;
      await db
        .insertInto('contact')
        .values({
          id: uuidv7(),
          debtor_id: id,
          role,
          name: 'Claire Petit',
          email,
          mobile,
          phone,
          address: [...address],
          created_at: at,
        })
        .execute();
    }
    return new Debtor(this, id, name, siren);
  }

  /** Goes on to the morning of that day, before anything leaves. */
  morning(day: CivilDate): Promise<void> {
    return this.#go(day, morningHour);
  }

  /** Goes on to the evening of that day, when everything has left that leaves on it. */
  until(day: CivilDate): Promise<void> {
    return this.#go(day, eveningHour);
  }

  /** Goes on to that hour of the day, while messages are leaving. */
  hour(day: CivilDate, hour: number): Promise<void> {
    return this.#go(day, hour);
  }

  /** Everything that decides and sends is down from now on for so many days; the world goes on, and so do people. */
  async outage(days: number, meanwhile: () => Promise<void> = async () => {}): Promise<void> {
    const now = await this.engine.house.clock.now();
    this.delayed(days);
    await this.engine.stopWorkers();
    await meanwhile();
    await this.engine.liveUntil(instantAt(paris, addDays(dayAt(paris, now), days), morningHour * hourMs));
    await this.engine.startWorkers();
    await this.engine.settle();
  }

  /** Says that for so many days nothing could be done when it was due: the audit at its end finds it late by no more. */
  delayed(days: number): void {
    this.#delayedDays += days;
  }

  async today(): Promise<CivilDate> {
    return dayAt(paris, await this.engine.house.clock.now());
  }

  /** What our own people were told by mail, as `day who template`. */
  toldOurPeople(): Promise<readonly string[]> {
    return mailsToUs(this.engine.house, paris);
  }

  /** Every story is audited when it ends: whatever was done in it must be what its rules answer to its facts. */
  async end(): Promise<void> {
    await this.people.leave();
    try {
      await this.engine.settle();
      expect(await departuresOf(this.engine.house, this.#delayedDays * dayMs)).toEqual([]);
    } finally {
      await this.engine.stop();
    }
  }

  async #go(day: CivilDate, hour: number): Promise<void> {
    const moment = instantAt(paris, day, hour * hourMs);
    if (moment < (await this.engine.house.clock.now()))
      throw new Error(`the story has passed ${day} ${hour}:00 already`);
    await this.engine.liveUntil(moment);
  }
}

/** Somebody who owes, and what he finds in his post. */
export class Debtor {
  readonly story: Story;
  readonly id: string;
  readonly name: string;
  readonly #siren: string;

  constructor(story: Story, id: string, name: string, siren: string) {
    this.story = story;
    this.id = id;
    this.name = name;
    this.#siren = siren;
  }

  /** An invoice that Relance hears of today. */
  async owes({
    number,
    amount,
    due,
    currency = 'EUR',
    creditor = this.story.creditor,
    paidBy,
    factored,
  }: InvoiceGiven): Promise<Invoice> {
    const { invoice } = await this.story.people.ask('POST', '/invoices', {
      creditorId: creditor,
      debtor: { name: this.name, siren: this.#siren },
      number,
      issueDate: addDays(due, -30),
      dueDate: due,
      amount: { amount: Math.round(amount * 100), currency },
      ...(paidBy ? { paymentMethod: paidBy } : {}),
      ...(factored === undefined ? {} : { factored }),
    });
    return new Invoice(this.story, this.id, invoice.id, currency);
  }

  /** Nobody has told us his number. */
  async hasNoSiren(): Promise<void> {
    await this.story.engine.house.db
      .updateTable('debtor')
      .set({ siren: null })
      .where('id', '=', this.id)
      .execute();
  }

  /** Pays so many cents without a word for what; nobody has allocated them. Answers the payment. */
  paysForNothing(cents: number): Promise<string> {
    return this.story.people.pays({
      creditorId: this.story.creditor,
      debtorId: this.id,
      amount: { amount: cents, currency: 'EUR' },
      allocations: [],
    });
  }

  /** What he got, oldest first. */
  letters(): Promise<readonly Letter[]> {
    return lettersOf(this.story.engine.house, paris, this.id);
  }

  /** The same, a line each: `2026-03-19 email reminder F-1 1200.00 EUR`. */
  async post(): Promise<readonly string[]> {
    return (await this.letters()).map(line);
  }

  /** The questions about him that were put to people, oldest first: how a file goes on, whether it is handed over. */
  async questions(): Promise<readonly { day: CivilDate; kind: string }[]> {
    const rows = await this.story.engine.house.db
      .selectFrom('task')
      .select(['kind', 'opened_at'])
      .where('debtor_id', '=', this.id)
      .where('kind', 'in', ['hand_over', 'escalation'])
      .orderBy('id')
      .execute();
    return rows.map((row) => ({ day: dayAt(paris, row.opened_at), kind: row.kind }));
  }
}

/** A story of its own for one test, which ends with it. */
export async function begin(given: Parameters<typeof Story.begin>[0] = {}): Promise<Story> {
  const story = await Story.begin(given);
  onTestFinished(() => story.end());
  return story;
}

/** Eight digits and the one that makes them pass the check. */
function newSiren(): string {
  const digits = String(randomInt(10_000_000, 100_000_000));
  const sum = [...digits].reduce(
    (total, digit, place) =>
      total + (place % 2 === 0 ? Number(digit) : [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)]!),
    0,
  );
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

async function creditorIn(
  engine: Engine,
  name: string,
  without: readonly (keyof CreditorChange)[] = [],
): Promise<string> {
  const whole: CreditorChange = {
    legal_name: `${name} SAS`,
    siren: '732829320',
    address: ['12 rue des Forges', '69003 Lyon'],
    iban: 'FR1420041010050500013M02606',
    sender_name: 'Service comptable',
    reply_to: 'compta@martin.example',
    sector: 'general',
  };
  const given = Object.fromEntries(
    Object.entries(whole).filter(([field]) => !without.includes(field as keyof CreditorChange)),
  );
  const now: Instant = await engine.house.clock.now();
  const row = await engine.house.db.transaction().execute((tx) => addCreditor(tx, now, name, given, 'story'));
  if (!row) throw new Error(`there is a creditor ${name} already`);
  return row.id;
}
