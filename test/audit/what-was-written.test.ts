import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashOf } from '../../db/journal.ts';
import { brokenIn } from '../setup/broken-in.ts';
import { livedIn } from './lived-in.ts';
import type { LivedIn } from './lived-in.ts';
import { Intruder } from './tampering.ts';

/** What nobody may change past the application: each is changed by SQL, with every right there is, and put back. */
let life: LivedIn;
let intruder: Intruder;
let subject: string;
beforeAll(async () => {
  life = await livedIn();
  intruder = await Intruder.enter(life.office);
  subject = `invoice/${life.reminded.id}`;
});
afterAll(async () => {
  await intruder.leave();
  await life.office.close();
});

const onChain = (text: string): string => text.replaceAll(':chain', `subject = '${subject}'`);
const inChain = (statements: string): Promise<readonly string[]> =>
  intruder.found('I09', ['journal', 'invoice'], onChain(statements));

it('what nobody has touched holds', async () => {
  expect([...(await brokenIn(life.office.house))]).toEqual([]);
});

describe('a chain of the journal in which', () => {
  it('one byte of an entry was changed says which entry was altered', async () => {
    const found = await inChain(
      `update journal set body = overlay(body placing 'X' from 20 for 1) where :chain and seq = 2`,
    );

    expect(found).toEqual([
      expect.stringMatching(`^${subject} entry 2 \\(\\w+ of 2026-03-05\\) was altered`),
    ]);
  });

  it.each([
    ['its type', `type = 'holdLifted'`],
    ['its moment', `at = at - interval '1 day'`],
    ['its number as a fact', 'fact = fact + 7'],
  ])('%s of an entry was changed says so too', async (_what, change) => {
    const found = await inChain(`update journal set ${change} where :chain and seq = 2`);

    expect(found).toEqual([expect.stringContaining(`${subject} entry 2 (`)]);
  });

  it('an entry was altered and given the hash that fits it names that entry, not the one behind it', async () => {
    const [, second] = await intruder.entriesOf(subject);
    const body = second!.body.replace('50000', '60000');

    const hash = hashOf(second!.prev_hash, 2, { ...second!, at: second!.at.getTime(), body });

    const found = await inChain(
      `update journal set body = '${body}', hash = '${hash}' where :chain and seq = 2`,
    );

    expect(found).toEqual([
      expect.stringMatching(/entry 2 \(paymentRecorded of 2026-03-05\) is not what was written there/),
    ]);
  });

  it('a row was deleted says which is missing', async () => {
    expect(await inChain('delete from journal where :chain and seq = 3')).toEqual([
      expect.stringContaining(`${subject} entry 3 is missing`),
    ]);
  });

  it('a row was deleted and the others numbered anew says where one was taken out', async () => {
    const found = await inChain(
      'delete from journal where :chain and seq = 3; update journal set seq = -seq where :chain and seq > 3; update journal set seq = -seq - 1 where :chain and seq < 0',
    );

    expect(found).toEqual([
      expect.stringMatching(/an entry was taken out before entry 3 .* was written as entry 4/),
    ]);
  });

  it('a row was slipped in says which', async () => {
    const found = await inChain(`
      update journal set seq = -seq where :chain and seq >= 3; update journal set seq = -seq + 1 where :chain and seq < 0;
      insert into journal (subject, seq, type, at, body, prev_hash, hash)
        select subject, 3, 'noteAdded', at, '{}', hash, encode(sha256(convert_to(hash || E'\\n3\\n\\nnoteAdded\\n' || to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || E'\\n{}', 'UTF8')), 'hex')
        from journal where :chain and seq = 2`);

    expect(found).toEqual([
      expect.stringMatching(
        /entry 3 \(noteAdded of 2026-03-05\) was slipped in: entry 4 .* was written as entry 3/,
      ),
    ]);
  });

  it('two rows were swapped says which two', async () => {
    const found = await inChain(
      'update journal set seq = -seq where :chain and seq in (3, 4); update journal set seq = case seq when -3 then 4 else 3 end where :chain and seq < 0',
    );

    expect(found).toEqual([
      expect.stringMatching(/entry 3 \(.*\) and entry 4 \(.*\) were put in each other’s place/),
    ]);
  });

  it('the contents of two rows were swapped says which two', async () => {
    const found = await inChain(`
      create temp table other as table journal; update journal set fact = -fact where :chain and seq in (3, 4);
      update journal j set type = o.type, body = o.body, fact = o.fact, at = o.at from other o
      where j.subject = '${subject}' and o.subject = j.subject and j.seq in (3, 4) and o.seq = 7 - j.seq; drop table other`);

    expect(found).toEqual([
      expect.stringMatching(/entry 3 \(.*\) and entry 4 \(.*\) were put in each other’s place/),
    ]);
  });

  it('the end was cut off ends before its head', async () => {
    const found = await inChain(
      'delete from journal where :chain and seq = (select max(seq) from journal where :chain)',
    );

    expect(found).toEqual([expect.stringContaining(`${subject} its end was cut off`)]);
  });

  it('an entry was moved from another chain is broken from its first entry', async () => {
    const found = await inChain(`update journal set subject = 'user/nobody' where :chain`);

    expect(found).toContainEqual(expect.stringContaining('user/nobody entry 1 (invoiceRegistered'));
  });
});

