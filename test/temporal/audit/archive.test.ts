import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archivedRunsOf } from '../../../db/audit/archive.ts';
import { placeOf } from '../../../temporal/audit/archive/archive-run.ts';
import { archiveClosed } from '../../../temporal/audit/archive/archive-closed.ts';
import { resealArchive } from '../../../temporal/audit/archive/reseal.ts';
import { readArchived } from '../../../temporal/audit/archive/archive.ts';
import { readHistories } from '../../../temporal/audit/histories.ts';
import { FakeS3 } from '../../fakes/s3.ts';
import { freshKey } from '../../faults/world.ts';
import { ArchiveWorld } from './archive-world.ts';
import '../../setup/quiet-workers.ts';

const [first, second] = [freshKey('first'), freshKey('second')];
let here: ArchiveWorld;
let store: FakeS3;
let folder: string;

beforeAll(async () => {
  here = await ArchiveWorld.open(first);
  store = await FakeS3.open();
  folder = mkdtempSync(join(tmpdir(), 'relance-archive-'));
}, 120_000);
afterAll(async () => {
  await here.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

const inFolder = () => ({ ARCHIVE_IN: 'folder', ARCHIVE_FOLDER: folder }) as const;
const inStore = () =>
  ({
    ARCHIVE_IN: 's3',
    ARCHIVE_S3_ENDPOINT: store.endpoint,
    ARCHIVE_S3_BUCKET: store.bucket,
    ARCHIVE_S3_REGION: store.region,
    ARCHIVE_S3_KEY_ID: store.keyId,
    ARCHIVE_S3_SECRET: store.secret,
  }) as const;

describe('the archive', { timeout: 240_000 }, () => {
  it('keeps each closed run of ours once, whoever else archives at the same time, and nobody else’s', async () => {
    const chains = await here.chains(6);
    const stranger = await here.theirs();

    const rounds = await Promise.all([here.round(), here.round(), here.round()]);
    const again = await here.round();

    expect(rounds.flatMap(({ failed }) => failed)).toEqual([]);
    expect(again.archived).toBe(0);
    expect(await here.count('archived_run')).toBe(18);
    // Who came second has taken his object away again.
    expect(await here.count('archived_object')).toBe(18);
    const said = await here.world.house.db
      .selectFrom('journal')
      .select('body')
      .where('subject', '=', 'archive')
      .where('type', '=', 'runArchived')
      .execute();
    expect(new Set(said.map(({ body }) => (JSON.parse(body) as { runId: string }).runId)).size).toBe(18);
    expect(said).toHaveLength(18);
    expect(await archivedRunsOf(here.world.house.db, stranger)).toEqual([]);
    expect(await here.wrong()).toEqual([]);
    expect(chains).toHaveLength(6);
  });

  it('has the runs of a workflow joined, oldest first, when Temporal has forgotten them', async () => {
    const [id = ''] = await here.chains(1);
    const source = { archive: here.archive(), client: here.world.client };
    const before = await readHistories(source, id);
    await here.round();
    await here.forget(id);

    const after = await readHistories(source, id);

    expect(before.map(({ from }) => from)).toEqual(['temporal', 'temporal', 'temporal']);
    expect(after.map(({ from }) => from)).toEqual(['archive', 'archive', 'archive']);
    expect(after.map(({ status }) => status)).toEqual(['CONTINUED_AS_NEW', 'CONTINUED_AS_NEW', 'COMPLETED']);
    expect(after.slice(1).map((run) => run.continuedFrom)).toEqual(
      after.slice(0, -1).map((run) => run.runId),
    );
    expect(after.slice(0, -1).map((run) => run.continuesAs)).toEqual(after.slice(1).map((run) => run.runId));
    expect(JSON.stringify(after.map(({ history }) => history))).toBe(
      JSON.stringify(before.map(({ history }) => history)),
    );
  });

  it('shows nothing of what it keeps to who has the bytes and not the key', async () => {
    await here.chains(1);
    await here.round();
    const rows = await here.world.house.db.selectFrom('archived_object').select('content').execute();
    const inClear = here.archive({}, first).seal;

    for (const { content } of rows) {
      expect(content.subarray(0, 24).toString()).toBe('relance archive 1 first\n');
      // The beginning of everything that gzip has packed.
      expect(content.includes(gzipSync('').subarray(0, 3), 24)).toBe(false);
    }
    expect(inClear.keyId).toBe('first');
  });

  it('opens a history as that of its own run and no other', async () => {
    const [id = ''] = await here.chains(1, 2);
    await here.round();
    const archive = here.archive();
    const [one, other] = await archivedRunsOf(here.world.house.db, id);
    const bytes = await archive.store.get(one!.place);

    const asItself = archive.seal.open({ workflowId: id, runId: one!.run_id }, bytes!);
    const asOther = archive.seal.open({ workflowId: id, runId: other!.run_id }, bytes!);

    expect(asItself).toHaveProperty('json');
    expect(asOther).toEqual({
      shut: 'does not open with the key first: it was changed, or is that of another run',
    });
  });

  it('moves to a folder and on to a store that speaks S3, under another key, and leaves nothing behind', async () => {
    await here.chains(1);
    await here.round();
    const count = await here.count('archived_run');

    const toFolder = await resealArchive(here.archive(inFolder()), 0);
    const files = filesIn(folder);
    const modes = files.map((file) => (statSync(file).mode & 0o777).toString(8));
    const nothing = await resealArchive(here.archive(inFolder()), 0);
    const toStore = await resealArchive(here.archive({ ...inFolder(), ...inStore() }, second + first), 0);

    expect([toFolder, nothing, toStore].map(({ moved, failed }) => [moved, failed.length])).toEqual([
      [count, 0],
      [0, 0],
      [count, 0],
    ]);
    expect(files).toHaveLength(count);
    expect(new Set(modes)).toEqual(new Set(['600']));
    expect(filesIn(folder)).toEqual([]);
    expect(await here.count('archived_object')).toBe(0);
    expect(store.objects.size).toBe(count);
    expect(store.refused).toEqual([]);
    // The first key is not needed any more to read it.
    const later = here.archive(inStore(), second);
    for (const row of await here.world.house.db.selectFrom('archived_run').selectAll().execute())
      expect(await readArchived(later, row)).toHaveProperty('json');
    await resealArchive(here.archive(inStore(), first + second), 0);
    expect(await here.wrong({ archive: here.archive(inStore()) })).toEqual([]);
    await resealArchive(here.archive({ ...inStore(), ARCHIVE_IN: 'postgres' }), 0);
  });

  // The control of the store's own check: what is signed with another secret is refused.
  it('is told by the store that its secret is wrong', async () => {
    await here.chains(1, 1);
    const wrong = here.archive({ ...inStore(), ARCHIVE_S3_SECRET: 'another' });

    const { archived, failed } = await here.round(wrong);

    expect(archived).toBe(0);
    expect(failed.map(({ reason }) => reason)).toEqual([
      'StoreFailed: the store answers 403 SignatureDoesNotMatch',
    ]);
    await here.round();
  });

  it('is given up for this round by a store that takes nothing, before every history was read for nothing', async () => {
    await here.round();
    await here.chains(30, 1);
    store.writesFailWith = { status: 500, code: 'InternalError' };
    const archive = here.archive(inStore());

    const { archived, failed } = await here.round(archive);
    store.writesFailWith = null;
    const next = await here.round();

    expect(archived).toBe(0);
    // Those that were on their way are told too.
    expect(failed.length).toBeGreaterThanOrEqual(20);
    expect(failed.length).toBeLessThan(25);
    expect(next.archived).toBe(30);
  });

  it('loses nothing to a store that fails, tells it, and finds what waits by itself', async () => {
    await here.round();
    const chains = await here.chains(2, 1);
    store.writesFailWith = { status: 503, code: 'SlowDown' };
    const archive = here.archive(inStore());
    const archivist = { archive, client: here.world.client, clock: here.world.house.clock };

    const failing = await here.round(archive);
    store.writesFailWith = null;
    const now = Date.now() + 5 * 3_600_000;
    const next = await archiveClosed(archivist, { now });

    expect(failing.failed.map(({ run, reason }) => [run.workflowId, reason]).sort()).toEqual(
      chains.map((id) => [id, 'StoreFailed: the store answers 503 SlowDown']).sort(),
    );
    // Hours later, when only what is new is looked for: the mark has stayed before what failed.
    expect(next).toEqual({ archived: 2, failed: [] });
    await resealArchive(here.archive({ ...inStore(), ARCHIVE_IN: 'postgres' }), 0);
  });
});

describe('a place in the archive', () => {
  it('is given to what is named as our workflows are, and to nothing that would lie outside', () => {
    const runId = 'a3d6e4f3-e3a0-440a-9c87-2a66e4ab441c';

    expect(placeOf({ workflowId: 'plan/chain-1', runId }, 'f'.repeat(64))).toBe(
      `plan/chain-1/${runId}/${'f'.repeat(32)}`,
    );
    for (const workflowId of ['../../etc/passwd', 'plan/../x', '/plan/x', 'plan', 'plan/x/y', 'plan/x%2f..'])
      expect(() => placeOf({ workflowId, runId }, 'f'.repeat(64)), workflowId).toThrow(
        'not named as our workflows',
      );
  });
});

describe('verify names', { timeout: 240_000 }, () => {
  let id: string;
  let runs: readonly string[];

  beforeAll(async () => {
    [id = ''] = await here.chains(1);
    await here.round();
    runs = (await archivedRunsOf(here.world.house.db, id)).map((row) => row.run_id);
    await here.forget(id);
  }, 240_000);

  // The control of all that follow: what is wrong is wrong by their own doing.
  it('nothing while nothing is wrong', async () => {
    expect(await here.wrong()).toEqual([]);
  });

  it('a run that is over for more than a day and not archived, and not before', async () => {
    const [late = ''] = await here.chains(1, 1);

    const [soon, later] = [await here.wrong({ later: 3_600_000 }), await here.wrong()];
    await here.round();

    expect(soon).toEqual([]);
    expect(later).toEqual([
      expect.stringMatching(new RegExp(`^${late} run .* closed at .* and is not archived$`)),
    ]);
    expect(await here.wrong()).toEqual([]);
  });

  it('an object that is gone from the store', async () => {
    const found = await here.tampered(`delete from archived_object where place like '%${runs[0]}%'`, [
      'archived_object',
    ]);

    expect(found).toEqual([
      expect.stringContaining(`${id} run ${runs[0]} is not in the store postgres any more`),
    ]);
  });

  it('an object of which one bit was turned', async () => {
    const found = await here.tampered(
      `update archived_object set content = set_byte(content, 200, get_byte(content, 200) # 1) where place like '%${runs[1]}%'`,
      ['archived_object'],
    );

    expect(found).toEqual([
      expect.stringContaining(`${id} run ${runs[1]} was altered in the store postgres`),
    ]);
  });

  it('a history that was replaced by another, sealed with our own key, row and all', async () => {
    const archive = here.archive();
    const row = (await archivedRunsOf(here.world.house.db, id))[2]!;
    const kept = await readArchived(archive, row);
    const json = 'json' in kept ? kept.json : '';
    const forged = json.replace(/"identity":"[^"]*"/, '"identity":"somebody"');
    const { bytes } = archive.seal.seal({ workflowId: id, runId: row.run_id }, forged);
    const sha = (what: string | Buffer): string => createHash('sha256').update(what).digest('hex');

    const found = await here.tampered(
      `update archived_object set content = '\\x${bytes.toString('hex')}' where place = '${row.place}';
       update archived_run set sha256 = '${sha(bytes)}', history_sha256 = '${sha(forged)}' where run_id = '${row.run_id}'`,
      ['archived_object', 'archived_run'],
    );

    expect(forged).not.toBe(json);
    expect(found).toEqual([
      `${id} run ${row.run_id} was replaced: its history is not the one that the journal names`,
    ]);
  });

  it('a row that was taken out, and that its neighbours miss', async () => {
    const found = await here.tampered(`delete from archived_run where run_id = '${runs[1]}'`, [
      'archived_run',
    ]);

    expect(found).toEqual([
      `${id} run ${runs[1]} was archived as the journal says, and its row is gone`,
      ...[
        `${id} run ${runs[0]} goes on as run ${runs[1]}, which is neither archived nor in Temporal`,
        `${id} run ${runs[2]} goes on from run ${runs[1]}, which is neither archived nor in Temporal`,
      ].sort((a, b) => order(found, a) - order(found, b)),
    ]);
  });

  it('a row that says something else than its history', async () => {
    const found = await here.tampered(
      `update archived_run set status = 'TERMINATED' where run_id = '${runs[2]}'`,
      ['archived_run'],
    );

    expect(found).toEqual([
      `${id} run ${runs[2]} has status TERMINATED in its row, and COMPLETED in its history`,
    ]);
  });

  it('an altered file of a folder', async () => {
    const archive = here.archive(inFolder());
    await resealArchive(archive, 0);
    const file = filesIn(folder).find((path) => path.includes(runs[0]!))!;
    const bytes = readFileSync(file);
    const last = bytes.length - 1;
    writeFileSync(file, bytes.with(last, bytes[last]! ^ 1));

    const found = await here.wrong({ archive });
    writeFileSync(file, bytes);

    expect(found).toEqual([expect.stringContaining(`${id} run ${runs[0]} was altered in the store folder`)]);
    await resealArchive(here.archive({ ...inFolder(), ARCHIVE_IN: 'postgres' }), 0);
  });
});

function order(found: readonly string[], line: string): number {
  return found.indexOf(line);
}

function filesIn(path: string): readonly string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
