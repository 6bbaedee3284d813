import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { archivedRunsOf } from '../../../db/audit/archive.ts';
import { readFacts } from '../../../db/journal.ts';
import { compareHeard } from '../../../temporal/audit/heard-facts.ts';
import { readHistories } from '../../../temporal/audit/histories.ts';
import { clone } from '../../production/compose-file.ts';
import { freshKey } from '../../faults/world.ts';
import type { Ask } from '../../faults/world.ts';
import { ArchiveWorld } from './archive-world.ts';
import '../../setup/quiet-workers.ts';

/** Invoices that the real worker reminded of and that were paid; their histories are archived, and two are forgotten. */
const keys = freshKey('first');
let here: ArchiveWorld;
let ask: Ask;
let url: string;
let key: string;
let invoices: readonly string[];
const run = promisify(execFile);

beforeAll(async () => {
  here = await ArchiveWorld.open(keys);
  invoices = await here.paidInvoices(3);
  ({ ask, url, key } = await here.world.api({
    settings: { RELANCE_WORKFLOW_BUNDLE: inject('workflowBundle') },
  }));
}, 240_000);
afterAll(async () => {
  await here.close();
});

describe('the history of an invoice', { timeout: 240_000 }, () => {
  it('is found missing a day after its end, and not before, until it is archived', async () => {
    const [soon, later] = [await here.wrong({ later: 3_600_000 }), await here.wrong()];
    await here.round();

    expect(soon).toEqual([]);
    for (const id of invoices) {
      expect(later).toContainEqual(
        expect.stringMatching(
          new RegExp(`^${id} is over since .*, and its last run is not archived: none is$`),
        ),
      );
    }
    expect(await here.wrong()).toEqual([]);
  });

  it('is shown by the API when Temporal has forgotten it', async () => {
    const [id = ''] = invoices;
    const path = `/v1/invoices/${id.replace('invoice/', '')}/history`;
    const before = await ask('GET', path);
    await here.forget(id);

    const after = await ask('GET', path);

    expect(after.status).toBe(200);
    expect(after.body).toEqual(before.body);
    expect(after.body['runs']).toMatchObject([{ status: 'COMPLETED', keptIn: 'archive', wrong: null }]);
    expect(await here.wrong()).toEqual([]);
  });

  it('is replayed and decided again by the API, run by run and fact by fact, archived or not', async () => {
    for (const id of invoices) {
      const answer = await fetch(`${url}/v1/invoices/${id.replace('invoice/', '')}/replay`, {
        headers: { authorization: `Bearer ${key}` },
      });
      const lines = (await answer.text())
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);

      expect(lines[0]).toMatchObject({ kind: 'run', departure: null });
      expect(lines.filter(({ isOurs }) => isOurs === true)).toContainEqual(
        expect.objectContaining({ kind: 'fact', type: 'stepRequested' }),
      );
      expect(lines.at(-1)).toMatchObject({ kind: 'verdict', holds: true, runs: 1, temporal: 'reached' });
    }
  });

  it('is missed for good when it is neither archived nor in Temporal, row and entry taken out', async () => {
    const [id = ''] = invoices;
    const [row] = await archivedRunsOf(here.world.house.db, id);

    const found = await here.tampered(
      `delete from archived_run where run_id = '${row!.run_id}'; delete from journal where subject = 'archive' and body like '%${row!.run_id}%'`,
      ['archived_run', 'journal'],
    );

    expect(found).toEqual([
      expect.stringMatching(
        new RegExp(`^${id} is over since .*, and its last run is not archived: none is$`),
      ),
    ]);
  });

  it('names a fact that the journal has in other words than its workflow heard', async () => {
    const [, id = ''] = invoices;

    const found = await here.tampered(
      `update journal set body = replace(body, '"day":"2026-03-03"', '"day":"2026-02-27"') where subject = '${id}' and type = 'paymentRecorded'`,
      ['journal'],
    );

    expect(found).toEqual([
      expect.stringMatching(
        new RegExp(`^${id} has fact \\d+ \\(paymentRecorded\\) otherwise than its run .* heard it$`),
      ),
    ]);
  });

  it('lacks a fact that no run was told, and none of those that were', async () => {
    const [, id = ''] = invoices;
    const { db, rules } = here.world.house;
    const source = { archive: here.archive(), client: here.world.client };
    const facts = await readFacts(db, rules, id.replace('invoice/', ''), 0);
    const whole = await readHistories(source, id);
    const untold = await readHistories(source, id);
    for (const { history } of untold)
      history!.events = history!.events!.filter(
        (event) => event.workflowExecutionSignaledEventAttributes?.signalName !== 'paymentRecorded',
      );

    const payment = facts.find(({ type }) => type === 'paymentRecorded');

    expect(compareHeard(facts, whole)).toEqual({ differences: [], unheard: [] });
    expect(compareHeard(facts, untold)).toEqual({ differences: [], unheard: [payment!.n] });
  });

  it('is another when it started with a file that the facts do not make', async () => {
    const [, id = ''] = invoices;
    const { db, rules } = here.world.house;
    const facts = await readFacts(db, rules, id.replace('invoice/', ''), 0);
    const runs = await readHistories({ archive: here.archive(), client: here.world.client }, id);
    const start = runs[0]!.history!.events![0]!.workflowExecutionStartedEventAttributes!.input!.payloads![0]!;
    const text = Buffer.from(start.data!).toString();
    start.data = Buffer.from(text.replace('"amountCents":120000', '"amountCents":120001'));

    expect(compareHeard(facts, runs).differences).toEqual([
      expect.stringMatching(/^does not make of \d+ facts the file with which its run .* started$/),
    ]);
  });
});

