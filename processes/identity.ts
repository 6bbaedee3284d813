import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** One process and no other: an operating system gives the same id again, but never with the same start time. */
export interface ProcessIdentity {
  readonly name: string;
  readonly pid: number;
  readonly startedAt: string;
}

/** Identifies a process that is running now; `undefined` when there is none. */
export function identityOf(name: string, pid: number): ProcessIdentity | undefined {
  const startedAt = startTimeOf(pid);
  return startedAt === undefined ? undefined : { name, pid, startedAt };
}

/** True while exactly this process, and not a later one with its id, is running. */
export function isRunning(process_: ProcessIdentity): boolean {
  return startTimeOf(process_.pid) === process_.startedAt;
}

/** An opaque text, to be compared only. Linux counts from its boot, so the boot is part of it. */
function startTimeOf(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    const listed = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
    return listed === '' ? undefined : listed;
  }
  const statFile = `/proc/${pid}/stat`;
  if (!existsSync(statFile)) return undefined;
  let stat: string;
  try {
    stat = readFileSync(statFile, 'utf8');
  } catch {
    return undefined; // It ended between the two lines.
  }
  // The second field is the program's name in brackets and may itself hold brackets and blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isZombie = fields[0] === 'Z';
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return isZombie ? undefined : `${boot}/${fields[19] ?? ''}`;
}
