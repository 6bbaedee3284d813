import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * The keys of the command line: which key opens the Relance at which address, and which address is meant by default.
 *
 * They are kept in the user's configuration folder, in a file that nobody else can read; `npm start` writes the key of
 * the house that it started, so its owner types none. RELANCE_URL and RELANCE_KEY win over it.
 */
interface Kept {
  readonly default?: string;
  readonly keys: Readonly<Record<string, string>>;
}

/** Keeps the key for that address, and makes the address the default one. */
export function saveKey(url: string, key: string): void {
  const address = addressOf(url);
  const { keys } = readKept();
  write({ default: address, keys: { ...keys, [address]: key } });
}

/** The key for that address: RELANCE_KEY, else the one that was kept; undefined when there is none. */
export function keyFor(url: string): string | undefined {
  return process.env['RELANCE_KEY'] || readKept().keys[addressOf(url)];
}

/** The address when none is given: RELANCE_URL, else the one that was started last, else that of a usual start. */
export function defaultUrl(): string {
  return process.env['RELANCE_URL'] || readKept().default || 'http://127.0.0.1:8080';
}

/** Where the keys lie; for those who want to see or remove it. */
export function keysFile(): string {
  return join(process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'relance', 'keys.json');
}

/** `http://localhost:8080/x` and `http://localhost:8080` are one house. */
function addressOf(url: string): string {
  return new URL(url).origin;
}

function readKept(): Kept {
  const file = keysFile();
  if (!existsSync(file)) return { keys: {} };
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Partial<Kept>;
    return { ...kept, keys: kept.keys ?? {} };
  } catch {
    throw new Error(
      `${file} is not readable as JSON: remove it, and give the key with RELANCE_KEY or start Relance again.`,
    );
  }
}

/** Whole or not at all, and never readable by others, not even for a moment. */
function write(kept: Kept): void {
  const file = keysFile();
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
  chmodSync(fresh, 0o600);
  renameSync(fresh, file);
}
