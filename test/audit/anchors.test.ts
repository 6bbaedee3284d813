import { execFile } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packHeads, unpackHeads } from '../../db/audit/anchor/heads.ts';
import { hashOfStatement } from '../../db/audit/anchor/statement.ts';
import { merklePath, merkleRoot, rootByPath } from '../../db/audit/anchor/merkle.ts';
import { genesisOf, nextEntry } from '../../db/journal.ts';
import { Findings } from '../../db/invariants.ts';
import { anchorChore } from '../../temporal/audit/anchor/chore.ts';
import type { Anchoring } from '../../temporal/audit/anchor/chore.ts';
import { signerWith } from '../../temporal/audit/anchor/signing-key.ts';
import { verifyAnchors } from '../../temporal/audit/anchor/verify-anchors.ts';
import type { AnchorsSeen } from '../../temporal/audit/anchor/verify-anchors.ts';
import { brokenIn } from '../setup/broken-in.ts';
import { comesBy } from '../setup/night.ts';
import { ask, livedIn } from './lived-in.ts';
import type { LivedIn } from './lived-in.ts';
import { Intruder } from './tampering.ts';

const run = promisify(execFile);
const { privateKey } = generateKeyPairSync('ed25519');
const dayMs = 86_400_000;
/** The machine's day of the first anchor; those of these tests follow it. */
const firstDay = Date.parse('2026-11-21T23:00:00Z');

let life: LivedIn;
let intruder: Intruder;
let folder: string;
/** The folder as it is after two days, to go back to. */
let kept: string;
beforeAll(async () => {
  life = await livedIn();
  intruder = await Intruder.enter(life.office);
  folder = await mkdtemp(join(tmpdir(), 'anchors-'));
  kept = await mkdtemp(join(tmpdir(), 'anchors-kept-'));
  // A chain whose head no row keeps: who cuts its end off and sets the debtor back is seen by the anchors alone.
  for (const name of ['Garnier SA', 'Garnier SAS'])
    await life.office.ask('PATCH', `/v1/debtors/${life.letter.debtorId}`, { name });
  await anchorOn(0);
  await ask(life.office, `/v1/invoices/${life.reminded.id}/notes`, { text: 'Relancée par téléphone.' });
  await anchorOn(1);
  await cp(folder, kept, { recursive: true });
});
afterAll(async () => {
  await intruder.leave();
  await life.office.close();
  await rm(folder, { recursive: true });
  await rm(kept, { recursive: true });
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await cp(kept, folder, { recursive: true });
});

const anchoring = (): Anchoring => ({
  db: life.office.house.db,
  outside: { folder, signer: signerWith(privateKey) },
  authority: null,
});

/** What the night watch does on that day, counted from the first. */
async function anchorOn(day: number, how: Anchoring = anchoring()): Promise<void> {
  await comesBy(life.office.house, anchorChore(how), firstDay + day * dayMs);
}

/** What is found to be wrong with the anchors, or by them, as `subject what`. */
async function found(
  publicKey = createPublicKey(privateKey),
  { day = 1, seen }: { readonly day?: number; readonly seen?: (seen: AnchorsSeen) => void } = {},
): Promise<readonly string[]> {
  const findings = new Findings();
  const looked = await verifyAnchors({
    db: life.office.house.db,
    findings,
    folder,
    publicKeys: [publicKey],
    machine: firstDay + day * dayMs,
    slackMs: 3_600_000,
  });
  seen?.(looked);
  const verdict = findings.verdicts().find(({ id }) => id === 'I25');
  return (verdict?.offenders ?? []).map(({ subject, what }) => `${subject} ${what}`);
}

/** What the chains alone tell once the statements have run, and what the anchors tell. */
async function tampered(
  tables: readonly string[],
  statements: string,
): Promise<{ chains: readonly string[]; anchors: readonly string[] }> {
  return intruder.meanwhile(tables, statements, async () => ({
    chains: [...(await brokenIn(life.office.house)).keys()],
    anchors: await found(),
  }));
}

const [first, second] = ['anchor-00001-2026-11-21', 'anchor-00002-2026-11-22'];

