import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Query } from './client.ts';
import type { Call, Command } from './command.ts';
import { Mistake } from './mistake.ts';
import { say } from './paper.ts';
import { dayTyped } from './typed.ts';

const written = {
  to: { type: 'string' },
  language: { type: 'string' },
  separator: { type: 'string' },
} as const;
const writtenUsage = '[--to FILE] [--language fr|en] [--separator semicolon|comma]';

/** Lists as CSV for a spreadsheet; to a file, or to whatever the output is led into. */
export const exportCommands: readonly Command[] = [
  {
    name: 'export invoices',
    usage: `[--state STATE] [--late] [--all] [--debtor ID] [--search TEXT] [--due-before DAY] ${writtenUsage}`,
    summary: 'Invoices as CSV, the open ones unless --all',
    options: {
      ...written,
      state: { type: 'string' },
      late: { type: 'boolean' },
      all: { type: 'boolean' },
      debtor: { type: 'string' },
      search: { type: 'string' },
      'due-before': { type: 'string' },
    },
    words: [0, 0],
    run: (call) =>
      take(call, '/v1/exports/invoices', {
        state: call.options['state'],
        late: call.options['late'],
        open: call.options['all'] === 'true' || call.options['state'] !== undefined ? undefined : 'true',
        debtor: call.options['debtor'],
        q: call.options['search'],
        dueBefore: call.options['due-before'] && dayTyped(call.options['due-before']),
      }),
  },
  {
    name: 'export tasks',
    usage: `[--kind KIND] ${writtenUsage}`,
    summary: 'Open tasks as CSV, a row for each of their invoices',
    options: { ...written, kind: { type: 'string' } },
    words: [0, 0],
    run: (call) => take(call, '/v1/exports/tasks', { kind: call.options['kind'] }),
  },
  {
    name: 'export rejected',
    usage: `IMPORT ${writtenUsage}`,
    summary: 'The rejected rows of an import as CSV: mend them, and import the file',
    options: written,
    words: [1, 1],
    run: (call) => take(call, `/v1/imports/${encodeURIComponent(call.words[0] ?? '')}/rejected-rows`, {}),
  },
];

/** Takes a file to where `--to` says, or to the output. */
export async function take({ client, options }: Call, path: string, filter: Query): Promise<void> {
  const { to, language, separator } = options;
  const bytes = buffers(await client.take(path, { ...filter, language, separator }));
  const taking =
    to === undefined ? pipeline(bytes, process.stdout, { end: false }) : pipeline(bytes, opened(to));
  await taking.catch((fault: unknown) => {
    const { code } = fault as NodeJS.ErrnoException;
    throw new Mistake(
      code === 'EEXIST'
        ? `${to} is here already: give another name.`
        : `It broke off (${code ?? 'Relance ended it'}): throw away what came, and take it again.`,
    );
  });
  if (to !== undefined) say(`Written: ${to}`);
}

async function* buffers(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const piece of bytes) yield Buffer.from(piece);
}

function opened(to: string): Writable {
  // npm moves to the clone; the file belongs where the person is. What is there is never written over.
  return createWriteStream(resolve(process.env['INIT_CWD'] ?? '.', to), { flags: 'wx' });
}
