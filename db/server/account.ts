import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, statSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Where root keeps what another account must be able to enter, when the clone itself can not be entered. */
const REACHABLE_FOLDER = '/var/lib/relance';

/**
 * The account that Postgres runs as, when we are root.
 *
 * Postgres refuses to run as root, so root lends it an account: the owner of the data that are in `folder` already, else
 * `relance`, or `postgres` where that exists, else a new system account `relance` without login. Everybody else runs
 * Postgres as themselves (the answer is `undefined`).
 */
export function postgresAccount(folder: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const data = statSync(join(folder, 'postgres'), { throwIfNoEntry: false });
  if (data !== undefined && data.uid !== 0) return { uid: data.uid, gid: data.gid };
  const existing = accountNamed('relance') ?? accountNamed('postgres');
  if (existing !== undefined) return existing;

  const made = spawnSync('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/bin/false',
    'relance',
  ]);
  const account = accountNamed('relance');
  if (account === undefined) {
    const reason = made.error?.message ?? made.stderr.toString().trim();
    throw new Error(
      `Postgres does not run as root, and no account could be made for it (useradd: ${reason}). ` +
        'Start Relance as a normal user, or create a system account named "relance".',
    );
  }
  return account;
}

/**
 * Postgres' own files where the account can run them: in `node_modules`, or a copy that root keeps in
 * `/var/lib/relance` when `node_modules` lies in a folder that only root can enter.
 *
 * The copy is made beside its place and renamed, so a half copy is never taken for a whole one; it is used only
 * while root alone can change it.
 */
export async function reachableBinaries(native: string, version: string, account?: Account): Promise<string> {
  if (canRun(join(native, 'bin', 'initdb'), account)) return native;
  if (account === undefined || !canRun(join(native, 'bin', 'initdb'))) {
    throw new Error(
      `Postgres' program ${native}/bin/initdb does not run here: remove node_modules and start again.`,
    );
  }

  const copy = join(REACHABLE_FOLDER, `postgres-${version}-${process.arch}`);
  if (!existsSync(copy)) {
    await mkdir(REACHABLE_FOLDER, { recursive: true, mode: 0o755 });
    const half = await mkdtemp(`${copy}.`);
    await cp(native, join(half, 'native'), { recursive: true, verbatimSymlinks: true });
    spawnSync('chmod', ['-R', 'a+rX,go-w', half]);
    await rename(half, copy).catch(async (fault: unknown) => {
      await rm(half, { recursive: true });
      if (!existsSync(copy)) throw fault;
    });
  }
  const binaries = join(copy, 'native');
  for (const path of [REACHABLE_FOLDER, copy, binaries, join(binaries, 'bin', 'postgres')])
    mustBeRootsAlone(path);
  if (!canRun(join(binaries, 'bin', 'initdb'), account)) {
    throw new Error(
      `Postgres can not be run from ${copy}: is /var mounted "noexec"? Start Relance as a normal user.`,
    );
  }
  return binaries;
}

/**
 * The folder that holds Postgres' data folder `postgres`: `folder` itself, or one in `/var/lib/relance` when the account
 * can not enter `folder`; `<folder>/postgres` is a link to it then.
 */
export async function reachableHome(folder: string, account?: Account): Promise<string> {
  const link = join(folder, 'postgres');
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink()) return dirname(await readlink(link));
  if (account === undefined || canEnter(folder, account)) return folder;
  if (existsSync(link)) {
    throw new Error(
      `Postgres' account can no longer enter ${folder}: allow it (chmod o+x on the folder and those above it).`,
    );
  }

  await mkdir(REACHABLE_FOLDER, { recursive: true, mode: 0o755 });
  const home = await mkdtemp(join(REACHABLE_FOLDER, 'data-'));
  await chmod(home, 0o755);
  await writeFile(
    join(home, 'README'),
    `The database of ${folder}, which only root can enter.\nRemove both together.\n`,
  );
  await symlink(join(home, 'postgres'), link);
  return home;
}

function accountNamed(name: string): Account | undefined {
  const ask = (flag: string): number => Number.parseInt(spawnSync('id', [flag, name]).stdout.toString(), 10);
  const [uid, gid] = [ask('-u'), ask('-g')];
  return Number.isNaN(uid) || Number.isNaN(gid) ? undefined : { uid, gid };
}

function canRun(program: string, account?: Account): boolean {
  return spawnSync(program, ['--version'], { cwd: '/', ...account }).status === 0;
}

function canEnter(folder: string, account: Account): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { cwd: '/', ...account }).status === 0;
}

function mustBeRootsAlone(path: string): void {
  const found = lstatSync(path);
  const othersMayWrite = (found.mode & 0o022) !== 0;
  if (found.isSymbolicLink() || found.uid !== 0 || othersMayWrite) {
    throw new Error(
      `${path} could be changed by others than root, so Postgres is not run from it: remove it and start again.`,
    );
  }
}
