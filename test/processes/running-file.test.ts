import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identityOf, isRunning, type ProcessIdentity } from '../../processes/identity.ts';
import { aboutRunning, claimFolder, FolderInUse } from '../../processes/running-file.ts';

let folder: string;
let sleeper: ChildProcess;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'relance-claim-'));
  sleeper = spawn('sleep', ['600'], { stdio: 'ignore' });
  await once(sleeper, 'spawn');
});
afterEach(() => {
  sleeper.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

describe('claiming a data folder', () => {
  it('ends the children that a killed start left behind', async () => {
    leftBehind([identityOf('The worker', sleeper.pid!)!]);
    const ended = once(sleeper, 'exit');

    const claim = await claimFolder(folder);

    expect(claim.orphansEnded).toBe(1);
    expect((await ended)[1]).toBe('SIGTERM');
  });

  // An operating system gives process ids again: after a reboot, 4711 may be somebody's editor.
  it('never ends a process that merely has the id of an old child', async () => {
    const stranger = identityOf('a stranger', sleeper.pid!)!;
    leftBehind([{ ...stranger, name: 'The worker', startedAt: 'another time' }]);

    const claim = await claimFolder(folder);

    expect(claim.orphansEnded).toBe(0);
    expect(isRunning(stranger)).toBe(true);
  });

  it('is refused while the start that claimed it is alive, and says where that one is', async () => {
    const claim = await claimFolder(folder);
    claim.publish({ url: 'http://127.0.0.1:8080' });

    const second = claimFolder(folder);

    await expect(second).rejects.toThrow(FolderInUse);
    await expect(second).rejects.toMatchObject({ pid: process.pid, about: { url: 'http://127.0.0.1:8080' } });
  });

  it('is free again after a clean stop', async () => {
    const claim = await claimFolder(folder);
    claim.release();

    expect(existsSync(join(folder, 'running.json'))).toBe(false);
    await expect(claimFolder(folder)).resolves.toMatchObject({ orphansEnded: 0 });
  });

  it('survives a file that a full disk cut short', async () => {
    writeFileSync(join(folder, 'running.json'), '{"parent":');

    await expect(claimFolder(folder)).resolves.toMatchObject({ orphansEnded: 0 });
  });

  it('keeps what it publishes, with its passwords, from other users', async () => {
    const claim = await claimFolder(folder);
    claim.publish({ databaseUrl: 'postgres://relance_app:secret@127.0.0.1/relance' });

    expect(aboutRunning(folder)).toEqual({ databaseUrl: 'postgres://relance_app:secret@127.0.0.1/relance' });
    expect(statSync(join(folder, 'running.json')).mode & 0o777).toBe(0o600);
  });
});

/** As a `kill -9` leaves it: the parent is no more, its children are. */
function leftBehind(children: readonly ProcessIdentity[]): void {
  const parent: ProcessIdentity = { name: 'start', pid: process.pid, startedAt: 'long ago' };
  writeFileSync(join(folder, 'running.json'), JSON.stringify({ parent, children, about: {} }));
}
