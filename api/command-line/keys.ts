import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * The keys of the command line, by the address of the Relance that they open.
 *
 * They lie in the user's configuration folder, readable by him alone: a key in a shell history or in the clone would
 * sooner or later be shared with somebody.
 */
interface KeyRing {
  /** The address that was used last, when none is given. */
  readonly default?: string;
  readonly keys: Readonly<Record<string, string>>;
}

const usualUrl = 'http://127.0.0.1:8080';

/** Keeps the key for an address and makes it the default one. Throws when the folder can't be written. */
export function saveKey(url: string, key: string): void {
  const ring: KeyRing = { default: plain(url), keys: { ...readRing().keys, [plain(url)]: key } };
  const file = ringFile();
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify(ring, null, 2)}\n`, { mode: 0o600 });
  // An existing file keeps its mode through a write.
  chmodSync(file, 0o600);
}

/** The key for an address; RELANCE_KEY wins. */
export function keyFor(url: string): string | undefined {
  return process.env['RELANCE_KEY'] ?? readRing().keys[plain(url)];
}

/** Where to go when nobody says: RELANCE_URL, the Relance that was started last, or the usual address. */
export function defaultUrl(): string {
  return process.env['RELANCE_URL'] ?? readRing().default ?? usualUrl;
}

function readRing(): KeyRing {
  const file = ringFile();
  if (!existsSync(file)) return { keys: {} };
  try {
    return { keys: {}, ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<KeyRing>) };
  } catch (fault) {
    throw new Error(`The keys in ${file} can't be read: repair or remove the file, and npm start makes a new key.`, { cause: fault });
  }
}

function ringFile(): string {
  return join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'relance', 'keys.json');
}

function plain(url: string): string {
  return url.replace(/\/+$/, '');
}