describe('money that was changed by SQL:', () => {
  const money = (statements: string): Promise<readonly string[]> =>
    intruder.found('I26', ['payment', 'ledger_entry', 'invoice'], statements);

  const entered = (column: string): unknown =>
    expect.stringMatching(
      new RegExp(`^payment/${life.paymentId} is not what debtor/.*#1 says .*: it has another ${column}$`),
    );

  it('a payment that was back-dated is named, with the fact that says otherwise', async () => {
    const found = await money(`update payment set value_date = '2026-02-20' where id = '${life.paymentId}'`);

    expect(found).toEqual([
      `payment/${life.paymentId} is of 2026-02-20, and fact 2 (paymentRecorded) of ${subject} says 2026-03-05`,
      entered('value_date'),
    ]);
  });

  it('so is one that was back-dated in the ledger too', async () => {
    const found = await money(`
      update payment set value_date = '2026-02-20' where id = '${life.paymentId}';
      update ledger_entry set day = '2026-02-20' where payment_id = '${life.paymentId}'`);

    expect(found).toEqual([
      expect.stringMatching(
        /^invoice\/.* fact 2 \(paymentRecorded\) says payment of -50000 cents on 2026-03-05, and ledger entry .* says payment of -50000 cents on 2026-02-20$/,
      ),
      expect.stringContaining(`payment/${life.paymentId} is of 2026-02-20`),
      entered('value_date'),
    ]);
  });

  it('an amount in the ledger that was changed with payment and balance is named', async () => {
    const found = await money(`
      update payment set amount_cents = 60000 where id = '${life.paymentId}';
      update ledger_entry set amount_cents = -60000 where payment_id = '${life.paymentId}';
      update invoice set balance_cents = balance_cents - 10000 where id = '${life.reminded.id}'`);

    expect(found).toEqual([
      expect.stringMatching(
        /fact 2 \(paymentRecorded\) says payment of -50000 cents .* says payment of -60000 cents/,
      ),
      expect.stringContaining(`${subject} fact 2 (paymentRecorded) leaves 70000 cents, its ledger 60000`),
      entered('amount_cents'),
    ]);
  });

  it('an entry that was taken out of the ledger, or put into it, is named', async () => {
    const gone = await money(`delete from ledger_entry where payment_id = '${life.paymentId}'`);
    const more = await money(`
      insert into ledger_entry select (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(), 'kind', 'write_off', 'amount_cents', -100, 'payment_id', null, 'at', now()))).*
      from ledger_entry e where payment_id = '${life.paymentId}'`);

    expect(gone[0]).toContain('says payment of -50000 cents on 2026-03-05, and its ledger has nothing of it');
    expect(more).toEqual([
      expect.stringMatching(
        /has ledger entry .*, write_off of -100 cents on 2026-03-05, of which no fact speaks/,
      ),
    ]);
  });
});

