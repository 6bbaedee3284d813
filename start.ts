import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { claimFolder, FolderInUse, type FolderClaim } from './processes/running-file.ts';
import type { Stoppable } from './processes/supervised.ts';
import { prepareDataFolder } from './start/data-folder.ts';
import { startEverything } from './start/everything.ts';
import { BadOption, startOptions, USAGE } from './start/options.ts';
import { Stopped, stopSignal, type StopSignal } from './start/stop-signal.ts';

const CLONE = fileURLToPath(new URL('.', import.meta.url));

/**
 * Everything on one machine, until Ctrl-C: what `npm start` runs when `setup.mjs` has made sure that it can.
 *
 * All that must last is in the data folder, so the next start goes on where this one was, however it ended. Resolves with
 * the exit code: 0 after a clean stop, 1 after a reason that was printed.
 */
export async function start(args: readonly string[]): Promise<number> {
  const running: Stoppable[] = [];
  const stop = stopSignal(() => {
    say('Stopping at once.');
    // Postgres is asked when this process exits, not killed: it then needs no recovery at the next start.
    for (const one of running.filter(({ name }) => name !== 'Postgres')) one.kill();
    process.exit(130);
  });
  let claim: FolderClaim | undefined;
  try {
    const options = startOptions(args);
    if (options === 'help') {
      say(USAGE);
      return 0;
    }
    const home = options.data === undefined ? CLONE : (process.env['INIT_CWD'] ?? process.cwd());
    const folder = prepareDataFolder({
      home,
      data: options.data,
      speed: options.speed,
      startedAt: new Date(),
    });
    claim = await claimWhenStopped(folder, stop);

    await startEverything({ options, folder, claim, stop, say, running });
    await stop.asked;
    say('\nStopping …');
    return 0;
  } catch (fault) {
    if (fault instanceof Stopped) {
      say('\nStopping …');
      return 0;
    }
    complain(fault);
    return 1;
  } finally {
    claim?.publish({ stopping: 'yes' });
    // In the reverse order of their start: nobody loses the server that he talks to before he has ended.
    for (const one of running.toReversed()) await one.stop();
    claim?.release();
  }
}

/** A start that is just stopping is worth waiting for: people press Ctrl-C and start again. */
async function claimWhenStopped(folder: string, stop: StopSignal): Promise<FolderClaim> {
  for (;;) {
    try {
      return await claimFolder(folder);
    } catch (fault) {
      if (!(fault instanceof FolderInUse) || fault.about['stopping'] === undefined) throw fault;
      await pause(200);
      stop.throwIfAsked();
    }
  }
}

function complain(fault: unknown): void {
  if (fault instanceof FolderInUse) {
    const at = fault.about['url'] === undefined ? '' : ` at ${fault.about['url']}`;
    say(`Relance is already running${at} (process ${fault.pid}) with its data in ${fault.folder}.`);
    say('Stop that one first, or start another beside it: npm start -- --port 8081 --data FOLDER');
    return;
  }
  if (fault instanceof BadOption) {
    say(fault.message);
    return;
  }
  // A plain Error was written for a person; any other kind is a mistake of ours, and its place helps to find it.
  const isWrittenForPeople = fault instanceof Error && Object.getPrototypeOf(fault) === Error.prototype;
  say(
    `Relance could not start.\n${isWrittenForPeople ? fault.message : ((fault as Error).stack ?? String(fault))}`,
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

// Whoever read along may have left (`npm start | head`): that is no reason to leave servers behind.
process.stdout.on('error', (fault: NodeJS.ErrnoException) => {
  if (fault.code !== 'EPIPE') throw fault;
});
