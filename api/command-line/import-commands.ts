import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { answersTyped, questionInWords } from './answers-typed.ts';
import type { Import, ImportRow, Money, Page, Preview } from './answers.ts';
import type { Client } from './client.ts';
import type { Command } from './command.ts';
import { Mistake, Refused } from './mistake.ts';
import { money, say, table } from './paper.ts';
import { sayPreview } from './preview.ts';

/** Bringing invoices in from a file, and letting their lives begin. */
export const importCommands: readonly Command[] = [
  {
    name: 'import',
    usage: 'FILE [--release] [--seller CREDITOR] [--answer FIELD=VALUE]…',
    summary: 'Read a CSV of invoices or an e-invoice (UBL, CII, Factur-X); silent until released',
    options: {
      release: { type: 'boolean' },
      seller: { type: 'string' },
      answer: { type: 'string', multiple: true },
    },
    words: [1, 1],
    run: async ({ client, words: [file = ''], options, lists }) => {
      const bytes = read(file);
      const answers = answersTyped(lists['answer'] ?? []);
      const query = {
        name: basename(file),
        seller: options['seller'],
        release: options['release'],
        answers: Object.keys(answers).length > 0 ? JSON.stringify(answers) : undefined,
      };
      const received = await client
        .send<Import>('/v1/imports', query, bytes, 'application/octet-stream')
        .catch((fault: unknown) => {
          throw asked(fault);
        });
      if (received.known) say('This file had been read before: nothing was done again.');
      const report = await untilApplied(client, received);
      await sayReport(client, report);
      if (options['release'] && received.known) say('\nReleased: the lives of its invoices begin.');
      else if (report.releasedAt === null && report.held > 0)
        say(`\nNothing leaves yet. Let their lives begin with: relance release ${report.id}`);
    },
  },
  {
    name: 'imports',
    usage: '',
    summary: 'What was imported',
    words: [0, 0],
    run: async ({ client }) => {
      const { items } = await client.get<Page<Import>>('/v1/imports');
      if (items.length === 0) return void say('Nothing was imported yet.');
      const rows = items.map((one) => [
        one.id,
        one.at.slice(0, 10),
        one.name,
        one.state,
        `${one.created} new, ${one.updated} changed, ${one.rejected} rejected`,
        one.releasedAt === null ? '' : 'released',
      ]);
      say(
        table(
          [
            { title: 'IMPORT' },
            { title: 'ON' },
            { title: 'FILE' },
            { title: 'STATE' },
            { title: 'ROWS' },
            { title: '' },
          ],
          rows,
        ),
      );
    },
  },
  {
    name: 'preview',
    usage: 'IMPORT',
    summary: 'What the release of an import would set off',
    words: [1, 1],
    run: async ({ client, words: [id = ''] }) =>
      sayPreview(await client.get<Preview>(`/v1/imports/${id}/preview`)),
  },
  {
    name: 'release',
    usage: 'IMPORT',
    summary: 'Let the invoices of an import begin their lives',
    words: [1, 1],
    run: async ({ client, words: [id = ''] }) => {
      const report = await client.post<Import>(`/v1/imports/${id}/release`);
      say(report.held === 0 ? 'Released.' : `Released; ${report.held} invoices begin their lives now.`);
    },
  },
];

function read(file: string): Uint8Array {
  try {
    // npm moves to the clone; the file lies where the person is.
    return readFileSync(resolve(process.env['INIT_CWD'] ?? '.', file));
  } catch (fault) {
    throw new Mistake(
      `${file} cannot be read (${(fault as NodeJS.ErrnoException).code ?? 'unknown'}): check its name and whether you may read it.`,
    );
  }
}

/** What the file leaves open, with what to type for each choice. */
function asked(fault: unknown): unknown {
  if (!(fault instanceof Refused) || fault.questions.length === 0) return fault;
  return new Mistake(
    [
      'The file leaves something open that only you know. Import it again with an answer to each:',
      ...fault.questions.map(questionInWords),
    ].join('\n\n'),
  );
}

