import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { BadOption } from './options.ts';

const FREE_MB_MIN = 500;

/**
 * The folder where one start keeps everything, ready to be written to.
 *
 * A folder is bound for life to the speed it was made with, because a clock must never change under a sleeping workflow.
 * So a speed other than 1 gets a fresh folder, named after `startedAt`, unless `data` names one; that one must be empty
 * or have been made with the same speed. Throws `BadOption`, or an error that says what is wrong with the folder.
 */
export function prepareDataFolder(options: {
  readonly home: string;
  readonly data: string | undefined;
  readonly speed: number;
  readonly startedAt: Date;
}): string {
  const { home, data, speed } = options;
  const folder = data === undefined ? defaultFolder(home, speed, options.startedAt) : resolve(home, data);
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    bindToSpeed(folder, speed);
  } catch (fault) {
    throw inPlainWords(folder, fault);
  }
  const { bavail, bsize } = statfsSync(folder);
  const freeMb = Math.floor((bavail * bsize) / 1e6);
  if (freeMb < FREE_MB_MIN) {
    throw new Error(
      `The disk of ${folder} has ${freeMb} MB left, and Relance wants ${FREE_MB_MIN}. Make room, or choose another --data.`,
    );
  }
  return folder;
}

/** Each start writes its logs anew and keeps those of the start before, which tell how it ended. */
export function keepPreviousLogs(folder: string): string {
  const logs = join(folder, 'logs');
  mkdirSync(logs, { recursive: true });
  for (const name of readdirSync(logs).filter((entry) => entry.endsWith('.log'))) {
    renameSync(join(logs, name), join(logs, `${name}.previous`));
  }
  return logs;
}

function defaultFolder(home: string, speed: number, startedAt: Date): string {
  if (speed === 1) return join(home, '.data');
  const second = startedAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return join(home, '.data', `speed-${speed}-${second}`);
}

function bindToSpeed(folder: string, speed: number): void {
  const file = join(folder, 'relance.json');
  if (existsSync(file)) {
    const made = JSON.parse(readFileSync(file, 'utf8')) as { speed: number };
    if (made.speed === speed) return;
    throw new BadOption(
      `${folder} was made with --speed ${made.speed} and keeps it for life, because a clock must not change under a sleeping ` +
        `workflow. Start with --speed ${made.speed}, or with another --data.`,
    );
  }
  const strangers = readdirSync(folder).filter((name) => !name.startsWith('speed-'));
  if (strangers.length > 0) {
    throw new BadOption(
      `${folder} is not empty and was not made by Relance (it holds ${strangers.slice(0, 3).join(', ')}). Choose another --data.`,
    );
  }
  writeFileSync(file, `${JSON.stringify({ speed })}\n`);
}

function inPlainWords(folder: string, fault: unknown): unknown {
  switch ((fault as NodeJS.ErrnoException).code) {
    case 'EACCES':
    case 'EPERM':
      return new Error(
        `${folder} belongs to another user (was Relance started as root before?). Start as that user, or choose another --data.`,
      );
    case 'EROFS':
      return new Error(`${folder} lies on a read-only disk. Choose another --data.`);
    case 'ENOSPC':
      return new Error(`The disk of ${folder} is full. Make room, or choose another --data.`);
    case 'EEXIST':
    case 'ENOTDIR':
      return new BadOption(`--data takes the path of a folder, and ${folder} is not one.`);
    default:
      return fault;
  }
}