describe('the anchors of two days', () => {
  it('lie outside the database as a statement, its signature, the list of heads and the public key', async () => {
    const names = await readdir(folder);

    expect(names.filter((name) => !name.startsWith('anchor-key-')).sort()).toEqual(
      [first, second].flatMap((name) => [`${name}.heads.gz`, `${name}.json`, `${name}.sig`]).sort(),
    );
    expect(names.filter((name) => name.startsWith('anchor-key-'))).toHaveLength(1);
  });

  it('can be checked with nothing of ours: the signature by openssl', async () => {
    const key = (await readdir(folder)).find((name) => name.startsWith('anchor-key-')) ?? '';
    const { stdout } = await run(
      'openssl',
      `pkeyutl -verify -pubin -inkey ${key} -rawin -in ${first}.json -sigfile ${first}.sig`.split(' '),
      { cwd: folder },
    );

    expect(stdout).toContain('Signature Verified Successfully');
  });

  it('find nothing wrong where nobody has touched anything', async () => {
    expect(await found()).toEqual([]);
  });

  it('nor where chains have grown since, or are growing', async () => {
    const path = `/v1/invoices/${life.letter.id}/notes`;
    await ask(life.office, path, { text: 'Depuis.' });
    const [wrong] = await Promise.all([
      found(),
      ...[1, 2, 3, 4].map((n) => ask(life.office, path, { text: `Pendant ${n}.` })),
    ]);

    expect([wrong, await found()]).toEqual([[], []]);
  });

  it('are one for each day, however often and by however many it is asked for', async () => {
    await Promise.all([anchorOn(1), anchorOn(1), anchorOn(0), anchorOn(1)]);

    const rows = await life.office.house.db.selectFrom('anchor').select(['n', 'day']).orderBy('n').execute();
    expect(rows.map(({ n, day }) => `${n} ${day}`)).toEqual(['1 2026-11-21', '2 2026-11-22']);
  });

  it('are told by the API with their keys, and by nobody changed', async () => {
    const { body } = await life.office.ask('GET', '/v1/audit/anchors', undefined, { as: 'auditor' });

    expect(
      body.items.map(({ number, file, statement }: Record<string, unknown>) => [number, file, statement]),
    ).toEqual([
      [2, second, await readFile(join(folder, `${second}.json`), 'utf8')],
      [1, first, await readFile(join(folder, `${first}.json`), 'utf8')],
    ]);
    expect(body.publicKeys).toEqual([createPublicKey(privateKey).export({ type: 'spki', format: 'pem' })]);
  });
});

describe('what the chains alone can’t tell, the anchors do:', () => {
  const debtor = (): string => `debtor/${life.letter.debtorId}`;

  it('a tail that was cut off', async () => {
    const { chains, anchors } = await tampered(
      ['journal', 'debtor'],
      `delete from journal where subject = '${debtor()}' and seq > 1;
      update debtor set name = 'Garnier SA' where id = '${life.letter.debtorId}'`,
    );

    expect(chains).toEqual([]);
    expect(anchors).toEqual([
      expect.stringMatching(
        `^${debtor()} ends with entry 1: its tail was cut off, for anchor 1 of 2026-11-21 has it with \\d entries`,
      ),
    ]);
  });

  it('a chain that was rewritten from its beginning, with hashes that are right', async () => {
    const subject = `invoice/${life.reminded.id}`;
    const rewritten = await intruder.rewriting(subject, (body) =>
      body.replaceAll(life.office.users.credit_manager, life.office.users.collector),
    );
    const { chains, anchors } = await tampered(['journal', 'invoice'], rewritten);

    expect(chains).toEqual([]);
    expect(anchors).toEqual([
      expect.stringMatching(
        `^${subject} was rewritten from its beginning or later, at the latest from entry \\d+: anchor 1 of 2026-11-21`,
      ),
    ]);
  });

  it('a chain of which only the end was rewritten, and from where at the earliest', async () => {
    const subject = `invoice/${life.reminded.id}`;
    const entries = await intruder.entriesOf(subject);
    const last = entries.at(-1)!.seq;
    const rewritten = await intruder.rewriting(subject, (body, { seq }) => (seq === last ? '{}' : body));
    const { anchors } = await tampered(['journal', 'invoice'], rewritten);

    expect(anchors).toEqual([
      expect.stringMatching(
        `^${subject} was rewritten from entry ${last} or later, at the latest from entry ${last}: anchor 2`,
      ),
    ]);
  });

  it('a subject that was removed whole', async () => {
    const { chains, anchors } = await tampered(
      ['journal'],
      `delete from journal where subject = '${debtor()}'`,
    );

    expect(chains).toEqual([]);
    expect(anchors).toEqual([
      expect.stringMatching(`^${debtor()} is gone: anchor 1 of 2026-11-21 has it with \\d entries`),
    ]);
  });

  it('an invoice that was removed with all that belongs to it', async () => {
    const { id } = life.letter;
    const { anchors } = await tampered(
      ['journal', 'invoice', 'ledger_entry'],
      `delete from journal where subject = 'invoice/${id}'; delete from invoice where id = '${id}'; delete from ledger_entry where invoice_id = '${id}'`,
    );

    expect(anchors).toEqual([expect.stringContaining(`invoice/${id} is gone`)]);
  });
});