describe('npm run audit', { timeout: 240_000 }, () => {
  it('replays what is archived and what Temporal has, decides it again, and ends with 0', async () => {
    const { code, lines } = await audit('replay', '--all', '--processes', '1');

    for (const id of invoices)
      expect(lines).toContainEqual(
        expect.stringMatching(new RegExp(`^${id} run \\S+, \\d+ events?: replays$`)),
      );
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^\d+ histories replayed in .* a second: the workflows of today do what was done\.$/,
      ),
    );
    expect(lines.at(-1)).toMatch(
      /^3 invoices decided again from \d+ facts: what was done is what the rules answer\.$/,
    );
    expect(code).toBe(0);
  });

  it('says what one invoice would have been by another scenario', async () => {
    const { lines } = await audit('replay', '--invoice', 'F-1', '--scenario', 'risky@1');

    expect(lines).toContainEqual(expect.stringMatching(/ \(F-1\) is paid; by risky@1 it would be paid$/));
    expect(lines.filter((line) => line.includes('; by risky@1 ')).length).toBeGreaterThan(1);
  });

  it('ends with 1 and says where the workflows of today depart', async () => {
    const { code: changed } = await bundleWorkflowCode({
      workflowsPath: new URL('./changed/an-early-end.ts', import.meta.url).pathname,
      logger: new DefaultLogger('ERROR'),
    });
    const file = join(here.world.folder, 'changed.js');
    writeFileSync(file, changed);

    const { code, lines } = await audit.with({ RELANCE_WORKFLOW_BUNDLE: file })('replay', '--invoice', 'F-2');

    expect(lines.join('\n')).toMatch(/departs at event \d+/);
    expect(lines.join('\n')).toMatch(/found, as it would be done today: /);
    expect(code).toBe(1);
  });

  it('archives what is over, and says how much there is', async () => {
    await here.chains(2, 1);

    const { code, lines } = await audit('archive');
    const again = await audit('archive');

    expect(lines.at(-1)).toMatch(/^2 runs archived\. The archive has \d+ runs in postgres \([\d.]+ MB\)\.$/);
    expect(again.lines.at(-1)).toMatch(/^0 runs archived\./);
    expect(code).toBe(0);
  });

  it('tells whoever asks for nothing what can be asked', async () => {
    const { code, errors } = await audit();

    expect(errors).toContain('Usage: npm run audit -- COMMAND');
    expect(errors).toContain('--reseal');
    expect(code).toBe(2);
  });
});

const audit = Object.assign(auditWith({}), { with: auditWith });

function auditWith(settings: Readonly<Record<string, string>>) {
  return async (...args: string[]): Promise<{ code: number; lines: string[]; errors: string }> => {
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DATABASE_URL: here.world.databaseUrl,
      TEMPORAL_ADDRESS: here.world.temporalAddress,
      PAYLOAD_KEYS_FILE: join(here.world.folder, 'payload-keys'),
      RELANCE_WORKFLOW_BUNDLE: inject('workflowBundle'),
      ...settings,
    };
    const options = { cwd: clone, env, maxBuffer: 10_000_000 };
    try {
      const { stdout, stderr } = await run(
        process.execPath,
        ['--import', 'tsx', 'audit.ts', ...args],
        options,
      );
      return { code: 0, lines: stdout.trim().split('\n'), errors: stderr };
    } catch (failure) {
      const { code, stdout, stderr } = failure as { code: number; stdout: string; stderr: string };
      return { code, lines: stdout.trim().split('\n'), errors: stderr };
    }
  };
}
