import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyFor } from '../../api/command-line/keys.ts';

interface Invoice {
  readonly id: string;
  readonly number: string;
  readonly state: string;
}

interface Item {
  readonly id: string;
  readonly kind: string;
  readonly dueOn: string;
  readonly digest?: string;
}

const clone = fileURLToPath(new URL('../..', import.meta.url));
/** A life of about 75 days takes eight to ten minutes at a day in six seconds; a busy machine may take longer. */
const lifeMsMax = 15 * 60_000;

// What a newcomer gets from `npm start -- --speed 14400`: real servers, real processes, the clock alone is fast.
describe('a demonstration on a fast clock', () => {
  const folder = mkdtempSync('/tmp/relance-life-');
  let start: ChildProcess;
  let url = '';

  beforeAll(async () => {
    process.env['XDG_CONFIG_HOME'] = join(folder, 'config');
    start = spawn(
      'node',
      ['setup.mjs', 'start', '--port', '0', '--speed', '14400', '--data', join(folder, 'data')],
      {
        cwd: clone,
        stdio: ['ignore', 'pipe', 'inherit'],
        // All the people of this life ask with one key, without a rest.
        env: { ...process.env, RATE_LIMIT_PER_MINUTE: '0' },
      },
    );
    url = await addressFrom(start);
  }, 180_000);

  afterAll(async () => {
    if (start.exitCode === null) {
      const ended = new Promise((resolve) => start.once('exit', resolve));
      start.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it(
    'lets one invoice of each scenario live from before its due date to the hand-over, with people who do their work',
    async () => {
      const began = performance.now();
      let invoices: readonly Invoice[] = [];
      while (performance.now() - began < lifeMsMax) {
        await workAsPeopleDo();
        invoices = (await get<{ items: Invoice[] }>('/v1/invoices?limit=50')).items;
        if (invoices.length === 5 && invoices.every((invoice) => invoice.state === 'handed_over')) break;
        await pause(250);
      }

      for (const invoice of invoices.filter(({ state }) => state !== 'handed_over'))
        console.error(await storyOf(invoice));
      expect(invoices.map(({ number, state }) => `${number} ${state}`).sort()).toEqual(
        ['S-1001', 'S-1002', 'S-1003', 'S-1004', 'S-1005'].map((number) => `${number} handed_over`),
      );
    },
    lifeMsMax + 30_000,
  );

  it('has said to each debtor what his scenario plans, in its order, each step once', async () => {
    const steps: Record<string, string[]> = {};
    for (const invoice of (await get<{ items: Invoice[] }>('/v1/invoices?limit=50')).items) {
      const { items } = await get<{ items: { type: string; body: string }[] }>(
        `/v1/invoices/${invoice.id}/facts?limit=200`,
      );
      const stepsOf = (type: string): string[] =>
        items
          .filter((entry) => entry.type === type)
          .map((entry) => (JSON.parse(entry.body) as { step: string }).step);
      const delivered = stepsOf('stepDelivered');
      const order = stepsOf('stepRequested');
      // A plain letter has no receipt: it counts by its days in the post.
      const posted = stepsOf('stepPosted').filter((step) => !delivered.includes(step));
      steps[invoice.number] = [...delivered, ...posted].sort((a, b) => order.indexOf(a) - order.indexOf(b));
    }

    expect(steps).toEqual({
      'S-1001': [
        'pre-due',
        'reminder',
        'second-reminder',
        'firm-reminder',
        'call',
        'last-reminder',
        'formal-notice',
      ],
      'S-1002': ['pre-due', 'reminder', 'call', 'firm-reminder', 'last-reminder', 'formal-notice'],
      'S-1003': [
        'pre-due',
        'reminder',
        'text-message',
        'call',
        'firm-reminder',
        'last-reminder',
        'formal-notice',
      ],
      'S-1004': ['pre-due', 'reminder', 'call', 'firm-reminder', 'last-reminder', 'formal-notice'],
      'S-1005': [
        'pre-due',
        'reminder',
        'second-reminder',
        'firm-reminder',
        'call',
        'last-reminder',
        'formal-notice',
      ],
    });
  });

  /** What a person would look at who wonders why an invoice has not come to its end. */
  async function storyOf(invoice: Invoice): Promise<string> {
    const [why, facts, tasks] = await Promise.all([
      get<object>(`/v1/invoices/${invoice.id}/why`),
      get<{ items: object[] }>(`/v1/invoices/${invoice.id}/facts?limit=200`),
      get<{ items: object[] }>('/v1/tasks'),
    ]);
    return [`${invoice.number} is ${invoice.state}`, why, ...facts.items, 'tasks:', ...tasks.items]
      .map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
      .join('\n');
  }

  async function workAsPeopleDo(): Promise<void> {
    const drafts = await get<{ items: Item[] }>('/v1/drafts');
    for (const draft of drafts.items) await post(`/v1/drafts/${draft.id}/approval`, { digest: draft.digest });
    const tasks = await get<{ items: Item[] }>('/v1/tasks');
    for (const { dueOn } of tasks.items.filter(({ kind }) => kind === 'stuck')) await enterRates(dueOn);
    for (const task of tasks.items) await post(`/v1/tasks/${task.id}/outcome`, answerTo(task.kind));
  }

  /** No rate is guessed: when a new semester keeps a notice back, an administrator enters the rates that hold by then. */
  async function enterRates(today: string): Promise<void> {
    const { items } = await get<{ items: { code: string; to: string | null; value: number }[] }>(
      '/v1/law-values',
    );
    const codes = ['ecb_refinancing_rate', 'legal_rate_business', 'legal_rate_individual'];
    for (const code of codes) {
      const ends = items
        .filter((value) => value.code === code)
        .map(({ to, value }) => ({ to: to ?? '', value }));
      const last = ends.reduce((latest, one) => (one.to > latest.to ? one : latest));
      if (last.to >= today) continue;
      const year = Number(last.to.slice(0, 4));
      const [from, to] = last.to.endsWith('-06-30')
        ? [`${year}-07-01`, `${year}-12-31`]
        : [`${year + 1}-01-01`, `${year + 1}-06-30`];
      await post('/v1/law-values', { code, from, to, value: last.value, source: 'Avis au Journal officiel' });
    }
  }

  async function get<T>(path: string): Promise<T> {
    const answer = await fetch(url + path, { headers: { authorization: `Bearer ${keyFor(url) ?? ''}` } });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** Refusals are possible: between reading and answering, hours pass. */
  async function post(path: string, body: object): Promise<void> {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${keyFor(url) ?? ''}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok && answer.status !== 409)
      throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  }
});

function answerTo(kind: string): object {
  switch (kind) {
    case 'call':
      return { outcome: 'reached' };
    case 'post':
      return { outcome: 'done', trackingNumber: '2C 102 938 4756 1' };
    case 'hand_over':
      return { outcome: 'approved' };
    case 'escalation':
      return { outcome: 'formal_notice' };
    default:
      return { outcome: 'done' };
  }
}

/** Reads the address that the start prints, and goes on reading: a start whose reader leaves would have nobody to tell. */
function addressFrom(start: ChildProcess): Promise<string> {
  let printed = '';
  return new Promise((resolve, reject) => {
    start.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const [, address] = /API\s+(http:\/\/\S+)/.exec(printed) ?? [];
      if (address) resolve(address);
    });
    start.once('exit', () => {
      reject(new Error(`the start ended before it gave its address:\n${printed}`));
    });
  });
}