describe('what was put in later, with hashes that are right and a moment of the past, is told by the anchors:', () => {
  const behind = async (subject: string, at: string): Promise<string> => {
    const entries = await intruder.entriesOf(subject);
    const head = entries.at(-1);
    const before = head ? { seq: head.seq, hash: head.hash } : genesisOf(subject);
    const entry = nextEntry(subject, before, {
      fact: null,
      type: 'noteAdded',
      at: Date.parse(at),
      body: '{}',
    });
    return `insert into journal (subject, seq, type, at, body, prev_hash, hash)
      values ('${subject}', ${entry.seq}, 'noteAdded', '${at}', '{}', '${entry.prev_hash}', '${entry.hash}')`;
  };

  it('an entry behind the last one', async () => {
    const subject = `debtor/${life.reminded.debtorId}`;
    const { chains, anchors } = await tampered(['journal'], await behind(subject, '2026-03-08T10:00:00Z'));

    expect(chains).toEqual(['I09']);
    expect(anchors).toEqual([
      expect.stringMatching(
        `^${subject} has an entry \\d+ of 2026-03-08T10:00:00.000Z that was put in later`,
      ),
    ]);
  });

  it('a whole chain', async () => {
    const { chains, anchors } = await tampered(
      ['journal'],
      await behind('debtor/nobody', '2026-03-03T10:00:00Z'),
    );

    expect(chains).toEqual([]);
    expect(anchors).toEqual([
      expect.stringMatching('^debtor/nobody was put in later: it begins at 2026-03-03'),
    ]);
  });

  it('and one of today is not', async () => {
    const { anchors } = await tampered(['journal'], await behind('debtor/nobody', '2026-03-10T10:00:00Z'));

    expect(anchors).toEqual([]);
  });
});

describe('an anchor that was tampered with is named:', () => {
  const change = async (name: string, from: string, to: string): Promise<void> => {
    const text = await readFile(join(folder, name), 'utf8');
    await writeFile(join(folder, name), text.replace(from, to));
  };

  it('a statement that says something else', async () => {
    await change(`${first}.json`, '"chains": ', '"chains": 1');

    expect(await found()).toEqual([
      expect.stringContaining(`anchor/1 (${first}) it is not signed by the key that is given`),
      expect.stringContaining('anchor/1'),
      expect.stringContaining(`anchor/2 (${second}) it was made after another anchor 1`),
    ]);
  });

  it('one that somebody signed with a key of his own', async () => {
    const { privateKey: other } = generateKeyPairSync('ed25519');
    const text = await readFile(join(folder, `${second}.json`), 'utf8');
    await writeFile(join(folder, `${second}.sig`), Buffer.from(signerWith(other).sign(text), 'base64'));

    expect(await found()).toEqual([
      expect.stringContaining(`anchor/2 (${second}) it is not signed by the key that is given`),
    ]);
    expect(await found(createPublicKey(other))).toEqual([expect.stringContaining('anchor/1')]);
  });

  it('a list of heads in which a chain was left out', async () => {
    const file = join(folder, `${first}.heads.gz`);
    await writeFile(file, packHeads(unpackHeads(await readFile(file)).slice(1)));

    expect(await found()).toEqual([
      `anchor/1 (${first}) its list of heads is not the one that it was made over`,
    ]);
  });

  it('the newest, when all its files are taken away', async () => {
    for (const end of ['json', 'sig', 'heads.gz']) await unlink(join(folder, `${second}.${end}`));

    expect(await found()).toEqual([`anchor/2 (${second}) was kept outside the database and is not there`]);
  });

  it('one whose row was deleted, so that its day could be anchored anew', async () => {
    const { anchors } = await tampered(['anchor'], 'delete from anchor where n = 2');

    expect(anchors).toEqual([
      expect.stringContaining(`anchor/2 (${second}) the database has no such anchor`),
    ]);
  });
});

