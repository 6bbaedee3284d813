import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const clone = fileURLToPath(new URL('../../..', import.meta.url));

it('the command line ends quietly when whoever reads it has read enough', async () => {
  const args = ['setup.mjs', 'run', 'api/command-line/relance.ts', 'help'];
  const child = spawn(process.execPath, args, { cwd: clone, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();

  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);

  expect([code, said]).toEqual([0, '']);
});
