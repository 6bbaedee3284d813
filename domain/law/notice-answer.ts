import { addDays } from '../time.ts';
import type { CivilDate } from '../time.ts';
import type { LegalDate, LegalEvent } from './legal-date.ts';

/** What is proven about a registered letter, on paper or electronic. */
export interface NoticeProof {
  readonly sentOn: CivilDate | null;
  /** The first time that it was offered to the addressee, whether he took it or not. */
  readonly presentedOn: CivilDate | null;
  readonly receivedOn: CivilDate | null;
  readonly refusedOn: CivilDate | null;
  /** The end of the days in which an electronic letter could be accepted. */
  readonly expiredOn: CivilDate | null;
  /** It came back because the address is wrong. */
  readonly returnedOn: CivilDate | null;
}

export type NoticeAnswer =
  | { readonly kind: 'running'; readonly date: LegalDate }
  /** Nothing runs until the carrier says more. */
  | { readonly kind: 'not_presented' }
  /** Nobody at that address: a person must act, no term runs by itself. */
  | { readonly kind: 'undelivered'; readonly on: CivilDate };

/**
 * Until when the debtor may answer a formal notice: `days` after it was first presented to him.
 *
 * A letter that he refused or let lie was presented to him. One that found nobody was not, whatever its posting proves.
 */
export function noticeAnswerOf(proof: NoticeProof, days: number): NoticeAnswer {
  const began = beginningOf(proof);
  if (began === null)
    return proof.returnedOn === null
      ? { kind: 'not_presented' }
      : { kind: 'undelivered', on: proof.returnedOn };

  const [because, from] = began;
  const date: LegalDate = {
    clock: 'notice_answer',
    on: addDays(from, days),
    from,
    because,
    term: { count: days, unit: 'days' },
    movedFrom: null,
    source: 'formal notice',
  };
  return { kind: 'running', date };
}

/** The first proof that it was offered; which of them it is matters less than that it is the earliest. */
function beginningOf(proof: NoticeProof): readonly [LegalEvent, CivilDate] | null {
  const proofs: readonly (readonly [LegalEvent, CivilDate | null])[] = [
    ['letter_presented', proof.presentedOn],
    ['letter_received', proof.receivedOn],
    ['letter_refused', proof.refusedOn],
    ['letter_expired', proof.expiredOn],
  ];
  let first: readonly [LegalEvent, CivilDate] | null = null;
  for (const [because, on] of proofs)
    if (on !== null && (first === null || on < first[1])) first = [because, on];
  return first;
}
