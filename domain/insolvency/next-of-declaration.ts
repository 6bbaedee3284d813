import { dayAt, tellingTime } from '../calendar.ts';
import type { Calendar } from '../calendar.ts';
import type { InsolvencyDates } from '../law/insolvency.ts';
import { dayAfter, warningPlanOf } from '../law/due-warning.ts';
import type { LegalDate } from '../law/legal-date.ts';
import type { CivilDate, Instant } from '../time.ts';

/** What one creditor has still to declare, as far as its warnings go. */
export interface DeclarationView {
  readonly creditorId: string;
  /** The last warning that was given, and of which date. */
  readonly warned: { readonly clock: string; readonly for: CivilDate } | null;
}

/** A legal date that people are to be told of now. */
export interface DueWarning {
  readonly creditorId: string;
  readonly date: LegalDate;
  /** The day of the warning, which is not given twice. */
  readonly for: CivilDate;
}

/**
 * What is due of the declarations in an insolvency: the next warning, and when to look again.
 *
 * Before its last day a declaration is warned of; once that has passed unsent, the last day to ask for relief takes its
 * place, and the first word of it comes at once. Claims that were declared ask for nothing more: they are not among these.
 * Without a publication no day is known: `dates` is null, and nothing is guessed.
 */
export function nextOfDeclarations(
  dates: ReadonlyMap<string, InsolvencyDates> | null,
  declarations: readonly DeclarationView[],
  calendar: Calendar,
  now: Instant,
): { readonly due: DueWarning | null; readonly lookAt: Instant | null } {
  const today = dayAt(calendar, now);
  let lookOn: CivilDate | null = null;
  for (const declaration of declarations) {
    const known = dates?.get(declaration.creditorId);
    if (!known) continue;
    const date = today <= known.declaration.on ? known.declaration : known.relief;
    const given = declaration.warned?.clock === date.clock ? declaration.warned.for : null;
    const { due, next } = warningPlanOf(date, given, today);
    const missed = date.clock === 'declaration_relief' && given === null && today <= date.on ? today : null;
    const warning = due ?? missed;
    if (warning !== null && now >= tellingTime(calendar, today))
      return { due: { creditorId: declaration.creditorId, date, for: warning }, lookAt: null };
    const ahead = warning !== null ? today : (next ?? turnOf(date, today));
    if (ahead !== null && (lookOn === null || ahead < lookOn)) lookOn = ahead;
  }
  return { due: null, lookAt: lookOn === null ? null : tellingTime(calendar, lookOn) };
}

/** After the last warning of the declaration, the day on which relief takes its place. */
function turnOf(date: LegalDate, today: CivilDate): CivilDate | null {
  return date.clock === 'claim_declaration' && today <= date.on ? dayAfter(date) : null;
}
