import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { titlesIn } from './titles.ts';

/**
 * The table of the ASVS requirements, docs/asvs.csv, and what would be wrong with it.
 *
 * A table of claims rots: a test is renamed, a heading goes, and the claim stays. So evidence is written in a form that
 * can be looked up: a test with the titles of its groups, a heading of a document, or a file with words that stand in it,
 * each joined by `›`, several by `|`.
 */
export const statuses = ['met', 'operator', 'not applicable', 'open'] as const;

const row = z.strictObject({
  requirement: z.string(),
  level: z.string(),
  status: z.string(),
  evidence: z.string(),
  note: z.string(),
});

export type Row = z.infer<typeof row>;

export function readTable(csv: string): readonly Row[] {
  return z.array(row).parse(parse(csv, { columns: true }));
}

/**
 * ASVS 5.0.0 in digits: for each section of each chapter the levels of its requirements, in their order.
 *
 * Sections without any at level 1 or 2 are there too, because they keep the numbers of those that follow.
 */
const levels: readonly (readonly string[])[] = [
  ['22', '1111122223', '112222222223', '222', '123'],
  ['122', '112', '12223', '23'],
  ['3', '113', '12223', '11222233', '11122333', '3', '22333'],
  ['12233', '23333', '22', '1222'],
  ['2', '112333', '113', '222'],
  ['122', '111111112222', '11223333', '112233', '22222333', '2223', '33', '2222'],
  ['222', '1111', '22', '11222', '223', '22'],
  ['1233', '1123', '133', '23'],
  ['111', '1222'],
  ['22', '223', '22223', '1111122222233333', '22222', '22', '222'],
  ['2233', '22233', '11233', '1222', '23', '23', '33'],
  ['12233', '11', '22223'],
  ['2333', '222223', '2233', '1222233'],
  ['22', '12223333', '122'],
  ['12233', '12233', '1222222', '3333'],
  ['2', '22222', '2222', '222', '2223'],
  ['23', '22223333', '22'],
];

/** Every requirement of levels 1 and 2 with its level, in the order of the standard: 253. */
export const asked: readonly (readonly [requirement: string, level: string])[] = levels.flatMap(
  (sections, chapter) =>
    sections.flatMap((digits, section) =>
      [...digits].flatMap((level, place) =>
        level === '3' ? [] : [[`V${chapter + 1}.${section + 1}.${place + 1}`, level] as const],
      ),
    ),
);

/** What is wrong with a table, each as a line that names the requirement; `clone` is the folder that evidence lies in. */
export function faultsOf(rows: readonly Row[], clone: string): readonly string[] {
  const lookUp = lookingIn(clone);
  return [...faultsOfOrder(rows), ...rows.flatMap((one) => faultsOfRow(one, lookUp))];
}

function faultsOfOrder(rows: readonly Row[]): readonly string[] {
  const found = rows.map(({ requirement, level }) => `${requirement} of level ${level}`);
  const wanted = asked.map(([requirement, level]) => `${requirement} of level ${level}`);
  const missing = wanted.filter((one) => !found.includes(one)).map((one) => `${one} is missing`);
  const strange = found.filter((one) => !wanted.includes(one)).map((one) => `${one} is not asked`);
  const twice = found.filter((one, at) => found.indexOf(one) !== at).map((one) => `${one} is there twice`);
  if (missing.length + strange.length + twice.length > 0) return [...missing, ...strange, ...twice];
  const at = found.findIndex((one, place) => one !== wanted[place]);
  return at < 0 ? [] : [`${found[at] ?? ''} is out of order`];
}

type LookUp = (evidence: string) => string | undefined;

function faultsOfRow({ requirement, status, evidence, note }: Row, lookUp: LookUp): readonly string[] {
  const cited = evidence
    .split('|')
    .map((one) => one.trim())
    .filter(Boolean);
  const faults = cited.map(lookUp).filter((fault) => fault !== undefined);
  if (!statuses.some((known) => known === status)) faults.push(`its status "${status}" is unknown`);
  if (['met', 'operator'].includes(status) && cited.length === 0) faults.push('it has no evidence');
  if (status === 'operator' && !cited.some((one) => one.startsWith('docs/operations.md › ')))
    faults.push('docs/operations.md does not tell the operator');
  if (status !== 'met' && note.trim() === '') faults.push('it has no note');
  return faults.map((fault) => `${requirement}: ${fault}`);
}

/** Looks evidence up, each file once; answers with what is wrong with it. */
function lookingIn(clone: string): LookUp {
  const files = new Map<string, Holder | undefined>();
  return (evidence) => {
    const [file = '', ...inside] = evidence.split(' › ');
    if (!files.has(file)) files.set(file, holderOf(clone, file));
    const holds = files.get(file);
    if (!holds) return `there is no file ${file}`;
    // A test file by itself says nothing of which of its tests would fail.
    if (inside.length === 0 && file.endsWith('.test.ts')) return `no test is named: ${evidence}`;
    return inside.length === 0 || holds(inside) ? undefined : `not found: ${evidence}`;
  };
}

type Holder = (inside: readonly string[]) => boolean;

function holderOf(clone: string, file: string): Holder | undefined {
  if (!existsSync(join(clone, file))) return undefined;
  const text = readFileSync(join(clone, file), 'utf8');
  if (file.endsWith('.test.ts')) {
    const titles = new Set(titlesIn(text).map((path) => path.join(' › ')));
    return (inside) => titles.has(inside.join(' › '));
  }
  if (file.endsWith('.md')) {
    const headings = new Set([...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading));
    return ([heading]) => headings.has(heading);
  }
  return (inside) => inside.every((words) => text.includes(words));
}
