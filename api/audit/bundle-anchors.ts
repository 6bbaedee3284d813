import type { ArchivedFile } from '../../activities/compose/litigation-archive.ts';
import { statementFrom } from '../../db/audit/anchor/statement.ts';
import { nameOfAnchor } from '../../temporal/audit/anchor/anchor-folder.ts';
import { jsonFile } from './bundle-file.ts';
import type { BundleFile } from './bundle-file.ts';

/**
 * The newest anchor over the chains of the bundle: the text that was signed, its signature, the time-stamp where there is
 * one, and for each chain the way from its entry of then up to the root that the text names.
 *
 * The key that is enclosed tells whether they fit together. Who signed it, only the same key tells that somebody has from
 * elsewhere.
 */
export function anchorFiles({ record: { anchored } }: BundleFile): readonly ArchivedFile[] {
  if (!anchored) return [jsonFile('anchors/inclusion.json', { anchor: null, chains: [] })];
  const { n, statement, signature, publicKey, timeStamp, heads } = anchored;
  const name = nameOfAnchor({ n, day: statementFrom(statement).day });
  return [
    { path: `anchors/${name}.json`, bytes: Buffer.from(statement) },
    ...(signature === null ? [] : [{ path: `anchors/${name}.sig`, bytes: Buffer.from(signature, 'base64') }]),
    ...(timeStamp === null ? [] : [{ path: `anchors/${name}.tsr`, bytes: timeStamp }]),
    ...(publicKey === null ? [] : [{ path: 'anchors/public-key.pem', bytes: Buffer.from(publicKey) }]),
    jsonFile('anchors/inclusion.json', { anchor: n, name, chains: heads }),
  ];
}
