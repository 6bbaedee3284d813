import { usualSettings } from '../../../domain/law/penalties.ts';
import type { PenaltyCase, PenaltySettings } from '../../../domain/law/penalties.ts';
import type { Movement } from '../../../domain/law/movement.ts';
import type { CivilDate } from '../../../domain/time.ts';

/** A debt between professionals of which nothing was paid; tests say what differs. */
export function debt(
  amountCents: number,
  dueDate: CivilDate,
  until: CivilDate,
  given: Partial<Omit<PenaltyCase, 'settings'>> & { settings?: Partial<PenaltySettings> } = {},
): PenaltyCase {
  const { movements = [], settings = {}, ...rest } = given;
  return {
    regime: 'business',
    dueDate,
    until,
    contractHundredths: null,
    creditorIsIndividual: false,
    noticeReceivedOn: null,
    insolventOn: null,
    contestedCents: 0,
    ...rest,
    movements: [{ kind: 'invoice', day: '2020-01-01', cents: amountCents }, ...movements],
    settings: { ...usualSettings, ...settings },
  };
}

export function paid(day: CivilDate, cents: number, paymentId: string | null = null): Movement {
  return { kind: 'payment', day, cents: -cents, paymentId };
}

export function credited(day: CivilDate, cents: number): Movement {
  return { kind: 'credit_note', day, cents: -cents };
}
