import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/**
 * The keys that seal what Temporal keeps: the first seals, all of them open.
 *
 * One ring for the whole deployment. A key is retired by putting another before it, and taking it away when nothing that
 * it sealed is left. Keys are held as key objects, which show nothing of themselves when somebody logs them.
 */
export type KeyRing = readonly [SealingKey, ...SealingKey[]];

export interface SealingKey {
  /** Stands in clear beside all that it sealed. */
  readonly id: string;
  readonly key: KeyObject;
}

const keyBytes = 32;
/** Random bytes have about thirty different ones among them, and never so few: a typed key may, one of zeros does. */
const differentBytesMin = 16;
const remedy = 'make one with: openssl rand -base64 32';

/**
 * Reads keys written as `id:base64`, with blanks, commas or line ends between them; `#` begins a remark.
 *
 * Throws an Error that says of each wrong one where it stands, by its id, and the remedy, and shows nothing of any key.
 */
export function readKeyRing(text: string): KeyRing {
  const entries = text
    .replaceAll(/#.*$/gm, '')
    .split(/[\s,]+/)
    .filter(Boolean);
  const keys: SealingKey[] = [];
  const problems: string[] = [];
  const secrets = new Map<string, string>();
  for (const [index, entry] of entries.entries()) {
    const found = readKey(entry, index + 1);
    if (typeof found === 'string') {
      problems.push(found);
      continue;
    }
    const { id, secret } = found;
    const twin = secrets.get(secret.toString('base64'));
    if (keys.some((key) => key.id === id))
      problems.push(`there are two keys named ${id}: give each a name of its own, such as 2026-11`);
    else if (twin !== undefined)
      problems.push(`${id} is the same key as ${twin}: take one away, or ${remedy}`);
    secrets.set(secret.toString('base64'), id);
    keys.push({ id, key: createSecretKey(secret) });
  }
  if (problems.length > 0) throw new Error(problems.join('; '));
  const [first, ...others] = keys;
  if (!first) throw new Error(`there is no key: write a line such as 2026-11:<key>, and ${remedy}`);
  return [first, ...others];
}

function readKey(entry: string, place: number): { id: string; secret: Buffer } | string {
  const [, id, base64] = /^([\w.-]{1,64}):([\w+/-]+={0,2})$/.exec(entry) ?? [];
  // What is no entry may be a key without its name, so nothing of it is shown.
  if (id === undefined || base64 === undefined)
    return `entry ${place} is not written as name:key, with a key in base64: ${remedy}`;
  const secret = Buffer.from(base64, 'base64');
  if (secret.length !== keyBytes)
    return `${id} has ${secret.length} bytes, and a key has ${keyBytes}: ${remedy}`;
  if (new Set(secret).size < differentBytesMin) return `${id} was not made by chance: ${remedy}`;
  return { id, secret };
}
