import { z } from 'zod';
import { listAnchors, publicKeysOfAnchors } from '../../db/audit/anchor/list-anchors.ts';
import type { AnchorInList } from '../../db/audit/anchor/list-anchors.ts';
import { cursorAfter, pageOf, readCursor } from '../cursor.ts';
import type { Routes } from '../route-parts.ts';
import { civilDate, instant, instantOf, page, paging } from '../shapes.ts';

const anchor = z
  .object({
    number: z.int(),
    day: civilDate.describe('Of the machine, in UTC.'),
    madeAt: instant.describe('By the machine’s clock.'),
    businessAt: instant.describe('By the business clock.'),
    chains: z.int(),
    entries: z.int().describe('Of all chains together.'),
    root: z.string().describe('Of the Merkle tree over the heads of all chains, in hex.'),
    hash: z.string().describe('By which the next anchor names this one: SHA-256 of the statement, in hex.'),
    statement: z.string().describe('The text that is signed.'),
    signature: z.string().nullable().describe('Ed25519, in base64; null where there was no key.'),
    publicKey: z.string().nullable().describe('By which key, in PEM.'),
    file: z
      .string()
      .nullable()
      .describe('The name of its files outside the database; null while it is not kept there.'),
    keptAt: instant.nullable(),
    timeStamp: z
      .object({ answer: z.string().describe('Of the authority (RFC 3161), in base64.'), at: instant })
      .nullable(),
  })
  .meta({ id: 'Anchor' });

/** The daily anchors of the journal: what was signed about the heads of all chains, and where it is kept. */
export const auditAnchorRoutes: Routes = async (app, { house }) => {
  app.get(
    '/audit/anchors',
    {
      schema: {
        summary: 'The anchors of the journal, the newest first, and the keys that signed them',
        description:
          'One for each day. What this says comes from the database itself: an auditor compares it with the files outside, by `npm run audit -- verify`.',
        tags: ['audit'],
        querystring: z.strictObject(paging),
        response: { 200: page(anchor).extend({ publicKeys: z.array(z.string()) }) },
      },
    },
    async ({ query: { limit, cursor } }) => {
      const [before] = (readCursor('anchors', cursor) as [number] | undefined) ?? [];
      const list = pageOf(await listAnchors(house.db, limit, before), limit, anchorOf, (row) =>
        cursorAfter('anchors', [row.n]),
      );
      return { ...list, publicKeys: [...(await publicKeysOfAnchors(house.db))] };
    },
  );
};

function anchorOf(row: AnchorInList): z.infer<typeof anchor> {
  return {
    number: row.n,
    day: row.day,
    madeAt: instantOf(row.made_at),
    businessAt: instantOf(row.at),
    chains: row.chains,
    entries: row.entries,
    root: row.root,
    hash: row.hash,
    statement: row.statement,
    signature: row.signature,
    publicKey: row.public_key,
    file: row.kept_as,
    keptAt: row.kept_at === null ? null : instantOf(row.kept_at),
    timeStamp:
      row.time_stamp === null || row.stamped_at === null
        ? null
        : { answer: row.time_stamp.toString('base64'), at: instantOf(row.stamped_at) },
  };
}
