import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { migrations } from '../../db/migrate.ts';
import { shippedScenarios } from '../../domain/shipped-scenarios.ts';

/**
 * What installations have, and what their files were decided by. A line is added here with each new migration or version
 * of a scenario; one that is there never changes, for a database that has the old one is not asked again.
 */
const published: Readonly<Record<string, string>> = {
  'migration 0001-the-house': '0ab308c9ec8d35c1',
  'migration 0002-invariants': '2c2ab84930877d83',
  'migration 0003-channels': 'bb56eeadd2131412',
  'migration 0004-people': '8e1f61b4939d2358',
  'migration 0005-rows': 'f50836b31e336bcb',
  'migration 0006-proofs': 'aa2f943881803b0d',
  'migration 0007-known-browsers': '2529c2ede9a75eeb',
  'migration 0010-matters': 'c45333cf5311b498',
  'migration 0011-approvals': '1c49bfdba3bd2a0d',
  'migration 0012-disputes': 'e45475861f0c8172',
  'migration 0013-promises': 'ec31999363a7cf7b',
  'migration 0017-electronic-letters': 'e991d0e08a2d8590',
  'migration 0018-claims': '6561c548a72022a1',
  'migration 0019-litigation': '75ce4cbf3be0441c',
  'migration 0020-legal-clocks': '39fc432f5db18e4b',
  'migration 0021-holds': '04e84f8bb0fd7e44',
  'migration 0022-words': 'c6996e97591b101f',
  'migration 0023-discounts': 'fb717c0b81d18fa6',
  'migration 0024-hands': 'e8af732d44ba81c8',
  'migration 0025-litigation-ends': '19f20662af04b15a',
  'migration 0026-amounts': '6411c2224db0da31',
  'migration 0027-litigation': 'c5cff92505518b8d',
  'migration 0028-clocks': 'e681be79ca45fc0e',
  'migration 0029-words': 'd6d019f12babedee',
  'migration 0031-pictures': 'a65e1a8af67660db',
  'migration 0032-merge': '531c81c0dfdc2894',
  'migration 0034-merged-matters': '8058865dee88eee3',
  'migration 0036-declared-sums': '1a944453136b8877',
  'migration 0037-imputations': 'c9e4c3f42f5e05e8',
  'migration 0038-lapsing-claims': 'ef7ba17598cde6d4',
  'migration 0040-rates': '9ca1ebda2275f632',
  'migration 0041-archive': 'a06d0448ecfd52eb',
  'migration 0042-anchors': 'bd4fdd2893659381',
  'migration 0043-snapshots': '15ecd311973123b0',
  'migration 0045-erasure': '3c03e4208d74fa17',
  'migration 0046-money-noted': '4df4dfd511c6aae1',
  'migration 0048-erased-stay-away': '7d27bd7b8481cbb5',
  'migration 0049-several-keys-of-a-person': '3b9dff52e0312fd9',
  'migration 0050-debtors-noted': 'abccb2f226ea4dbf',
  'migration 0051-names-noted': '05649e69d94fa9b1',
  'scenario public-body@1': 'e0e7aab3e3e329ff',
  'scenario abroad@1': '91111ffdccf9b53c',
  'scenario good-payer@1': '54ce932ad3fa2de4',
  'scenario risky@1': 'fdbe050a28705b7a',
  'scenario standard@1': '9ff43c124d3e8768',
};

describe('what was published once', () => {
  const texts = new Map<string, string>([
    ...Object.keys(migrations).map((name) => [`migration ${name}`, sourceOf(name)] as const),
    ...shippedScenarios.map((scenario) => [`scenario ${scenario.id}`, JSON.stringify(scenario)] as const),
  ]);

  it.each(Object.entries(published))('never changes: %s', (name, digest) => {
    expect(digestOf(texts.get(name) ?? '')).toBe(digest);
  });

  it('is all that there is', () => {
    expect([...texts.keys()].sort()).toEqual(Object.keys(published).sort());
  });
});

function sourceOf(migration: string): string {
  return readFileSync(new URL(`../../db/migrations/${migration}.ts`, import.meta.url), 'utf8').replaceAll(
    '\r\n',
    '\n',
  );
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
