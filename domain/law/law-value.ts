import { isCivilDate } from '../time.ts';
import type { CivilDate } from '../time.ts';
import { lawCodes } from './law-code.ts';
import type { LawCode } from './law-code.ts';
import { firstDayOf, lastDayOf, semesterOf } from './semester.ts';

/**
 * One value of the law, with the days on which it holds and where it was read.
 *
 * The first rows ship with the product; an administrator adds others, because rates come every six months and laws
 * change. Nothing is ever computed with a value that has no row for its day.
 */
export interface LawValue {
  readonly code: LawCode;
  /** The first day on which it holds. */
  readonly from: CivilDate;
  /** The last one; null until another row follows. A value per semester always ends with its semester. */
  readonly to: CivilDate | null;
  /** An integer in the unit of the code. */
  readonly value: number;
  /** The article, decree or table, so that who doubts can look. */
  readonly source: string;
  /** Read in a source: enough to compute and to warn. Otherwise it is common knowledge that nobody has looked up yet. */
  readonly sourced: boolean;
  /** A lawyer has read it: needed before it is printed in a formal act. */
  readonly lawyerValidated: boolean;
}

/** All rows in the order in which they were added; of two that hold on a day, the one added later counts. */
export type Law = readonly LawValue[];

/** The value of that code on that day. Throws `MissingLawValue` when no row says it. */
export function lawOn(law: Law, code: LawCode, day: CivilDate): LawValue {
  const row = law.findLast(
    (candidate) =>
      candidate.code === code && candidate.from <= day && (candidate.to === null || day <= candidate.to),
  );
  if (!row) throw new MissingLawValue(code, day);
  return row;
}

/** A value of the law that nobody has entered: the computation stops, since a guess would be claimed from somebody. */
export class MissingLawValue extends Error {
  override readonly name = 'MissingLawValue';
  readonly code: LawCode;
  readonly day: CivilDate;
  /** `2027-H1`, for what is fixed by semester. */
  readonly semester: string | null;

  constructor(code: LawCode, day: CivilDate) {
    const { name, perSemester } = lawCodes[code];
    const semester = perSemester ? semesterOf(day) : null;
    super(
      `The ${name} ${semester === null ? `on ${day}` : `of ${semester}`} is not known: ` +
        'an administrator adds it to the values of the law, with its source.',
    );
    this.code = code;
    this.day = day;
    this.semester = semester;
  }
}

/** What `work` comes to, or the value of the law that it lacks: for whoever can go on without. Throws what else fails. */
export function orMissing<T>(work: () => T): T | MissingLawValue {
  try {
    return work();
  } catch (fault) {
    return missingIn(fault);
  }
}

/** The value of the law that a failure is about, as the end of a promise: `.catch(missingIn)`. Throws any other failure on. */
export function missingIn(fault: unknown): MissingLawValue {
  if (fault instanceof MissingLawValue) return fault;
  throw fault;
}

/** Far above any rate, amount or term of the law; what lies beyond was typed in another unit. */
const valueMax = 1_000_000_000;
/** 100 %: no rate of the law comes near. */
const rateMax = 10_000;

/** What keeps a row from being added, as a field and the remedy; null when nothing does. */
export function problemOf(
  row: LawValue,
): { readonly field: keyof LawValue; readonly message: string } | null {
  const { unit, perSemester } = lawCodes[row.code];
  if (!isCivilDate(row.from)) return { field: 'from', message: 'Give the first day, such as 2027-01-01.' };
  if (row.to !== null && !isCivilDate(row.to))
    return { field: 'to', message: 'Give the last day, such as 2027-06-30, or none.' };
  if (row.to !== null && row.to < row.from)
    return { field: 'to', message: `The last day comes before ${row.from}: give a later one.` };

  const max = unit === 'hundredths' ? rateMax : valueMax;
  if (!Number.isInteger(row.value) || row.value < 0 || row.value > max)
    return { field: 'value', message: `Give a whole number from 0 to ${max}, in ${unit}.` };
  if (row.source.trim() === '')
    return { field: 'source', message: 'Say where it was read: the decree, the article or the table.' };

  const semester = semesterOf(row.from);
  if (perSemester && (row.from !== firstDayOf(semester) || row.to !== lastDayOf(semester))) {
    const message = `It holds for one semester: from ${firstDayOf(semester)} to ${lastDayOf(semester)}.`;
    return { field: row.from === firstDayOf(semester) ? 'to' : 'from', message };
  }
  return null;
}
