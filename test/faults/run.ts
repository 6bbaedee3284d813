import { runTests } from '../run.ts';

/** `npm run faults`: every fault with all its seeds and controls; arguments go to vitest. `split.ts` says what `npm test` runs of it. */
process.env['FAULTS'] = 'all';
process.exitCode = await runTests(['--project', 'faults', ...process.argv.slice(2)]);
