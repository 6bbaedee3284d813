import { describe, expect, it } from 'vitest';
import { clocksOfFile, litigationHindrance } from '../../domain/legal-clocks/clocks-of-file.ts';
import { legalTermsOf } from '../../domain/legal-clocks/terms-under-law.ts';
import { shippedLaw } from '../../domain/law/shipped-law.ts';
import type { LegalTerms } from '../../domain/legal-clocks/legal-terms.ts';
import type { Registered } from '../../domain/fact.ts';
import type { StepRecord } from '../../domain/collection.ts';
import { AFile } from './a-file.ts';

const general: LegalTerms = {
  sector: 'general',
  code: 'limitation_years',
  years: 5,
  possibly: null,
  policy: null,
};
const carrier: LegalTerms = {
  ...general,
  sector: 'transport',
  code: 'limitation_years_transport',
  years: 1,
};
/** Nobody has said what the creditor sells. */
const unsaid = legalTermsOf(
  shippedLaw,
  { debtor: { kind: 'company' }, issueDate: '2026-01-30', dueDate: '2026-03-01', performedOn: null } as never,
  {
    sector: null,
    policy: null,
  },
);

/** A file that waits: nothing but its legal dates moves it. */
function held(given: Partial<Registered> = {}): AFile {
  const file = new AFile({ legalTerms: carrier, ...given });
  file.hold(null);
  return file;
}

describe('the limitation of a claim', () => {
  it('is warned of ahead, each warning once, and never on the day from which it runs', () => {
    const file = held().liveThrough('2027-01-31');

    expect(file.diary).toEqual([
      '2026-07-30 limitation 2027-01-30',
      '2026-10-30 limitation 2027-01-30',
      '2026-12-30 limitation 2027-01-30',
      '2027-01-31 task: limitation',
    ]);
  });

  it('gives only the last of the warnings that have passed when an old invoice comes in', () => {
    const file = held({ issueDate: '2025-03-10', dueDate: '2025-04-10' }).liveThrough('2026-02-03');

    expect(file.diary).toEqual(['2026-02-02 limitation 2026-03-10']);
  });

  it('silences the file once it has passed, opens one task, and stays silent when that is done', () => {
    const file = new AFile({ issueDate: '2025-01-10', dueDate: '2025-02-10', legalTerms: carrier });
    file.liveThrough('2026-02-03');

    expect(file.diary).toEqual(['2026-02-02 task: limitation']);
    expect(file.decision).toMatchObject({ state: 'held', reasons: [{ code: 'limited', on: '2026-01-10' }] });

    file.done('limitation', 'done');
    file.liveThrough('2026-12-31');
    expect(file.diary).toHaveLength(1);
    expect(file.decision).toMatchObject({ kind: 'wait', until: null });
  });

  it('goes on again when somebody says what the creditor sells, and the task is gone', () => {
    const file = new AFile({
      issueDate: '2025-01-10',
      dueDate: '2026-01-30',
      legalTerms: carrier,
    });
    file.work();
    expect(file.task('limitation')).toBeDefined();

    file.record({ type: 'legalTermsStated', terms: general }).liveThrough('2026-02-06');

    expect(file.task('limitation')).toBeUndefined();
    expect(file.diary.at(-1)).toMatch(/reminder by email/);
  });

  it('is only possibly that of transport where nobody has said what is sold: warned of, and nobody falls silent', () => {
    const recent = held({ legalTerms: unsaid }).liveThrough('2027-02-15');
    expect(recent.diary).toEqual([
      '2026-07-30 limitation_possible 2027-01-30',
      '2026-10-30 limitation_possible 2027-01-30',
      '2026-12-30 limitation_possible 2027-01-30',
    ]);
    expect(clocksOfFile(shippedLaw, recent.collection, recent.now)).toMatchObject({
      limitation: { on: '2031-01-30', source: 'art. L110-4 C. com. et 2224 C. civ.' },
      dates: expect.arrayContaining([
        expect.objectContaining({
          clock: 'limitation_possible',
          on: '2027-01-30',
          term: { count: 1, unit: 'years' },
        }),
      ]),
    });

    const old = new AFile({ issueDate: '2024-11-10', dueDate: '2026-01-30', legalTerms: unsaid });
    old.liveThrough('2026-02-06');
    expect(old.task('limitation')).toBeUndefined();
    expect(old.diary.at(-1)).toMatch(/reminder by email/);
  });

  it('begins anew with a part that is paid, and as before when that payment comes back', () => {
    const file = held();
    const limit = () => clocksOfFile(shippedLaw, file.collection, file.now).limitation?.on;
    file.reach('2026-05-04').pay(10_000);
    expect(limit()).toBe('2027-05-04');

    const paymentId = file.collection.limitationEvents?.[0]?.evidence.id ?? '';
    file.record({
      type: 'paymentReturned',
      paymentId,
      amountCents: 10_000,
      balanceCents: 100_000,
      on: '2026-05-06',
      reason: 'AC04',
    });
    expect(limit()).toBe('2027-01-30');
  });

  it('is interrupted by a promise in writing and by a court claim, never by a reminder, nor once it has passed', () => {
    const file = held();
    const said = (event: object) =>
      file.record({
        type: 'limitationMoved',
        event: { ...event, evidence: { kind: 'document', id: '1' } } as never,
      });

    said({ kind: 'written_demand', on: '2026-06-01' });
    expect(clocksOfFile(shippedLaw, file.collection, file.now).limitation).toMatchObject({
      on: '2027-01-30',
      without: [{ why: 'no_effect' }],
    });
    said({ kind: 'court_claim', on: '2026-08-10' });
    expect(clocksOfFile(shippedLaw, file.collection, file.now).limitation?.on).toBe('2027-08-10');

    file.reach('2027-09-01');
    said({ kind: 'acknowledgement', by: 'written_promise', on: '2027-09-01' });
    expect(file.decision).toMatchObject({ reasons: [{ code: 'limited', on: '2027-08-10' }] });
  });

  it('is not said where a value of the law is missing, and silences nobody', () => {
    const file = new AFile({ issueDate: '2018-01-10', legalTerms: { ...general, years: null } });

    expect(clocksOfFile(shippedLaw, file.collection, file.now).limitation).toBeNull();
    expect(file.work().decision).not.toMatchObject({ reasons: [{ code: 'limited' }] });
  });
});

