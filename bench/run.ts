import { benchAudit } from './audit.ts';
import { benchImport } from './import.ts';
import { benchLifecycle } from './lifecycle.ts';
import { benchMorning } from './morning.ts';

/** The benches by the name under which `npm run bench -- NAME` runs them. */
const benches: Readonly<
  Record<string, (options: readonly string[], say: (line: string) => void) => Promise<object>>
> = {
  lifecycle: benchLifecycle,
  import: benchImport,
  morning: benchMorning,
  audit: benchAudit,
};

const usage = `Usage: npm run bench -- NAME [--quick]

  lifecycle   the life of invoices against bare workflows, on this machine (8 minutes, Linux)
  import      100,000 invoices in one file: recorded, released, started, while others work (10 minutes, Linux)
  morning     2,000 messages due in one morning, against bare timers (15 minutes)
  audit       1,000 invoices that are over: archived, verified, and their histories lived again (5 minutes)

  --quick     little of it, in a minute: shows that the bench works, not how fast we are

The last line is the figures as JSON. Let nothing else work on the machine meanwhile. It ends with 1 when something was
lost, doubled or broken.
`;

const [name = '', ...options] = process.argv.slice(2);
const bench = benches[name];
// A bench that is interrupted still ends its servers: they are asked when this process exits.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

if (!bench || options.some((option) => option !== '--quick')) {
  process.stderr.write(usage);
  process.exitCode = name === '--help' ? 0 : 2;
} else {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const figures = await bench(options, say);
  say(JSON.stringify({ bench: name, ...figures }));
  if ('broken' in figures && Array.isArray(figures.broken) && figures.broken.length > 0) process.exitCode = 1;
}
