import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readKeyRing } from '../temporal/sealing/key-ring.ts';

/**
 * The file of the keys that seal what Temporal keeps: the one that PAYLOAD_KEYS_FILE names, else one in the data folder.
 *
 * At the first start a key is made there, for this user's eyes alone; it belongs to the folder as its database does. What
 * is wrong with the keys is said before anything starts, without showing them.
 */
export function payloadKeysFile(folder: string, startedAt: Date): string {
  const named = process.env['PAYLOAD_KEYS_FILE'] ?? '';
  const file =
    named === '' ? join(folder, 'payload-keys') : resolve(process.env['INIT_CWD'] ?? process.cwd(), named);
  if (named === '') makeIfAbsent(file, startedAt);
  try {
    readKeyRing(readFileSync(file, 'utf8'));
  } catch (fault) {
    throw new Error(`The keys of ${file} can't be used: ${(fault as Error).message}`, { cause: fault });
  }
  return file;
}

function makeIfAbsent(file: string, startedAt: Date): void {
  const id = startedAt.toISOString().slice(0, 10);
  const lines = `# Seal what Temporal keeps. Without them its histories can't be read; docs/operations.md says more.\n${id}:${randomBytes(32).toString('base64')}\n`;
  try {
    writeFileSync(file, lines, { mode: 0o600, flag: 'wx' });
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault;
  }
}
