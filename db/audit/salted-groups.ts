import { canonicalJson } from '../canonical-json.ts';
import { saltedHashOf } from '../sha256.ts';

/** Columns of a row by what they mean together. One that comes later gets a group of its own: what was noted before would be another hash. */
export type Groups<Group extends string> = Readonly<Record<Group, readonly string[]>>;

export type Hashes<Group extends string> = Readonly<Record<Group, string>>;

/** A hash of what a row holds for each group; whoever has no salt reads and tries nothing by it. */
export function hashesOf<Group extends string>(
  groups: Groups<Group>,
  row: Readonly<Record<string, unknown>>,
  salt: string,
): Hashes<Group> {
  const hashes = namesOf(groups).map((group) => {
    const values = groups[group].map((column) => [column, row[column]]);
    return [group, saltedHashOf(salt, canonicalJson(values))];
  });
  return Object.fromEntries(hashes) as Hashes<Group>;
}

/** The groups in which two tellings of a row differ. */
export function differing<Group extends string>(
  groups: Groups<Group>,
  one: Hashes<Group>,
  other: Hashes<Group>,
): readonly Group[] {
  return namesOf(groups).filter((group) => one[group] !== other[group]);
}

function namesOf<Group extends string>(groups: Groups<Group>): readonly Group[] {
  return Object.keys(groups) as Group[];
}
