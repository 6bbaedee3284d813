import { clientFor } from './client.ts';
import { clockCommands } from './clock-commands.ts';
import { readCall } from './command.ts';
import type { Command } from './command.ts';
import { disputeCommands } from './dispute-commands.ts';
import { exportCommands } from './export-commands.ts';
import { factCommands } from './fact-commands.ts';
import { firmCommands } from './firm-commands.ts';
import { givingCommands } from './giving-commands.ts';
import { holdCommands } from './hold-commands.ts';
import { importCommands } from './import-commands.ts';
import { invoiceCommands } from './invoice-commands.ts';
import { letterCommands } from './letter-commands.ts';
import { litigationCommands } from './litigation-commands.ts';
import { mergeCommands } from './merge-commands.ts';
import { Mistake } from './mistake.ts';
import { say } from './paper.ts';
import { peopleCommands } from './people-commands.ts';
import { planCommands } from './plan-commands.ts';
import { workCommands } from './work-commands.ts';

/**
 * `relance`: the command line, a thin client of the API.
 *
 * What it does, the API does; what it refuses, the API refused, and the remedy is shown. The exit code is 0 when it was
 * done and 1 when it was not.
 */
const groups: readonly (readonly [string, readonly Command[]])[] = [
  ['Look', invoiceCommands],
  ['Record', factCommands],
  ['Disputes', disputeCommands],
  ['Plans', planCommands],
  ['Litigation', litigationCommands],
  ['Firms', firmCommands],
  ['Legal dates', clockCommands],
  ['Debtors', mergeCommands],
  ['Keep silent', holdCommands],
  ['Work', [...workCommands, ...letterCommands]],
  ['Give', givingCommands],
  ['Bring in', importCommands],
  ['Take out', exportCommands],
  ['Set up', peopleCommands],
];

const commands = groups.flatMap(([, group]) => group);

/** Runs what was typed; the exit code. */
export async function relance(args: readonly string[]): Promise<number> {
  try {
    const [first] = args;
    if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
      say(help());
      return 0;
    }
    const [command, rest] = commandIn(args);
    const { url, ...call } = readCall(command, rest);
    await command.run({ ...call, client: clientFor(url) });
    return 0;
  } catch (fault) {
    if (!(fault instanceof Mistake)) throw fault;
    process.stderr.write(`${fault.message}\n`);
    return 1;
  }
}

/** The command with the longest name that was typed, and what follows it. */
function commandIn(args: readonly string[]): readonly [Command, readonly string[]] {
  const matches = (command: Command): boolean =>
    command.name.split(' ').every((word, index) => args[index] === word);
  const found = commands.filter(matches).sort((a, b) => b.name.length - a.name.length)[0];
  if (found) return [found, args.slice(found.name.split(' ').length)];
  const near = commands
    .filter(({ name }) => name.startsWith(`${args[0]} `))
    .map(({ name }) => `relance ${name}`);
  throw new Mistake(
    near.length > 0 ? `Say which: ${near.join(', ')}` : `There is no command "${args[0]}". See: relance help`,
  );
}

function help(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const lines = groups.flatMap(([title, group]) => [
    '',
    title,
    ...group.flatMap(({ name, usage, summary }) => [
      `  ${name.padEnd(width)}  ${summary}`,
      ...(usage === '' ? [] : [`  ${' '.repeat(width)}  ${usage}`]),
    ]),
  ]);
  return [
    'relance COMMAND: what is owed, why, and what happened',
    ...lines,
    '',
    'INVOICE is a number or an id. Amounts are typed as 1234,56 or 1,234.56, days as 2026-11-30 or 30/11/2026.',
    'Every command takes --url ADDRESS. RELANCE_URL and RELANCE_KEY win over what npm start has kept.',
  ].join('\n');
}

// Run as a program, through npm or by itself; imported by nobody but tests.
if (process.argv[1]?.endsWith('relance.ts')) {
  // Whoever has read enough (`| head`) closes the pipe, and that is no failure.
  process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
    if (fault.code !== 'EPIPE') throw fault;
    process.exit();
  });
  process.exitCode = await relance(process.argv.slice(2));
}