describe('whoever takes the anchors out of the database and rewrites chains behind them', () => {
  it.each([
    ['the newest', 'n > 1'],
    ['all', 'n > 0'],
  ])('is told what he rewrote, by the lists that were signed (%s)', async (_, which) => {
    const subject = `invoice/${life.reminded.id}`;
    const rewritten = await intruder.rewriting(subject, (body) =>
      body.replaceAll(life.office.users.credit_manager, life.office.users.collector),
    );
    const { anchors } = await tampered(
      ['anchor', 'journal', 'invoice'],
      `delete from anchor where ${which}; ${rewritten}; delete from journal where subject = 'debtor/${life.reminded.debtorId}' and seq > 1`,
    );

    expect(anchors).toEqual(
      expect.arrayContaining([
        which === 'n > 1'
          ? expect.stringContaining(`anchor/2 (${second}) the database has no such anchor: `)
          : expect.stringContaining(
              `anchor/1 (${first}) the database has no such anchor, nor any up to anchor 2: `,
            ),
        expect.stringMatching(`^${subject} was rewritten from its beginning`),
        expect.stringMatching(`^debtor/${life.reminded.debtorId} ends with entry 1: its tail was cut off`),
      ]),
    );
  });

  it('is told so where he put other rows in their place', async () => {
    const { anchors } = await tampered(
      ['anchor', 'journal'],
      `update anchor set hash = repeat('0', 64) where n = 2; delete from journal where subject = 'debtor/${life.reminded.debtorId}' and seq > 1`,
    );

    expect(anchors.join()).toContain('its tail was cut off');
    expect(anchors.join()).toContain('the database holds another one in its place');
  });

  it('is told nothing by an anchor that he signed himself, which vouches for nothing', async () => {
    const { privateKey: other } = generateKeyPairSync('ed25519');
    const text = await readFile(join(folder, `${second}.json`), 'utf8');
    await writeFile(join(folder, `${second}.sig`), Buffer.from(signerWith(other).sign(text), 'base64'));

    let newest: unknown;
    await found(createPublicKey(privateKey), { seen: (seen) => (newest = seen.newest?.anchor) });
    expect(newest).toBe(1);
    await found(createPublicKey(other), { seen: (seen) => (newest = seen.newest?.anchor) });
    expect(newest).toBe(2);
    const stranger = createPublicKey(generateKeyPairSync('ed25519').privateKey);
    await found(stranger, { seen: (seen) => (newest = seen.newest) });
    expect(newest).toBe(null);
  });
});

