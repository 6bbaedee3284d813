import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicKeyOf, readSigningKey } from '../temporal/audit/anchor/signing-key.ts';

/** Where the anchors of the journal go on this machine, and by what they are signed. */
export interface AnchorsHere {
  readonly folder: string;
  readonly keyFile: string;
  readonly publicKeyFile: string;
}

/**
 * The folder of anchors and the key that signs them, beside the database in the data folder, unless settings name others.
 *
 * At the first start a key is made there, for this user's eyes alone, with its public half. Whoever changes the database of this
 * machine may reach them too: docs/operations.md says where they belong in production.
 */
export function anchorsHere(folder: string): AnchorsHere {
  const { ANCHOR_FOLDER: named = '', ANCHOR_KEY_FILE: namedKey = '' } = process.env;
  const anchors = named === '' ? join(folder, 'anchors') : named;
  const keyFile = namedKey === '' ? join(folder, 'anchor-key.pem') : namedKey;
  const publicKeyFile = join(folder, 'anchor-public-key.pem');
  mkdirSync(anchors, { recursive: true });
  if (namedKey === '') makeIfAbsent(keyFile);
  try {
    const key = readSigningKey(readFileSync(keyFile));
    writeFileSync(publicKeyFile, publicKeyOf(createPrivateKey(key.export({ type: 'pkcs8', format: 'pem' }))));
  } catch (fault) {
    throw new Error(`The key of ${keyFile} can't sign anchors: ${(fault as Error).message}`, {
      cause: fault,
    });
  }
  return { folder: anchors, keyFile, publicKeyFile };
}

function makeIfAbsent(file: string): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  try {
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault;
  }
}
