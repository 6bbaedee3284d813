import type { Calendar } from '../domain/calendar.ts';
import type { Scenario } from '../domain/scenario.ts';
import type { CivilDate } from '../domain/time.ts';
import { calendarCovering, calendarIdOf } from './calendars.ts';
import type { Db, Tx } from './database.ts';

/**
 * Scenario versions and calendars, read once per process.
 *
 * Both are immutable rows: a Collection and a fact are stored with their ids alone (100,000 files would else repeat the
 * same 4 kB each), and get the whole content back here before anybody decides with them.
 */
export class Rules {
  readonly #scenarios = new Map<string, Scenario>();
  readonly #calendars = new Map<string, Calendar>();
  /** Per transaction: one that is rolled back takes the calendar that it wrote with it. */
  readonly #writtenIn = new WeakMap<Db | Tx, Set<string>>();

  /** All published scenario versions, most particular audience first. */
  async scenarios(db: Db | Tx): Promise<readonly Scenario[]> {
    const rows = await db.selectFrom('scenario_version').select(['id', 'content']).orderBy('rank').execute();
    return rows.map((row) => this.#keep(this.#scenarios, row.id, row.content as Scenario));
  }

  /** The version with this id; throws when it was never published here. */
  async scenario(db: Db | Tx, id: string): Promise<Scenario> {
    const known = this.#scenarios.get(id);
    if (known) return known;
    const row = await db
      .selectFrom('scenario_version')
      .select('content')
      .where('id', '=', id)
      .executeTakeFirst();
    if (!row) throw new Error(`scenario version ${id} is not published in this database`);
    return this.#keep(this.#scenarios, id, row.content as Scenario);
  }

  /** The calendar with this id; throws when no file was ever opened with it. */
  async calendar(db: Db | Tx, id: string): Promise<Calendar> {
    const known = this.#calendars.get(id);
    if (known) return known;
    const row = await db.selectFrom('calendar').select('content').where('id', '=', id).executeTakeFirst();
    if (!row) throw new Error(`calendar ${id} is not in this database`);
    return this.#keep(this.#calendars, id, row.content as Calendar);
  }

  /** The calendar of a country and zone that covers the year of `day` and the two after it, written down at its first use. */
  async calendarFrom(db: Db | Tx, country: string, zone: string, day: CivilDate): Promise<Calendar> {
    const id = calendarIdOf(country, zone, Number(day.slice(0, 4)));
    const written = this.#writtenIn.get(db) ?? new Set<string>();
    this.#writtenIn.set(db, written);
    if (!written.has(id)) {
      await this.#writeCalendar(db, id, () => calendarCovering(country, zone, Number(day.slice(0, 4))));
      written.add(id);
    }
    return this.calendar(db, id);
  }

  /** Another process may have written it first, from other tables of holidays: what is stored holds. */
  async #writeCalendar(db: Db | Tx, id: string, make: () => Calendar): Promise<void> {
    const stored = await db.selectFrom('calendar').select('content').where('id', '=', id).executeTakeFirst();
    if (stored) {
      this.#keep(this.#calendars, id, stored.content as Calendar);
      return;
    }
    await db
      .insertInto('calendar')
      .values({ id, content: JSON.stringify(make()) })
      .onConflict((clash) => clash.doNothing())
      .execute();
  }

  #keep<T>(shelf: Map<string, T>, id: string, content: T): T {
    shelf.set(id, content);
    return content;
  }
}
