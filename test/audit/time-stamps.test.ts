import { execFile } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Findings } from '../../db/invariants.ts';
import { askForTimeStamp } from '../../temporal/audit/anchor/ask-for-time-stamp.ts';
import { anchorChore } from '../../temporal/audit/anchor/chore.ts';
import { signerWith } from '../../temporal/audit/anchor/signing-key.ts';
import { readTimeStamp, timeStampRequest } from '../../temporal/audit/anchor/time-stamp.ts';
import { verifyAnchors } from '../../temporal/audit/anchor/verify-anchors.ts';
import { comesBy } from '../setup/night.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';
import { stampingAuthority } from './stamping-authority.ts';
import type { StampingAuthority } from './stamping-authority.ts';

const run = promisify(execFile);
const bytes = Buffer.from('what was there');

let authority: StampingAuthority;
let answer: Buffer;
beforeAll(async () => {
  authority = await stampingAuthority();
  answer = await askForTimeStamp({ url: authority.url, issuers: [authority.issuer] }, bytes);
});
afterAll(() => authority.close());

const reading =
  (stamp: Buffer, of = bytes): (() => unknown) =>
  () =>
    readTimeStamp(stamp, of, { authorities: [authority.issuer] });

describe('a time-stamp', () => {
  it('says when something was there at the latest, and who says so', () => {
    const { at, by } = readTimeStamp(answer, bytes, { authorities: [authority.issuer] });

    expect(new Date(at).getUTCFullYear()).toBeGreaterThanOrEqual(2026);
    expect(by).toBe('CN=Stamps of time');
  });

  it('is one for openssl too', async () => {
    await writeFile(join(authority.folder, 'bytes'), bytes);
    await writeFile(join(authority.folder, 'answer'), answer);
    const { stdout } = await run('openssl', 'ts -verify -in answer -data bytes -CAfile ca.pem'.split(' '), {
      cwd: authority.folder,
    });

    expect(stdout).toContain('Verification: OK');
  });

  it('of something else is refused', () => {
    expect(reading(answer, Buffer.from('what was not there'))).toThrow('the time-stamp of something else');
  });

  it('that is the answer to another request is refused', () => {
    const { nonce } = timeStampRequest(bytes);

    expect(() => readTimeStamp(answer, bytes, { nonce })).toThrow('the answer to another request');
  });

  it('in which any byte was changed is refused, or says the same', () => {
    const said = JSON.stringify(reading(answer)());
    const changed = [...answer.keys()].filter((place) => {
      const other = Buffer.from(answer);
      other[place] = (other[place] ?? 0) ^ 1;
      try {
        return JSON.stringify(reading(other)()) !== said;
      } catch {
        return false;
      }
    });

    expect(changed).toEqual([]);
  });

  it('of somebody whose issuer is not trusted is refused', async () => {
    const other = await stampingAuthority();
    await other.close();

    expect(() => readTimeStamp(answer, bytes, { authorities: [other.issuer] })).toThrow(
      'issued by nobody whom we trust',
    );
  });

  it('that was refused, or is empty, is none', () => {
    expect(reading(Buffer.alloc(0))).toThrow();
    expect(reading(Buffer.from([0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02]))).toThrow(
      'refused it with status 2',
    );
  });
});

describe('the anchor of a day', () => {
  let office: Office;
  let folder: string;
  const { privateKey } = generateKeyPairSync('ed25519');
  beforeAll(async () => {
    office = await openOffice();
    folder = await mkdtemp(join(tmpdir(), 'anchors-'));
  });
  afterAll(async () => {
    await office.close();
    await rm(folder, { recursive: true });
  });

  async function night(day: string): Promise<void> {
    const chore = anchorChore({
      db: office.house.db,
      outside: { folder, signer: signerWith(privateKey) },
      authority: { url: authority.url, issuers: [authority.issuer] },
    });
    await comesBy(office.house, chore, Date.parse(`${day}T01:00:00Z`));
  }

  async function found(): Promise<readonly string[]> {
    const findings = new Findings();
    const { db } = office.house;
    const publicKeys = [createPublicKey(privateKey)];
    await verifyAnchors({
      db,
      findings,
      folder,
      publicKeys,
      slackMs: 3_600_000,
      authorities: [authority.issuer],
      machine: Date.parse('2026-11-23T00:00:00Z'),
    });
    return findings.verdicts().flatMap(({ offenders }) => offenders.map(({ what }) => what));
  }

  it('is kept without a stamp while the authority fails, which is told, and stamped when it answers', async () => {
    authority.answers = 503;
    await expect(night('2026-11-21')).rejects.toThrow('the time-stamping authority answers 503');
    const { kept_as: keptAs, time_stamp: none } = await newest();
    authority.answers = 'stamps';
    await night('2026-11-21');

    expect([keptAs, none]).toEqual(['anchor-00001-2026-11-21', null]);
    expect((await newest()).time_stamp).toEqual(await readFile(join(folder, `${keptAs}.tsr`)));
    expect(await found()).toEqual([]);
  });

  it('is stamped once, and the next one too', async () => {
    const before = authority.asked();
    await night('2026-11-21');
    await night('2026-11-22');
    await night('2026-11-22');

    expect(authority.asked() - before).toBe(1);
  });

  it('says so when its stamp was exchanged for another, or taken away', async () => {
    const file = join(folder, 'anchor-00002-2026-11-22.tsr');
    const own = await readFile(file);
    await writeFile(file, answer);
    const exchanged = await found();
    await rm(file);
    const gone = await found();
    await writeFile(file, own);

    expect(exchanged).toEqual([
      expect.stringContaining('its time-stamp does not hold: it is the time-stamp of something else'),
    ]);
    expect(gone).toEqual([expect.stringContaining('its time-stamp was taken away')]);
  });

  const newest = () =>
    office.house.db.selectFrom('anchor').selectAll().orderBy('n', 'desc').limit(1).executeTakeFirstOrThrow();
});