describe('what left, changed by SQL:', () => {
  const left = (statements: string): Promise<readonly string[]> =>
    intruder.found('I23', ['message', 'message_part', 'document', 'private_text'], statements);

  it('the body of a message is not what its hash says', async () => {
    const found = await left(
      `update message set body_html = '<p>Vous devez 900,00 €.</p>' where id = '${life.messageId}'`,
    );

    expect(found).toEqual([`message/${life.messageId} holds other bytes than its hash says`]);
  });

  it('nor does a hash help that was made to fit: the journal has the proof', async () => {
    // What is sealed can't be altered; whoever has the database can put other words in clear in its place.
    const found = await left(`
      update message m set subject = 'Solde', body_html = '<p>Tout est réglé.</p>', body_text = 'Tout est réglé.',
        sha256 = encode(sha256(convert_to('Solde', 'UTF8') || '\\x00' || convert_to('<p>Tout est réglé.</p>', 'UTF8') || '\\x00'
        || convert_to('Tout est réglé.', 'UTF8') || '\\x00' || coalesce((select string_agg(bytes, ''::bytea) from message_part p where p.message_id = m.id), ''::bytea)), 'hex')
      where id = '${life.messageId}'`);

    expect(found).toEqual([
      expect.stringMatching(
        `^message/${life.messageId} is not what left by entry \\d+ \\(stepSent\\) of ${subject}`,
      ),
    ]);
  });

  it.each([
    [
      'its recipient',
      `update message set recipient = 'autre@ailleurs.example' where id = ':id'`,
      'is not what left',
    ],
    [
      'the picture in it',
      `update message_part set bytes = bytes || '\\x00' where message_id = ':id'`,
      'holds other bytes',
    ],
    ['all of it', `delete from message where id = ':id'`, 'is gone'],
  ])('%s is missed', async (_what, statement, words) => {
    const found = await left(statement.replaceAll(':id', life.messageId));

    expect(found).toEqual([expect.stringContaining(`message/${life.messageId} ${words}`)]);
  });

  it('a letter on paper is not what was handed over', async () => {
    const found = await left(
      `update document set bytes = bytes || '\\x20' where id = (select document_id from message where id = '${life.letterId}')`,
    );

    expect(found).toEqual([`message/${life.letterId} holds other bytes than its hash says`]);
  });

  it('the words of a person are not those that were noted', async () => {
    const found = await left(
      `update private_text set content = 'Rien à signaler.' where content like 'La comptable%'`,
    );

    expect(found).toEqual([
      expect.stringMatching(/^text\/.* is not what entry \d+ \(noteAdded\) of invoice\/.* was written with$/),
    ]);
  });
});

describe('a message that never left, or otherwise than its row says:', () => {
  const told = (statements: string): Promise<readonly string[]> =>
    intruder.found('I23', ['message', 'message_line', 'message_part'], statements);

  it('one that was put in by hand is one of which no entry speaks', async () => {
    const other = '01a207a8-0000-7000-8000-000000000001';
    const found = await told(`
      insert into message select (jsonb_populate_record(m, jsonb_build_object('id', '${other}', 'key', 'forged', 'level', 'formal_notice', 'state', 'delivered'))).* from message m where id = '${life.messageId}';
      insert into message_part select (jsonb_populate_record(p, jsonb_build_object('message_id', '${other}'))).* from message_part p where message_id = '${life.messageId}';
      insert into message_line select (jsonb_populate_record(l, jsonb_build_object('message_id', '${other}', 'request_id', null))).* from message_line l where message_id = '${life.messageId}'`);

    expect(found).toEqual([`message/${other} is said to have left, and no entry of the journal says so`]);
  });

  it.each([
    [
      'dated to another day',
      `claimed_at = claimed_at - interval '20 days'`,
      /is dated 2026-02-14T.*, and the journal has it asked for on 2026-03-0/,
    ],
    ['dated to after it left', `claimed_at = claimed_at + interval '20 days'`, /is dated 2026-03-26T/],
    [
      'said to be delivered',
      `state = 'delivered'`,
      /is said to be delivered, and no entry of the journal says so/,
    ],
    [
      'said to be a formal notice',
      `level = 'formal_notice'`,
      /is said to be of level formal_notice, and its steps are of reminder/,
    ],
  ])('one that was %s', async (_what, change, words) => {
    const found = await told(`update message set ${change} where id = '${life.messageId}'`);

    expect(found).toEqual([expect.stringMatching(words)]);
  });
});

describe('the row of an invoice says what its log says:', () => {
  it.each([
    ['number', `number = 'X-1'`],
    ['due_date', `due_date = due_date - 400`],
    ['issue_date', `issue_date = '2020-01-01'`],
    ['known_at', `known_at = known_at - interval '1 year'`],
  ])('another %s is named', async (column, change) => {
    const found = await intruder.found(
      'folds',
      ['invoice'],
      `update invoice set ${change} where id = '${life.letter.id}'`,
    );

    expect(found).toEqual([expect.stringContaining(`invoice/${life.letter.id} its row has ${column} `)]);
  });
});

describe('the application itself', () => {
  it.each([
    ['change an entry of the journal', `update journal set body = '{}'`],
    ['delete one', 'delete from journal'],
    ['empty it', 'truncate journal'],
    ['change what an anchor says', `update anchor set root = ''`],
    ['take a signature off an anchor', `update anchor set signature = null`],
    ['delete one of them', 'delete from anchor'],
  ])('can’t %s', async (_what, statement) => {
    const client = new pg.Client({ connectionString: life.office.database.url });
    await client.connect();
    const answer = await client.query(statement).then(
      () => 'done',
      (fault: unknown) => (fault as Error).message,
    );
    await client.end();

    expect(answer).toMatch(/^permission denied for table/);
  });
});
