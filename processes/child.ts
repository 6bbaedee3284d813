import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface ChildOptions {
  /** How people know this process: `Postgres`, `the worker`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The account to run as; only root can choose another than its own. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
  /** What asks it politely to end; Postgres wants SIGINT, which does not wait for its clients. */
  readonly stopSignal?: NodeJS.Signals;
  /** Told the process id as soon as there is one, so that a pid file never misses a child. */
  readonly onSpawn?: ((name: string, pid: number) => void) | undefined;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Resolves, never rejects, when the process is gone; says how it ended. */
  readonly exited: Promise<string>;
  isAlive(): boolean;
  /** Asks it to end, insists after `graceMs`, and resolves when it is gone. */
  stop(graceMs?: number): Promise<void>;
  /** Ends it at once, without a chance to finish anything. */
  kill(): void;
}

const alive = new Set<() => void>();
process.on('exit', () => {
  for (const ask of alive) ask();
});

/**
 * A program that we started and that ends with us.
 *
 * It leads a process group of its own, so that Ctrl-C in a terminal reaches only the parent, which then stops its children
 * in the right order. What it prints is added to its log file.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, command, args, logFile, stopSignal = 'SIGTERM' } = options;
  const log = openLog(logFile);
  const process_ = spawn(command, args, {
    cwd: options.cwd ?? '/',
    env: options.env ?? process.env,
    stdio: ['ignore', log, log],
    detached: true,
    ...options.account,
  });
  closeSync(log);

  const pid = await new Promise<number>((resolve, reject) => {
    process_.once('error', (fault) => {
      reject(new Error(`${name} could not be started (${command}): ${fault.message}`));
    });
    process_.once('spawn', () => {
      resolve(process_.pid ?? 0);
    });
  });
  options.onSpawn?.(name, pid);

  let gone = process_.exitCode !== null || process_.signalCode !== null;
  const ask = (): void => void process_.kill(stopSignal);
  alive.add(ask);
  const exited = new Promise<string>((resolve) => {
    const ended = (code: number | null, signal: NodeJS.Signals | null): void => {
      gone = true;
      alive.delete(ask);
      resolve(signal === null ? `exit code ${code ?? '?'}` : signal);
    };
    if (gone) ended(process_.exitCode, process_.signalCode);
    else process_.once('exit', ended);
  });

  return {
    name,
    pid,
    logFile,
    exited,
    isAlive: () => !gone,
    stop: async (graceMs = 20_000) => {
      if (gone) return;
      ask();
      const insist = setTimeout(() => process_.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(insist);
    },
    kill: () => void process_.kill('SIGKILL'),
  };
}

/** The last lines that a program wrote in its log, for the person who must find out why it failed. */
export function lastLines(logFile: string, count = 15): string {
  if (!existsSync(logFile)) return '';
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}

function openLog(logFile: string): number {
  mkdirSync(dirname(logFile), { recursive: true });
  return openSync(logFile, 'a', 0o600);
}
