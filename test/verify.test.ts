import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { sql as query } from 'kysely';
import { openDatabase } from '../db/database.ts';
import type { Db } from '../db/database.ts';
import { atTheDesk, ourselves } from '../db/desk.ts';
import type { Verdict } from '../db/invariants.ts';
import { hashOf } from '../db/journal.ts';
import { uuidv7 } from '../db/uuid.ts';
import { report, verify } from '../verify.ts';
import { Story } from './stories/world.ts';

/**
 * A month in the life of a few invoices, lived by the real engine, and then tampered with behind its back.
 *
 * Each test breaks one thing by SQL, as somebody with the superuser's password would, and puts it back.
 */
let story: Story;
let sql: pg.Client;
let database: string;
const ids = { reminded: '', paid: '', disputed: '', handed: '', skipped: '' };

beforeAll(async () => {
  story = await Story.begin({ day: '2026-03-02' });
  const debtor = await story.debtor({ name: 'Boulangerie Leroy' });
  const other = await story.debtor({ name: 'Garage Vidal', scenario: 'risky' });
  const reminded = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-10' });
  const paid = await debtor.owes({ number: 'F-2', amount: 500, due: '2026-03-10' });
  const disputed = await debtor.owes({ number: 'F-3', amount: 80.5, due: '2026-03-10' });
  const skipped = await debtor.owes({ number: 'F-5', amount: 90, due: '2026-03-24' });
  const handed = await other.owes({ number: 'F-4', amount: 300, due: '2026-03-03' });
  await story.until('2026-03-16');
  await disputed.disputes();
  await skipped.skips('pre-due');
  await paid.pays();
  await story.until('2026-03-18');
  const stop = await story.people.stops('debtor', debtor.id);
  await story.until('2026-03-19');
  await story.people.lifts(stop);
  await story.until('2026-03-27');
  Object.assign(ids, {
    reminded: reminded.id,
    paid: paid.id,
    disputed: disputed.id,
    handed: handed.id,
    skipped: skipped.id,
  });

  const { rows } = await query<{ name: string }>`select current_database() as name`.execute(
    story.engine.house.db,
  );
  database = rows[0]!.name;
  sql = new pg.Client({ connectionString: urlOf() });
  await sql.connect();
  await sql.query('set session_replication_role = replica'); // Foreign keys would protect what is to be broken.
}, 120_000);
afterAll(async () => {
  await sql.end();
  await story.end();
});

describe('verify', () => {
  it('finds nothing broken and nothing skipped after a month of ordinary life', async () => {
    const verdicts = await look();

    expect(report(verdicts)).toEqual([`All ${verdicts.length} invariants hold.`]);
  });

  it('needs no right but to read', async () => {
    const auditor = `auditor_${database}`;
    await sql.query(
      `create role ${auditor} login password 'reads'; grant connect on database ${database} to ${auditor}; grant select on all tables in schema public to ${auditor}`,
    );
    const db = openDatabase(
      Object.assign(new URL(urlOf()), { username: auditor, password: 'reads' }).toString(),
    );
    const verdicts = await look(db);
    await db.destroy();
    await sql.query(`drop owned by ${auditor}; drop role ${auditor}`);

    expect(report(verdicts)).toEqual([`All ${verdicts.length} invariants hold.`]);
  });
});

