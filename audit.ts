import { bundleCommand } from './api/audit/bundle-command.ts';
import { archiveCommand } from './temporal/audit/archive/command.ts';
import { asItWasCommand } from './temporal/audit/as-it-was-command.ts';
import type { AuditCommand } from './temporal/audit/command.ts';
import { replayCommand } from './temporal/audit/replay/command.ts';
import { verifyCommand } from './temporal/audit/verify-command.ts';
import { whereUsage } from './temporal/whereabouts.ts';

/** What an auditor can ask from the command line, by name; each command says itself how it is asked. */
const commands: Readonly<Record<string, AuditCommand>> = {
  verify: verifyCommand,
  archive: archiveCommand,
  replay: replayCommand,
  bundle: bundleCommand,
  'as-it-was': asItWasCommand,
};

const usage = `Usage: npm run audit -- COMMAND [options]

For whoever audits a Relance: reads it and says what is not as it should be. Exits with 1 when something is not.

${Object.values(commands)
  .map((command) => command.usage)
  .join('\n\n')}

Each of them knows

${whereUsage}
  --help          shows this
`;

/** Runs one command; answers the exit code, 2 when there is no such command. */
export async function audit(
  [name = '', ...args]: readonly string[],
  say: (line: string) => void,
): Promise<number> {
  const command = commands[name];
  if (command && !args.includes('--help')) return command.run(args, say);
  const wanted = name === '--help' || args.includes('--help');
  (wanted ? process.stdout : process.stderr).write(usage);
  return wanted ? 0 : 2;
}

if (process.argv[1] === import.meta.filename) {
  audit(process.argv.slice(2), (line) => void process.stdout.write(`${line}\n`)).then(
    (code) => {
      process.exitCode = code;
    },
    (failure: unknown) => {
      process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
      process.exitCode = 1;
    },
  );
}