const pollMs = 400;
/** Without any progress for this long, the workers are down: the import goes on by itself when they are back. */
const patienceMs = 60_000;

async function untilApplied(client: Client, first: Import): Promise<Import> {
  let report = first;
  let [done, since] = [-1, performance.now()];
  while (report.state === 'staging' || report.state === 'applying') {
    if (report.done !== done) [done, since] = [report.done, performance.now()];
    if (performance.now() - since > patienceMs)
      throw new Mistake(
        `The import does not move: are the workers running? It goes on by itself when they do.\nSee later: relance imports`,
      );
    if (process.stderr.isTTY) process.stderr.write(`\r${report.done} of ${report.rows} rows …`);
    await pause(pollMs);
    report = await client.get<Import>(`/v1/imports/${report.id}`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  return report;
}

const rowsShown = 20;

async function sayReport(client: Client, report: Import): Promise<void> {
  const { format, notes = [] } = report.reading;
  if (format !== undefined) {
    say(`Read as ${format}.`);
    for (const { message } of notes) say(`  ${message}`);
  }
  say(
    `${report.rows} rows: ${report.created} new, ${report.updated} changed, ${report.unchanged} unchanged, ${report.rejected} rejected.`,
  );
  for (const sum of report.sums)
    if (sum.amount.currency !== '') say(`  ${sum.state}: ${sum.rows} rows, ${money(sum.amount)}`);
  for (const remark of report.remarks)
    say(`  ${remark.rows} rows ${remark.code}, such as: ${remark.example}`);
  if (report.rejected > 0) await sayRejected(client, report);
  if (report.differing > 0) await sayDiffering(client, report);
  if (report.state !== 'applied') throw new Mistake('The import failed: see the log of the worker.');
  say();
  sayPreview(await client.get<Preview>(`/v1/imports/${report.id}/preview`));
}

async function sayRejected(client: Client, report: Import): Promise<void> {
  const { items } = await client.get<Page<ImportRow>>(`/v1/imports/${report.id}/rows`, {
    state: 'rejected',
    limit: String(rowsShown),
  });
  const rows = items.flatMap((row) =>
    row.problems.map((problem) => [
      String(problem.line),
      problem.column || problem.field,
      problem.value,
      `${problem.problem} ${problem.remedy}`,
    ]),
  );
  say(`\nRejected${report.rejected > rowsShown ? ` (the first ${rowsShown})` : ''}:`);
  say(
    table(
      [
        { title: 'LINE', right: true },
        { title: 'FIELD' },
        { title: 'VALUE' },
        { title: 'WHY, AND WHAT TO DO' },
      ],
      rows,
    ),
  );
  say(`Take them all to mend and import again: relance export rejected ${report.id} --to FILE`);
}

/** What the file says of known invoices and debtors that a person has to decide about. */
async function sayDiffering(client: Client, report: Import): Promise<void> {
  const { items } = await client.get<Page<ImportRow>>(`/v1/imports/${report.id}/rows`, {
    differing: 'true',
    limit: String(rowsShown),
  });
  const rows = items.flatMap((row) =>
    row.changes
      .filter((change) => !change.applied)
      .map(({ field, from, to }) => [
        String(row.line),
        row.content.number ?? '',
        field.replace(/Cents$/, ''),
        written(field, from, row.amount),
        written(field, to, row.amount),
      ]),
  );
  const some = report.differing > rowsShown ? ` (the first ${rowsShown} of ${report.differing})` : '';
  say(`\nSaid otherwise in the file, and left as it was until you decide${some}:`);
  say(
    table(
      [
        { title: 'LINE', right: true },
        { title: 'INVOICE' },
        { title: 'FIELD' },
        { title: 'HERE' },
        { title: 'IN THE FILE' },
      ],
      rows,
    ),
  );
}

function written(field: string, value: unknown, like: Money | null): string {
  if (typeof value === 'number' && field.endsWith('Cents') && like)
    return money({ amount: value, currency: like.currency });
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