describe('verify names what is broken:', () => {
  it('one asking that stands at the door twice (I01)', async () => {
    const broken = await breaking(
      ['contact_request'],
      `
      alter table contact_request drop constraint contact_request_invoice_id_step_occurrence_key;
      insert into contact_request select (jsonb_populate_record(r, jsonb_build_object('id', '${uuidv7()}'))).* from contact_request r where invoice_id = '${ids.reminded}' limit 1`,
    );
    await sql.query(
      'alter table contact_request add constraint contact_request_invoice_id_step_occurrence_key unique (invoice_id, step, occurrence)',
    );

    expect(broken).toEqual(['I01']);
  });

  it('a step that was repeated without a failure before it (I01)', async () => {
    const broken = await forging(ids.reminded, (fact) =>
      fact['type'] === 'stepRequested' ? { ...fact, occurrence: 2 } : fact,
    );

    expect(broken).toContain('I01');
  });

  it('two messages that left for one asking (I02)', async () => {
    const again = uuidv7();
    const broken = await breaking(
      ['message', 'message_line'],
      `
      insert into message select (jsonb_populate_record(m, jsonb_build_object('id', '${again}', 'key', 'again'))).* from message m where id = (${messageOf(ids.reminded)});
      insert into message_line select (jsonb_populate_record(l, jsonb_build_object('message_id', '${again}'))).* from message_line l where message_id = (${messageOf(ids.reminded)})`,
    );

    expect(broken).toContain('I02');
  });

  it('a message that was given up, left all the same, and is not flagged (I02)', async () => {
    const broken = await breaking(
      ['message'],
      `update message set state = 'cancelled' where id = (${messageOf(ids.reminded)})`,
    );

    expect(broken).toEqual(['I02']);
  });

  it('a message claimed after a fact that it did not know (I03)', async () => {
    const broken = await breaking(
      ['message'],
      `update message set recorded_at = recorded_at + interval '1 hour' where id = (${messageOf(ids.reminded)})`,
    );

    expect(broken).toContain('I03');
  });

  it('a message that asks for an invoice which was paid by then (I03)', async () => {
    const payment = `select fact from journal where subject = 'invoice/${ids.paid}' and type = 'paymentRecorded'`;
    const broken = await breaking(
      ['message_line'],
      `update message_line set fact = (${payment}) where invoice_id = '${ids.paid}'`,
    );

    expect(broken).toEqual(['I03']);
  });

  it('a message that was claimed while its debtor was stopped (I03)', async () => {
    const during = `select recorded_at + interval '1 microsecond' from journal where subject = 'stop' and type = 'stopPulled'`;
    const broken = await breaking(
      ['message', 'message_line', 'journal'],
      `
      insert into message_line select (jsonb_populate_record(l, jsonb_build_object('message_id', (${messageOf(ids.reminded)})))).*
        from message_line l where invoice_id = '${ids.skipped}' limit 1 on conflict do nothing;
      update message_line set fact = (select fact from invoice where id = '${ids.skipped}'), request_id = (select id from contact_request limit 1), balance_cents = 9000, asked_cents = 9000
        where message_id = (${messageOf(ids.reminded)}) and invoice_id = '${ids.skipped}';
      update message set recorded_at = (${during}) where id = (${messageOf(ids.reminded)})`,
    );

    expect(broken).toContain('I03');
  });

  it('a payment whose shares do not make up its amount (I04)', async () => {
    const broken = await breaking(['payment'], 'update payment set amount_cents = amount_cents + 1');

    expect(broken).toEqual(['I04', 'I26']);
  });

  it('a payment in another currency than what it settles (I04)', async () => {
    const broken = await breaking(['payment'], `update payment set currency = 'USD'`);

    expect(broken).toEqual(['I04', 'I26']);
  });

  it('interest on a balance that no payment has settled (I04)', async () => {
    const broken = await breaking(
      ['ledger_entry', 'invoice'],
      `with entry as (
        insert into ledger_entry select (jsonb_populate_record(e, jsonb_build_object('id', '${uuidv7()}', 'kind', 'interest', 'amount_cents', -1, 'payment_id', null))).* from ledger_entry e where invoice_id = '${ids.reminded}' limit 1)
      update invoice set balance_cents = balance_cents - 1 where id = '${ids.reminded}'`,
    );

    expect(broken).toContain('I04');
  });

  it('a balance that is not the sum of its ledger (I05)', async () => {
    const broken = await breaking(
      ['invoice'],
      `update invoice set balance_cents = balance_cents - 1 where id = '${ids.reminded}'`,
    );

    expect(broken).toEqual(['I05']);
  });

  it('credit that stands on an invoice instead of in the account (I05)', async () => {
    const broken = await breaking(
      ['ledger_entry'],
      `
      insert into ledger_entry select (jsonb_populate_record(e, jsonb_build_object('id', '${uuidv7()}', 'kind', 'write_off', 'amount_cents', -100, 'payment_id', null))).* from ledger_entry e where invoice_id = '${ids.paid}' limit 1`,
    );

    expect(broken).toEqual(['I05', 'I26']);
  });

  it('a word that nobody has delivered for eleven minutes (I06)', async () => {
    const broken = await breaking(
      ['outbox'],
      `
      insert into outbox (lane, workflow, type, recorded_at) values (0, 'debtor/${uuidv7()}', 'lookAgain', clock_timestamp() - interval '11 minutes')`,
    );

    expect(broken).toEqual(['I06']);
  });

  it('a fact that its workflow never heard of (I06)', async () => {
    const broken = await breaking(['invoice', 'journal', 'outbox'], () =>
      atTheDesk(story.engine.house, [], (desk) =>
        desk.state(ids.reminded, { type: 'promiseWithdrawn', promiseId: 'none' }, ourselves, { heard: true }),
      ),
    );

    expect(broken).toEqual(['I06']);
  });

  it('an entry of the journal that is not what was written (I09)', async () => {
    const broken = await breaking(
      ['journal'],
      `update journal set body = replace(body, 'stop', 'halt') where subject = 'stop' and seq = 1`,
    );

    expect(broken).toContain('I09');
  });

  it('a journal whose end was cut off (I09)', async () => {
    const broken = await breaking(
      ['journal'],
      `delete from journal where subject = 'invoice/${ids.paid}' and seq = (select max(seq) from journal where subject = 'invoice/${ids.paid}')`,
    );

    expect(broken).toContain('I09');
  });

  it('a journal whose invoice is gone (I09)', async () => {
    const broken = await breaking(
      ['journal'],
      `insert into journal (subject, seq, type, at, body, prev_hash, hash) values ('invoice/${uuidv7()}', 1, 'invoiceRegistered', now(), '{}', '', '')`,
    );

    expect(broken).toEqual(['I09']);
  });

  it('a skip without a reason, in a journal that was forged to its head (I15)', async () => {
    const broken = await forging(ids.skipped, (fact) =>
      fact['type'] === 'stepSkipped' ? { ...fact, reason: ' ' } : fact,
    );

    expect(broken).toEqual(['I15']);
  });

  it('a step that was asked for after a later one (I15)', async () => {
    const broken = await forging(ids.handed, (fact, index) =>
      fact['type'] === 'stepRequested' && index > 3 ? { ...fact, step: 'pre-due' } : fact,
    );

    expect(broken).toContain('I15');
  });

  it('an open invoice that nobody wakes and nobody works on (I17)', async () => {
    const broken = await breaking(
      ['task', 'invoice'],
      `
      update task set state = 'done' where id in (select task_id from task_invoice where invoice_id = '${ids.disputed}');
      update invoice set wake_at = null where id = '${ids.disputed}'`,
    );

    expect(broken).toContain('I17');
  });

  it('a file that should have woken long ago and did not (I17)', async () => {
    const { house, environment } = story.engine;
    const { wakeAt } = await house.db
      .selectFrom('invoice')
      .select(({ fn }) => fn.min('wake_at').as('wakeAt'))
      .where('open', '=', true)
      .executeTakeFirstOrThrow();
    const later = (minutes: number) =>
      verify({ db: house.db, client: environment.client, now: wakeAt! + minutes * 60_000 });

    const [soon, late] = [await later(25), await later(35)];

    expect(brokenOf(soon)).toEqual([]);
    expect(brokenOf(late)).toEqual(['I17']);
    expect(late.find(({ id }) => id === 'I17')?.offenders[0]?.what).toMatch(/^should have woken at 2026-/);
  });

  it('an import whose rows do not add up (I18)', async () => {
    const broken = await breaking(
      ['import'],
      `
      insert into import (id, sha256, name, state, answers, reading, rows, created, imported_by, at) values ('${uuidv7()}', 'x', 'a.csv', 'applied', '{}', '{}', 2, 1, 'test', now())`,
    );

    expect(broken).toEqual(['I18']);
  });

  it('an imported invoice that entered with another amount than its row (I18)', async () => {
    const importId = uuidv7();
    const broken = await breaking(
      ['import', 'import_row'],
      `
      insert into import (id, sha256, name, state, answers, reading, rows, created, imported_by, at) values ('${importId}', 'x', 'a.csv', 'applied', '{}', '{}', 1, 1, 'test', now());
      insert into import_row (import_id, place, line, state, content, amount_cents, currency, invoice_id) values ('${importId}', 1, 2, 'created', '{}', 120001, 'EUR', '${ids.reminded}')`,
    );

    expect(broken).toEqual(['I18']);
  });

  it('a stored file that is not the fold of its facts', async () => {
    const broken = await breaking(
      ['invoice'],
      `update invoice set collection = jsonb_set(collection, '{extraDays}', '15') where id = '${ids.paid}'`,
    );

    expect(broken).toEqual(['folds']);
  });

  it('a wake-up that is not what the rules decide', async () => {
    const broken = await breaking(
      ['invoice'],
      `update invoice set wake_at = wake_at + interval '1 day' where id = '${ids.skipped}'`,
    );

    expect(broken).toEqual(['folds']);
  });

  it('a level that was never reached', async () => {
    const broken = await breaking(
      ['invoice'],
      `update invoice set level = 'formal_notice' where id = '${ids.skipped}'`,
    );

    expect(broken).toEqual(['folds']);
  });

  it('an open invoice whose workflow is gone (I07)', async () => {
    await story.engine.environment.client.workflow.getHandle(`invoice/${ids.reminded}`).terminate('a test');

    expect(brokenOf(await look())).toEqual(['I07']);
  });
});

