import { X509Certificate } from 'node:crypto';
import type { Config } from '../../../config.ts';
import type { Db } from '../../../db/database.ts';
import type { Anchoring } from './chore.ts';
import { readSigningKey, signerWith } from './signing-key.ts';

/** How a worker with these settings anchors. */
export function anchoringOf(
  db: Db,
  settings: Pick<Config, 'ANCHOR_FOLDER' | 'ANCHOR_KEY_FILE' | 'ANCHOR_TSA_URL' | 'ANCHOR_TSA_CA'>,
): Anchoring {
  const { ANCHOR_FOLDER: folder, ANCHOR_KEY_FILE: key, ANCHOR_TSA_URL: url, ANCHOR_TSA_CA: ca } = settings;
  return {
    db,
    outside: folder && key ? { folder, signer: signerWith(readSigningKey(key)) } : null,
    authority: url ? { url, issuers: ca ? [new X509Certificate(ca)] : [] } : null,
  };
}