describe('a list', () => {
  const statementIn = async (name: string): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as Record<string, unknown>;
  const subjectsIn = async (name: string): Promise<readonly string[]> =>
    unpackHeads(await readFile(join(folder, `${name}.heads.gz`))).map(({ subject }) => subject);
  const headsOf = async (n: number): Promise<Buffer> => {
    const { db } = life.office.house;
    const row = await db.selectFrom('anchor').select('heads').where('n', '=', n).executeTakeFirstOrThrow();
    return row.heads!;
  };
  const debtor = (): string => `debtor/${life.reminded.debtorId}`;
  const cutTail = (subject: string): string => `delete from journal where subject = '${subject}' and seq > 1`;

  it('holds the chains that moved since the anchor before, and all of them in the first and in a new week', async () => {
    await intruder.meanwhile(['anchor'], 'select 1', async () => {
      await anchorOn(2);
      await anchorOn(3);

      const names = [first, second, 'anchor-00003-2026-11-23', 'anchor-00004-2026-11-24'];
      const lists = await Promise.all(names.map(subjectsIn));
      const statements = await Promise.all(names.map(statementIn));
      expect(statements.map(({ listedSince }) => listedSince)).toEqual([null, 1, null, 3]);
      expect(lists.map(({ length }) => length)).toEqual([
        statements[0]?.['chains'],
        1,
        statements[2]?.['chains'],
        0,
      ]);
      expect(lists[1]).toEqual([`invoice/${life.reminded.id}`]);
      expect(await found(undefined, { day: 3 })).toEqual([]);
    });
  });

  it('without the chain still has it stand where it stood: what is put in later is found, and what moved since is not', async () => {
    await intruder.meanwhile(['anchor', 'journal', 'invoice'], 'select 1', async () => {
      await ask(life.office, `/v1/invoices/${life.letter.id}/notes`, { text: 'Encore.' });
      await anchorOn(3);
      await anchorOn(4);
      const clean = await found(undefined, { day: 4 });
      await intruder.run(cutTail(debtor()));

      expect(clean).toEqual([]);
      expect(await found(undefined, { day: 4 })).toEqual([
        expect.stringMatching(`^${debtor()} ends with entry 1: its tail was cut off, for anchor 1 `),
      ]);
    });
  });

  it('without the chain vouches for its end all the same: what is put behind it with a moment of before is found', async () => {
    const before = await life.office.clock.now();
    await intruder.meanwhile(['anchor', 'journal'], 'select 1', async () => {
      await anchorOn(2);
      life.office.clock.set(before + 10 * dayMs);
      await anchorOn(3);
      const head = (await intruder.entriesOf(debtor())).at(-1)!;
      const at = before + 5 * dayMs;
      const entry = nextEntry(debtor(), head, { fact: null, type: 'noteAdded', at, body: '{}' });
      const put = (moment: number): string =>
        `insert into journal (subject, seq, type, at, body, prev_hash, hash) values ('${debtor()}', ${entry.seq}, 'noteAdded', '${new Date(moment).toISOString()}', '{}', '${entry.prev_hash}', '${entry.hash}')`;
      await intruder.run(put(before + 11 * dayMs));
      const later = await found(undefined, { day: 3 });
      await intruder.run(`delete from journal where subject = '${debtor()}' and seq = ${entry.seq}`);
      await intruder.run(put(at));

      expect(later).toEqual([]);
      expect(await found(undefined, { day: 3 })).toEqual([
        expect.stringMatching(`^${debtor()} has an entry ${entry.seq} of .* that was put in later`),
      ]);
    });
    life.office.clock.set(before);
  });

  it('behind a gap is believed for what it names, and accuses nobody of what it can’t know', async () => {
    const subject = `invoice/${life.reminded.id}`;
    for (const end of ['json', 'sig', 'heads.gz']) await unlink(join(folder, `${first}.${end}`));
    const missing = expect.stringContaining('it is the first one here');
    const gone = expect.stringContaining('was kept outside the database and is not there');
    const clean = await found();
    const { anchors } = await tampered(
      ['journal', 'invoice'],
      await intruder.rewriting(subject, (body) => body.replaceAll(life.office.users.credit_manager, 'x')),
    );

    expect(clean).toEqual([missing, gone]);
    expect(anchors).toContainEqual(expect.stringMatching(`^${subject} was rewritten from its beginning`));
  });

  it('from which somebody kept a chain away, by changing what the database says of the list before, is found by the root', async () => {
    const subject = `invoice/${life.letter.id}`;
    await intruder.meanwhile(['anchor', 'journal', 'invoice'], 'select 1', async () => {
      await anchorOn(2);
      const heads = unpackHeads(await headsOf(3));
      await ask(life.office, `/v1/invoices/${life.letter.id}/notes`, { text: 'Cachée.' });
      const { seq, hash } = (await intruder.entriesOf(subject)).at(-1)!;
      const changed = heads.map((head) => (head.subject === subject ? { subject, seq, hash } : head));
      await intruder.run(`update anchor set heads = '\\x${packHeads(changed).toString('hex')}' where n = 3`);
      await anchorOn(3);

      expect(await found(undefined, { day: 3 })).toEqual([
        'anchor/4 what it and those before it list does not make its root',
      ]);
    });
  });

  it('of an earlier release, with all chains each day, is read as it was', async () => {
    const signer = signerWith(privateKey);
    const all = (
      await life.office.house.db
        .selectFrom('anchor')
        .select('heads')
        .where('n', '=', 2)
        .executeTakeFirstOrThrow()
    ).heads!;
    const asBefore = async (name: string, previous: string | null): Promise<string> => {
      const { listedSince: _since, listSha256: _list, ...rest } = await statementIn(name);
      const text = `${JSON.stringify({ ...rest, previous }, null, 2)}\n`;
      await writeFile(join(folder, `${name}.json`), text);
      await writeFile(join(folder, `${name}.sig`), Buffer.from(signer.sign(text), 'base64'));
      return hashOfStatement(text);
    };
    const one = await asBefore(first, null);
    const two = await asBefore(second, one);
    await writeFile(join(folder, `${second}.heads.gz`), all);
    const rows = `update anchor set hash = case n when 1 then '${one}' else '${two}' end`;
    const clean = await tampered(['anchor'], rows);
    const { anchors } = await tampered(['anchor', 'journal'], `${rows}; ${cutTail(debtor())}`);

    expect(clean.anchors).toEqual([]);
    expect(anchors).toEqual([expect.stringMatching(`^${debtor()} ends with entry 1: its tail was cut off`)]);
  });
});