describe('verify without Temporal', () => {
  it('looks at all that the database can tell, and says what it left out', async () => {
    const { house, environment } = story.engine;
    const nobody = Object.assign(
      Object.create(Object.getPrototypeOf(environment.client) as object),
      environment.client,
      {
        connection: { ensureConnected: () => Promise.reject(new Error('connection refused')) },
      },
    ) as typeof environment.client;
    const verdicts = await verify({ db: house.db, client: nobody, now: await house.clock.now() });

    expect(report(verdicts).filter((line) => line.includes('in part'))).toHaveLength(3);
  });
});

function urlOf(): string {
  return Object.assign(new URL(inject('postgresSuperUrl')), { pathname: `/${database}` }).toString();
}

async function look(db: Db = story.engine.house.db): Promise<readonly Verdict[]> {
  const { house, environment } = story.engine;
  return verify({ db, client: environment.client, now: await house.clock.now() });
}

function brokenOf(verdicts: readonly Verdict[]): readonly string[] {
  return verdicts.filter(({ count }) => count > 0).map(({ id }) => id);
}

function messageOf(invoiceId: string): string {
  return `select message_id from message_line where invoice_id = '${invoiceId}' and request_id is not null order by message_id limit 1`;
}

/** What verify calls broken once the statements have run; the tables are then as they were. */
async function breaking(
  tables: readonly string[],
  statements: string | (() => Promise<unknown>),
): Promise<readonly string[]> {
  for (const table of tables) await sql.query(`create table saved_${table} as table ${table}`);
  try {
    await (typeof statements === 'string' ? sql.query(statements) : statements());
    return brokenOf(await look());
  } finally {
    for (const table of tables) {
      await sql.query(`delete from ${table}`);
      const { rows } = await sql.query<{ names: string }>(
        `select string_agg(quote_ident(attname), ', ') as names from pg_attribute where attrelid = '${table}'::regclass and attnum > 0 and not attisdropped`,
      );
      await sql.query(
        `insert into ${table} (${rows[0]!.names}) overriding system value select ${rows[0]!.names} from saved_${table}`,
      );
      await sql.query(`drop table saved_${table}`);
    }
  }
}

/** Rewrites facts of an invoice with hashes that fit again up to the head, as a forger with all rights could. */
async function forging(
  invoiceId: string,
  change: (fact: Record<string, unknown>, index: number) => object,
): Promise<readonly string[]> {
  const subject = `invoice/${invoiceId}`;
  const { rows } = await sql.query<{
    seq: number;
    fact: number | null;
    type: string;
    at: Date;
    body: string;
    prev_hash: string;
  }>('select * from journal where subject = $1 order by seq', [subject]);
  let before = rows[0]!.prev_hash;
  const statements = rows.map(({ seq, fact, type, at, body }, index) => {
    const text =
      fact === null ? body : JSON.stringify(change(JSON.parse(body) as Record<string, unknown>, index));
    const hash = hashOf(before, seq, { fact, type, at: at.getTime(), body: text });
    const statement = `update journal set body = ${pg.escapeLiteral(text)}, prev_hash = '${before}', hash = '${hash}' where subject = '${subject}' and seq = ${seq}`;
    before = hash;
    return statement;
  });
  return breaking(
    ['journal', 'invoice'],
    [...statements, `update invoice set journal_hash = '${before}' where id = '${invoiceId}'`].join(';'),
  );
}
