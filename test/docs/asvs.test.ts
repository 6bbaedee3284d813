import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { asked, faultsOf, readTable, statuses } from './asvs-table.ts';
import type { Row } from './asvs-table.ts';
import { titlesIn } from './titles.ts';

const clone = fileURLToPath(new URL('../..', import.meta.url));
const rows = readTable(readFileSync(join(clone, 'docs/asvs.csv'), 'utf8'));
const page = readFileSync(join(clone, 'docs/security.md'), 'utf8');

// A claim whose proof is gone is worse than none: somebody relies on it.
describe('the table of security requirements', () => {
  it('has each requirement of levels 1 and 2 once, and evidence that is there', () => {
    expect(asked).toHaveLength(253);
    expect(faultsOf(rows, clone)).toEqual([]);
  });

  it('is summed up in docs/security.md as it stands', () => {
    const counted = statuses.map(
      (status) => [status, rows.filter((row) => row.status === status).length] as const,
    );

    const said = [...page.matchAll(/^\| (met|operator|not applicable|open) \| (\d+) \|/gm)].map(
      ([, status, count]) => [status, Number(count)],
    );
    expect(said).toEqual(counted);
  });

  it('has what is open told in words in docs/security.md, and nothing else there', () => {
    const section = page.split(/^## /m).find((part) => part.startsWith('What is open')) ?? '';

    const told = new Set([...section.matchAll(/\bV\d+\.\d+\.\d+\b/g)].map(([id]) => id));
    const open = rows.filter(({ status }) => status === 'open').map(({ requirement }) => requirement);
    expect([...told].sort()).toEqual(open.sort());
  });
});

// What the check never reported would prove nothing about the table.
describe('the check of the table', () => {
  const here = 'test/docs/asvs.test.ts › the check of the table';
  const changed = (requirement: string, change: Partial<Row>): readonly Row[] =>
    rows.map((row) => (row.requirement === requirement ? { ...row, ...change } : row));

  it.each<[string, readonly Row[], string]>([
    [
      'a title that no test has',
      changed('V1.2.4', { status: 'met', evidence: `${here} › is made up` }),
      'V1.2.4: not found',
    ],
    [
      'a title that stands in another group',
      changed('V1.2.4', { status: 'met', evidence: `${here} › is summed up in docs/security.md as it stands` }),
      'V1.2.4: not found',
    ],
    [
      'a file that is not there',
      changed('V1.2.4', { status: 'met', evidence: 'test/no.test.ts › x' }),
      'V1.2.4: there is no file test/no.test.ts',
    ],
    [
      'a test file without a test',
      changed('V1.2.4', { status: 'met', evidence: 'test/docs/asvs.test.ts' }),
      'V1.2.4: no test is named',
    ],
    [
      'a heading that is not there',
      changed('V1.2.4', { status: 'met', evidence: 'docs/operations.md › Nowhere' }),
      'V1.2.4: not found',
    ],
    [
      'words that a file does not hold',
      changed('V1.2.4', { status: 'met', evidence: 'Dockerfile › USER root' }),
      'V1.2.4: not found',
    ],
    [
      'no evidence for what is met',
      changed('V1.2.4', { status: 'met', evidence: ' ' }),
      'V1.2.4: it has no evidence',
    ],
    [
      'an operator whom nobody tells',
      changed('V12.2.1', { status: 'operator', evidence: 'Dockerfile', note: 'x' }),
      'V12.2.1: docs/operations.md does not tell the operator',
    ],
    ['an empty note', changed('V17.1.1', { status: 'not applicable', note: ' ' }), 'V17.1.1: it has no note'],
    ['a status that there is not', changed('V1.2.4', { status: 'done' }), 'V1.2.4: its status "done"'],
    [
      'a requirement that is missing',
      rows.filter(({ requirement }) => requirement !== 'V8.4.1'),
      'V8.4.1 of level 2 is missing',
    ],
    [
      'a requirement of level 3',
      changed('V8.4.1', { requirement: 'V8.4.2', level: '3' }),
      'V8.4.2 of level 3 is not asked',
    ],
    ['a wrong level', changed('V8.4.1', { level: '1' }), 'V8.4.1 of level 2 is missing'],
    ['a row that is there twice', [...rows, ...rows.slice(-1)], 'V17.3.2 of level 2 is there twice'],
    ['rows out of order', [...rows.slice(1), ...rows.slice(0, 1)], 'V1.1.2 of level 2 is out of order'],
  ])('reports %s', (_, table, fault) => {
    expect(faultsOf(table, clone).filter((said) => said.startsWith(fault))).toHaveLength(1);
  });

  it('reads titles where tests have them', () => {
    const source = `
      describe.each([['a']])('a group of %s', () => {
        it.each([1])('that is %i', () => {}); // it('in a comment', () => {});
        it.concurrent(\`hears \${count} things\`, () => {});
        it.skip('that nobody runs', () => {});
      });
      const text = "it('in a value', () => {})";`;

    expect(titlesIn(source)).toEqual([
      ['a group of %s'],
      ['a group of %s', 'that is %i'],
      ['a group of %s', 'hears ${count} things'],
    ]);
  });
});
