import type { Period } from '../../db/audit/questions/question.ts';
import { endOfLawDay, lawDay } from '../../db/calendars.ts';
import type { Language } from '../../domain/message.ts';
import { addDays, isCivilDate } from '../../domain/time.ts';
import type { CivilDate, Instant } from '../../domain/time.ts';
import { dayInWords } from '../words.ts';
import { auditTexts } from './audit-texts.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';

/** From which day to which a question is asked, both days included. */
export interface DaysAsked {
  readonly from: CivilDate;
  /** The last day, itself included. */
  readonly to: CivilDate;
}

/** The days that the address asks about: those of the month before and of this one when it asks about none. */
export function daysAsked(query: unknown, now: Instant): DaysAsked {
  const { from, to } = query as { readonly from?: unknown; readonly to?: unknown };
  const today = lawDay(now);
  const monthBefore = `${addDays(`${today.slice(0, 7)}-01`, -1).slice(0, 7)}-01`;
  const given = (day: unknown, else_: CivilDate): CivilDate =>
    typeof day === 'string' && isCivilDate(day) ? day : else_;
  return { from: given(from, monthBefore), to: given(to, today) };
}

export function periodOf({ from, to }: DaysAsked): Period {
  return { from: endOfLawDay(addDays(from, -1)), to: endOfLawDay(to) };
}

export function daysForm(action: string, { from, to }: DaysAsked, language: Language): Html {
  const words = auditTexts[language];
  return markup`<form class="days noprint" method="get" action="${action}"><input type="hidden" name="lang" value="${language}"><label for="from">${words.from}</label><input id="from" type="date" name="from" value="${from}"><label for="to">${words.to}</label><input id="to" type="date" name="to" value="${to}"><button>${words.show}</button></form>
<p class="small">${words.period(dayInWords(from, language), dayInWords(to, language))}</p>`;
}
