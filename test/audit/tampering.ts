import pg from 'pg';
import type { InvariantId } from '../../db/invariants.ts';
import { hashOf } from '../../db/journal.ts';
import { brokenIn } from '../setup/broken-in.ts';
import type { Office } from '../setup/office.ts';

/** An entry as the table has it. */
export interface Row {
  readonly seq: number;
  readonly fact: number | null;
  readonly type: string;
  readonly at: Date;
  readonly body: string;
  readonly prev_hash: string;
  readonly hash: string;
}

/**
 * Somebody with the superuser's password, who changes a database behind the back of the application and puts it back.
 *
 * No foreign key and no right holds him up.
 */
export class Intruder {
  readonly #office: Office;
  readonly #client: pg.Client;

  private constructor(office: Office, client: pg.Client) {
    this.#office = office;
    this.#client = client;
  }

  static async enter(office: Office): Promise<Intruder> {
    const client = new pg.Client({ connectionString: office.database.superUrl });
    await client.connect();
    await client.query('set session_replication_role = replica');
    return new Intruder(office, client);
  }

  leave(): Promise<void> {
    return this.#client.end();
  }

  async run(statements: string): Promise<void> {
    await this.#client.query(statements);
  }

  async entriesOf(subject: string): Promise<readonly Row[]> {
    const { rows } = await this.#client.query<Row>('select * from journal where subject = $1 order by seq', [
      subject,
    ]);
    return rows;
  }

  /** What `look` finds once the statements have run; the tables are as they were afterwards. */
  async meanwhile<T>(tables: readonly string[], statements: string, look: () => Promise<T>): Promise<T> {
    for (const table of tables) await this.run(`create table saved_${table} as table ${table}`);
    try {
      await this.run(statements);
      return await look();
    } finally {
      for (const table of tables) {
        await this.run(`delete from ${table}`);
        await this.run(`insert into ${table} overriding system value select * from saved_${table}`);
        await this.run(`drop table saved_${table}`);
      }
    }
  }

  /** What `verify` finds of one invariant once the statements have run, as `subject what`. */
  async found(
    invariant: InvariantId,
    tables: readonly string[],
    statements: string,
  ): Promise<readonly string[]> {
    const found = await this.meanwhile(tables, statements, () => brokenIn(this.#office.house));
    return (found.get(invariant) ?? []).map(({ subject, what }) => `${subject} ${what}`);
  }

  /** Statements that write a chain anew with other bodies, every hash right, up to the head that its invoice names. */
  async rewriting(subject: string, change: (body: string, row: Row) => string): Promise<string> {
    const rows = await this.entriesOf(subject);
    let before = rows[0]?.prev_hash ?? '';
    const statements = rows.map((row) => {
      const body = change(row.body, row);
      const hash = hashOf(before, row.seq, { ...row, at: row.at.getTime(), body });
      const statement = `update journal set body = ${pg.escapeLiteral(body)}, prev_hash = '${before}', hash = '${hash}' where subject = '${subject}' and seq = ${row.seq}`;
      before = hash;
      return statement;
    });
    const head = `update invoice set journal_hash = '${before}' where 'invoice/' || id = '${subject}'`;
    return [...statements, head].join(';\n');
  }
}