describe('a newest anchor that is old', () => {
  it('is told when the journal went on without it, and not before two days have passed', async () => {
    await ask(life.office, `/v1/invoices/${life.letter.id}/notes`, { text: 'Sans ancre.' });

    expect(await found(undefined, { day: 2.9 })).toEqual([]);
    expect(await found(undefined, { day: 3.1 })).toEqual([
      expect.stringMatching(
        /^anchor\/2 of 2026-11-22T23:00:00.000Z is the newest .* and \d+ entries were written since/,
      ),
    ]);
  });

  it('is not told of a house in which nothing happens', async () => {
    await intruder.meanwhile(['anchor'], 'select 1', async () => {
      await anchorOn(20);

      expect(await found(undefined, { day: 40 })).toEqual([]);
    });
  });
});

describe('when an anchor can’t be kept', () => {
  let broken: Anchoring;
  beforeEach(() => {
    broken = { ...anchoring(), outside: { folder: '/dev/null/nowhere', signer: signerWith(privateKey) } };
  });

  it('that is told, it stays in the database, and is kept with the next that can', async () => {
    await intruder.meanwhile(['anchor'], 'select 1', async () => {
      await expect(anchorOn(5, broken)).rejects.toThrow(/nowhere/);
      await expect(anchorOn(6, broken)).rejects.toThrow(/nowhere/);

      await anchorOn(6);

      expect((await readdir(folder)).filter((name) => name.endsWith('.json'))).toEqual([
        `${first}.json`,
        `${second}.json`,
        'anchor-00003-2026-11-26.json',
        'anchor-00004-2026-11-27.json',
      ]);
      expect(await found()).toEqual([]);
    });
  });

  it('by a database that was restored from before it, the row goes on behind what lies outside, and that is told', async () => {
    await intruder.meanwhile(['anchor'], 'delete from anchor where n = 2', async () => {
      await anchorOn(1);
      await anchorOn(2);
      await anchorOn(3);

      expect((await readdir(folder)).filter((name) => name.endsWith('.json'))).toEqual([
        `${first}.json`,
        `${second}.json`,
        'anchor-00003-2026-11-23.json',
        'anchor-00004-2026-11-24.json',
      ]);
      expect(await found()).toEqual([expect.stringMatching(/^anchor\/2 .* the database has no such anchor/)]);
    });
  });

  it('by such a database whose day is anchored already, nothing is due before the next day', async () => {
    await intruder.meanwhile(['anchor'], 'delete from anchor where n = 2', async () => {
      const chore = anchorChore(anchoring());
      const [today, tomorrow] = [1, 2].map((day) => ({
        machine: firstDay + day * dayMs,
        business: Date.parse('2026-03-10T10:00:00Z'),
      }));

      const before = await chore.due(today!);
      await chore.do(today!, new AbortController().signal);

      expect([before, await chore.due(today!), await chore.due(tomorrow!)]).toEqual([true, false, true]);
    });
  });

  it('nor is one ever written over: a folder with another anchor in its place is told', async () => {
    await intruder.meanwhile(['anchor'], 'select 1', async () => {
      await writeFile(join(folder, 'anchor-00003-2026-11-24.sig'), 'of another database');

      await expect(anchorOn(3)).rejects.toThrow('holds something else than this database');
    });
  });
});

describe('a tree over heads', () => {
  // The tree of RFC 6962 section 2.1.3 has seven leaves; the roots are those of Google's test vectors (certificate-transparency).
  const leaves = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ].map((hex) => Buffer.from(hex, 'hex').toString('latin1'));

  it.each([
    [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    [5, '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'],
    [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
  ])('of %i leaves has the root of RFC 6962', (count, root) => {
    expect(merkleRoot(leaves.slice(0, count))).toBe(root);
  });

  it('is found again from any one leaf and the hashes beside its way', () => {
    for (let count = 1; count <= 8; count += 1)
      for (let index = 0; index < count; index += 1) {
        const some = leaves.slice(0, count);
        expect(rootByPath(some[index]!, index, count, merklePath(some, index))).toBe(merkleRoot(some));
      }
  });
});
