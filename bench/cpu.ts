import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second, whatever its kernel was built with (`USER_HZ`). */
const msPerTick = 10;

/**
 * The CPU time, in milliseconds, that a process and all its children have used since they began, ended ones included.
 *
 * Wall times swing with whatever else the machine does; CPU times of one run can be compared with each other. Only Linux
 * tells them (`/proc`). Throws when the process is gone: a figure without it would be a lie.
 */
export function cpuMsOf(pid: number): number {
  const all = allProcesses();
  const root = all.get(pid);
  if (!root) throw new Error(`process ${pid} is gone: its CPU time is lost`);
  const children = new Map<number, number[]>();
  for (const [child, { parent }] of all) children.set(parent, [...(children.get(parent) ?? []), child]);

  const sum = (one: number): number => {
    const own = all.get(one)?.ticks ?? 0;
    return (children.get(one) ?? []).reduce((total, child) => total + sum(child), own);
  };
  return sum(pid) * msPerTick;
}

/** The memory, in bytes, that a process holds at this moment (resident set). */
export function residentBytesOf(pid: number): number {
  return memoryOf(pid, 'VmRSS');
}

/** The most memory, in bytes, that a process has held at any moment of its life. */
export function peakBytesOf(pid: number): number {
  return memoryOf(pid, 'VmHWM');
}

function memoryOf(pid: number, what: 'VmRSS' | 'VmHWM'): number {
  const line = new RegExp(`^${what}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  if (!line) throw new Error(`process ${pid} does not say how much memory it holds`);
  return Number(line[1]) * 1024;
}

function allProcesses(): ReadonlyMap<number, { parent: number; ticks: number }> {
  const processes = new Map<number, { parent: number; ticks: number }>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const stat = statOf(name);
    if (stat) processes.set(Number(name), stat);
  }
  return processes;
}

function statOf(pid: string): { parent: number; ticks: number } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined; // It has ended since the list was read; its parent has its time.
  }
  // The name of the program stands in brackets and may hold spaces: fields are counted from its end.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [user, system, childrenUser, childrenSystem] = fields.slice(11, 15).map(Number);
  return {
    parent: Number(fields[1]),
    ticks: (user ?? 0) + (system ?? 0) + (childrenUser ?? 0) + (childrenSystem ?? 0),
  };
}
