import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { identityOf, isRunning, type ProcessIdentity } from './identity.ts';

interface Running {
  readonly parent: ProcessIdentity;
  readonly children: readonly ProcessIdentity[];
  /** What other commands want to know about a running start: its address, its settings. */
  readonly about: Readonly<Record<string, string>>;
}

export interface FolderClaim {
  /** How many processes of an earlier, killed run were found alive and ended. */
  readonly orphansEnded: number;
  /** To be called for each child as soon as it has an id. */
  readonly add: (name: string, pid: number) => void;
  /** Publishes what other commands may read with `aboutRunning`. The file is readable by its owner only. */
  readonly publish: (about: Readonly<Record<string, string>>) => void;
  /** To be called when all children are gone. */
  readonly release: () => void;
}

/** Thrown when the folder belongs to a run that is alive. */
export class FolderInUse extends Error {
  readonly folder: string;
  readonly pid: number;
  readonly about: Readonly<Record<string, string>>;

  constructor(folder: string, running: Running) {
    super(`${folder} is in use by process ${running.parent.pid}.`);
    this.folder = folder;
    this.pid = running.parent.pid;
    this.about = running.about;
  }
}

/**
 * Takes a data folder for this process, after ending what a killed run left behind in it.
 *
 * The file `running.json` in the folder lists the parent and its children with their start times: a killed parent can not
 * end its children, so the next one does, and it never ends a stranger that got an old process id.
 */
export async function claimFolder(folder: string): Promise<FolderClaim> {
  const file = join(folder, 'running.json');
  const parent = identityOf('start', process.pid);
  if (parent === undefined)
    throw new Error('This system does not tell when a process started (neither /proc nor ps).');
  let running: Running = { parent, children: [], about: {} };
  let orphansEnded = 0;

  while (!createOnce(file, running)) {
    const earlier = readRunning(file);
    if (earlier !== undefined && isRunning(earlier.parent)) throw new FolderInUse(folder, earlier);
    orphansEnded += await endAll(earlier?.children ?? []);
    rmSync(file, { force: true });
  }

  const save = (change: Partial<Running>): void => {
    running = { ...running, ...change };
    writeFileSync(`${file}.new`, JSON.stringify(running, null, 2), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  return {
    orphansEnded,
    add: (name, pid) => {
      const child = identityOf(name, pid);
      if (child !== undefined) save({ children: [...running.children.filter(isRunning), child] });
    },
    publish: (about) => {
      save({ about });
    },
    release: () => {
      rmSync(file, { force: true });
    },
  };
}

/** What the run in this folder has published, or `undefined` when none is running. */
export function aboutRunning(folder: string): Readonly<Record<string, string>> | undefined {
  const running = readRunning(join(folder, 'running.json'));
  return running !== undefined && isRunning(running.parent) ? running.about : undefined;
}

/** Children are ended last-started first, as a clean stop does: the database goes last. */
async function endAll(children: readonly ProcessIdentity[]): Promise<number> {
  const orphans = children.filter(isRunning).reverse();
  for (const orphan of orphans) {
    // Postgres takes SIGINT as "now, but cleanly", and SIGTERM as "when all clients have left".
    for (const [signal, patienceMs] of [
      [orphan.name === 'Postgres' ? 'SIGINT' : 'SIGTERM', 15_000],
      ['SIGKILL', 5_000],
    ] as const) {
      if (isRunning(orphan)) signalOrSay(orphan, signal);
      const giveUpAt = performance.now() + patienceMs;
      while (isRunning(orphan) && performance.now() < giveUpAt) await pause(50);
    }
    if (isRunning(orphan))
      throw new Error(
        `${orphan.name} (process ${orphan.pid}) of a killed start does not end. End it by hand.`,
      );
  }
  return orphans.length;
}

function signalOrSay(orphan: ProcessIdentity, signal: NodeJS.Signals): void {
  try {
    process.kill(orphan.pid, signal);
  } catch (fault) {
    const code = (fault as NodeJS.ErrnoException).code;
    if (code === 'ESRCH') return; // It ended by itself.
    throw new Error(
      `${orphan.name} (process ${orphan.pid}) of a killed start is still running and belongs to another user. ` +
        'Start as that user, or end it first.',
      { cause: fault },
    );
  }
}

function createOnce(file: string, running: Running): boolean {
  try {
    writeFileSync(file, JSON.stringify(running, null, 2), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw fault;
  }
}

function readRunning(file: string): Running | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Running;
  } catch {
    return undefined; // Gone, or cut short by a full disk: then nothing is known about its children.
  }
}
