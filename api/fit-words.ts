import { lintText } from '../activities/compose/lint-template.ts';
import type { Collection } from '../domain/collection.ts';
import { rankOf } from '../domain/level.ts';
import type { Level } from '../domain/level.ts';
import type { Language } from '../domain/message.ts';
import { levelReached } from '../domain/schedule.ts';
import type { Instant } from '../domain/time.ts';
import { Problem } from './problem.ts';

/**
 * What a person writes to a debtor is held to the rules of templates: no threat before its time, no imitation of a court,
 * no bank account but the creditor's (law page, section 13). 400 names the words and why they may not stand.
 */
export function onlyFitWords(field: string, text: string, level: Level, language: Language): void {
  const [finding] = lintText(text, level, language);
  if (finding) throw Problem.invalid(field, finding.message, 'Write it otherwise.');
}

/** The level at which a file may be written about: what it has said already may be spoken of, a reminder always. */
export function levelSpokenOf(file: Collection, now: Instant): Level {
  const reached = levelReached(file, now);
  return reached !== null && rankOf(reached) > rankOf('reminder') ? reached : 'reminder';
}
