import type { CivilDate } from '../time.ts';
import { lawOn } from './law-value.ts';
import type { Law } from './law-value.ts';
import { legalDate } from './legal-date.ts';
import type { LegalDate } from './legal-date.ts';
import { openToCourts } from './open-to-courts.ts';
import { endOf } from './legal-term.ts';

export interface Insolvency {
  readonly judgmentOn: CivilDate;
  /** Of its publication in the BODACC; null as long as we have not read it. */
  readonly publishedOn: CivilDate | null;
  /** The creditor is established outside metropolitan France. */
  readonly creditorAbroad: boolean;
}

export interface InsolvencyDates {
  /** The last day to send the declaration. */
  readonly declaration: LegalDate;
  /** The last day to ask for relief when none was sent. */
  readonly relief: LegalDate;
  /** The last day to claim goods back that were sold under retention of title. */
  readonly retentionOfTitle: LegalDate;
}

/**
 * The days that a creditor must keep once an insolvency is published; null while no publication is known.
 *
 * The declaration follows the rules of procedure and may end on the next open day (R662-1); for the two others we don't
 * rely on that. Throws `MissingLawValue`.
 */
export function insolvencyDates(law: Law, insolvency: Insolvency): InsolvencyDates | null {
  const { publishedOn: from, creditorAbroad } = insolvency;
  if (from === null) return null;
  const counted = { from, because: 'published', procedural: false } as const;
  return {
    declaration: declarationDate(law, from, creditorAbroad),
    relief: legalDate(law, { ...counted, clock: 'declaration_relief', code: 'declaration_relief_months' }),
    retentionOfTitle: legalDate(law, {
      ...counted,
      clock: 'retention_of_title',
      code: 'retention_of_title_months',
    }),
  };
}

/** Both terms of a creditor abroad are one: two times two months from 30 October end on the last day of February. */
function declarationDate(law: Law, from: CivilDate, abroad: boolean): LegalDate {
  const { value, source } = lawOn(law, 'declaration_months', from);
  const months = abroad ? value + lawOn(law, 'declaration_abroad_months', from).value : value;
  const term = { count: months, unit: 'months' } as const;
  const end = endOf(from, term);
  const on = openToCourts(end);
  const movedFrom = on === end ? null : end;
  return { clock: 'claim_declaration', on, from, because: 'published', term, movedFrom, source };
}