describe('the terms of a credit insurer', () => {
  it('are warned of from the due date on, the last time the day before', () => {
    const policy = {
      number: 'P-1',
      overdueNoticeDays: 30,
      interventionDays: null,
      extensionDays: null,
      insolvencyNoticeDays: null,
      indemnityDays: null,
    };
    const file = held({ legalTerms: { ...general, policy } }).liveThrough('2026-05-01');

    expect(file.diary).toEqual([
      '2026-03-17 insurer_overdue_notice 2026-04-01',
      '2026-03-27 insurer_overdue_notice 2026-04-01',
      '2026-03-31 insurer_overdue_notice 2026-04-01',
    ]);
  });
});

describe('the ends of a file’s own phases', () => {
  const phases: LegalTerms = { ...general, phases: true };
  const ends = (file: AFile) =>
    file.diary.filter((line) => /amicable_bound|notice_answer|escalation/.test(line));

  it('are told ahead: a week before the amicable one, after which nothing leaves by itself', () => {
    const file = new AFile({ legalTerms: phases }).liveThrough('2026-04-15');
    // The draft of the notice stands at the door, and nobody reads it.
    file.smooth = false;
    const left = file.diary.length;
    file.liveThrough('2026-07-31');

    expect(ends(file)).toEqual(['2026-04-27 amicable_bound 2026-05-04', '2026-05-04 task: escalation']);
    expect(file.diary.slice(left).filter((line) => / by /.test(line))).toEqual([
      '2026-04-20 formal-notice by registered_letter',
    ]);
    expect(file.decision).toMatchObject({ state: 'to_do', standing: null });
  });

  it('are told again when a silence has moved them, and never while it lasts', () => {
    const file = new AFile({ legalTerms: phases }).liveThrough('2026-04-15');
    file.smooth = false;
    file.liveThrough('2026-04-28').hold('2026-05-10');
    file.liveThrough('2026-07-31');

    expect(ends(file)).toEqual([
      '2026-04-27 amicable_bound 2026-05-04',
      '2026-05-11 amicable_bound 2026-05-17',
      '2026-05-17 task: escalation',
    ]);
  });

  it('are told three days before the last one to answer a notice, and not to files of before they were', () => {
    const file = new AFile({ legalTerms: phases }).liveThrough('2026-04-28');
    const old = new AFile({ legalTerms: general }).liveThrough('2026-04-28');

    expect(ends(file)).toEqual(['2026-04-25 notice_answer 2026-04-28']);
    expect(ends(old)).toEqual([]);
  });
});

describe('litigation', () => {
  it('is kept back until the formal notice is proven and the days of its answer are over', () => {
    const file = new AFile();
    expect(litigationHindrance(file.collection, file.now)).toEqual({ code: 'no_notice' });

    const record: StepRecord = {
      step: 'formal-notice',
      occurrence: 1,
      state: 'taken',
      channel: 'registered_letter',
      at: file.now,
      taskId: null,
      on: '2026-02-02',
      failures: [],
      retryAfter: null,
      bouncedLate: false,
      takenBefore: null,
      reminders: 0,
    };
    const noticed = { ...file.collection, steps: [record] };

    expect(litigationHindrance(noticed, file.now)).toEqual({ code: 'answer_runs', on: '2026-02-10' });
    expect(litigationHindrance(noticed, file.reach('2026-02-10').now)).toMatchObject({ code: 'answer_runs' });
    expect(litigationHindrance(noticed, file.reach('2026-02-11').now)).toBeNull();
    const posted = { ...noticed, steps: [{ ...record, state: 'posted' as const }] };
    expect(litigationHindrance(posted, file.now)).toEqual({ code: 'no_notice' });
    const skipped = { ...noticed, steps: [{ ...record, state: 'skipped' as const }] };
    expect(litigationHindrance(skipped, file.now)).toBeNull();
  });
});
