import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { clockSlackMs } from '../../db/audit/chain.ts';
import { machineTime, readClock } from '../../db/clock.ts';
import { verifySnapshotsWhole } from '../../db/audit/verify-snapshots.ts';
import { Rules } from '../../db/rules.ts';
import { aboutRunning } from '../../processes/running-file.ts';
import { report, verify } from '../../verify.ts';
import { lookingAt, whereOptions } from '../whereabouts.ts';
import type { AnchorsSeen } from './anchor/verify-anchors.ts';
import { openArchive } from './archive/archive.ts';
import { publicKeysIn, verifyAnchors } from './anchor/verify-anchors.ts';
import type { AuditCommand } from './command.ts';
import { verifyArchive } from './verify-archive.ts';

const usage = `  verify          computes every chain of the journal again from its first entry, and compares it with the anchors
                  outside the database, with Temporal's histories, with the ledger and with what was sent
    --anchors FOLDER   where the anchors were kept (default: ANCHOR_FOLDER, or that of the running start)
    --public-key FILE  by whose key they must be signed; take the file that was handed to you, not one that lies beside them
    --tsa-ca FILE      who must have issued the certificates of time-stamps, PEM (default: anybody)`;

/** `verify` with everything that an audit adds: the anchors outside the database, and every history, archived or not. */
export const verifyCommand: AuditCommand = {
  usage,
  run: async (args, say) => {
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...whereOptions,
        anchors: { type: 'string' },
        'public-key': { type: 'string' },
        'tsa-ca': { type: 'string' },
      },
    });
    const place = placeOfAnchors(values.data, values.anchors, values['public-key']);
    const authorities = values['tsa-ca'] ? [new X509Certificate(await readFile(values['tsa-ca']))] : [];
    const publicKeys = place && (await publicKeysIn(place.publicKeyFile));
    return lookingAt(values.data, async ({ db, client, settings }) => {
      const slackMs = clockSlackMs * (await readClock(db)).settings.speed;
      const seen: AnchorsSeen[] = [];
      const verdicts = await verify({
        db,
        client,
        further: async (findings) => {
          if (place && publicKeys)
            seen.push(
              await verifyAnchors({
                ...{ db, findings, folder: place.folder, publicKeys, authorities, slackMs },
                machine: machineTime(),
              }),
            );
          await verifySnapshotsWhole({ db, rules: new Rules(), findings });
          await verifyArchive({ db, client, findings, archive: openArchive(db, settings) });
        },
      });
      for (const line of report(verdicts)) say(line);
      say(seen[0] ? reach(seen[0]) : withoutAnchors);
      return verdicts.some((verdict) => verdict.count > 0) ? 1 : 0;
    });
  },
};

const withoutAnchors =
  'No anchors outside the database were given (--anchors FOLDER --public-key FILE): whoever can write in it could have rewritten whole chains.';

/** What is younger than the newest anchor, only the database itself vouches for. */
function reach({ count, newest, stamped }: AnchorsSeen): string {
  if (count === 0) return 'The folder of anchors is empty: nothing outside the database vouches for it yet.';
  if (!newest)
    return `None of the ${count} anchors in the folder holds: nothing outside the database vouches for it.`;
  const { anchor, madeAt, chains, entries, root } = newest;
  return `${count} ${count === 1 ? 'anchor' : 'anchors'} outside the database, ${stamped} with a time-stamp; the newest that holds, ${anchor}, of ${madeAt}, vouches for ${entries} entries in ${chains} chains (root ${root}).`;
}

function placeOfAnchors(
  data: string,
  anchors: string | undefined,
  publicKey: string | undefined,
): { readonly folder: string; readonly publicKeyFile: string } | null {
  const about = process.env['DATABASE_URL'] ? undefined : aboutRunning(data);
  const folder = anchors ?? (process.env['ANCHOR_FOLDER'] || about?.['anchorFolder']);
  if (!folder) return null;
  const publicKeyFile = publicKey ?? about?.['anchorPublicKeyFile'];
  if (!publicKeyFile)
    throw new Error(
      `The anchors in ${folder} are signed: give the public key that was handed to you with --public-key FILE.`,
    );
  return { folder, publicKeyFile };
}
