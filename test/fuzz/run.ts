import { runTests } from '../run.ts';

/** `npm run fuzz`: the whole API tried as three people; `npm test` tries it as one, in a minute. */
process.env['FUZZ'] = 'all';
process.exitCode = await runTests(['test/fuzz', ...process.argv.slice(2)]);
