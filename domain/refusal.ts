import { approvalsOf } from './approval/approval.ts';
import { promisesMadeOn } from './apply.ts';
import { dayAt } from './calendar.ts';
import { askedCentsOf, isClosed, isPursuedOutside, isSmallDifferenceLeft, recordOf } from './collection.ts';
import type { Collection, OpenTask } from './collection.ts';
import type { FactBody, FactOf, TaskOutcome } from './fact.ts';
import { wasReminded } from './next-step.ts';
import { silencedByJudgmentOn } from './insolvency/claim-side.ts';
import { promiseBoundsOf } from './promise/promise-bounds.ts';
import { addDays } from './time.ts';
import type { CivilDate, Instant } from './time.ts';
import { outcomesOf } from './task.ts';

/**
 * Why what a person or an API asks makes no sense for an invoice as it is.
 *
 * A refusal is an answer, not a failure: a code for programs, a sentence with the remedy for people, the field where
 * there is one. What a bank or a provider says is never refused: it happened.
 */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
  readonly field?: string;
}

/** Every code with the sentence that documents it. */
export const refusalCodes = {
  'invoice-closed': 'The invoice is closed, so there is nothing left to promise, dispute, hold or send.',
  'amount-not-positive': 'A promise, a dispute or what is granted of it is about more than nothing.',
  'promise-in-the-past': 'A promise names today or a later day.',
  'promise-too-far':
    'A promise lies within the days that the scenario allows, or a person who may decide says why not.',
  'promises-too-many':
    'An invoice has no more promises than the scenario allows, or a person who may decide says why.',
  'promise-too-large': 'A promise is about no more than what is owed and not contested.',
  'promise-running': 'Nobody collects what the debtor has promised before the day that he was given.',
  'promise-unknown': 'The promise is not, or no longer, running.',
  'in-plan':
    'An invoice in an instalment plan takes no promise, no discount and no other plan, and goes to no firm.',
  'plan-impossible':
    'The instalments of a plan make up the debt to the cent, on days that come one after the other.',
  'plan-too-long':
    'A plan pays at least every quarter and is over in three years, or a person who may decide says why it pauses longer.',
  'plan-outdated': 'A plan is accepted for the very debt that it was made for.',
  'plan-not-open': 'The plan has been accepted, withdrawn or has ended.',
  'dispute-too-large': 'No more can be contested than what is owed and not contested yet.',
  'dispute-unknown': 'The dispute is not, or no longer, open.',
  'dispute-open': 'Nobody collects what is contested in full while the objection is examined.',
  'invoice-held': 'What somebody holds back is handed to nobody until the hold is lifted.',
  'not-collected':
    'A firm collects what is ours to collect: a factor’s claim is his, our bank presents a direct debit, and a group does not sue itself.',
  'claim-limited': 'What can be brought to court no more goes to legal advice, and to nobody who collects.',
  'dispute-over': 'A debtor is written to about his dispute until some days after its decision.',
  'grant-too-large': 'No more can be granted than what is contested.',
  'hold-in-the-past': 'A hold ends today or later.',
  'hold-unknown': 'The hold is not, or no longer, in force.',
  'step-unknown': 'The pinned scenario version has no such step.',
  'step-taken': 'The step has been taken; what has been said cannot be unsaid.',
  'step-not-waiting': 'The step does not wait for a word of approval.',
  'day-not-possible': 'What was done was done today or earlier, and not before it was asked for.',
  'task-unknown': 'The task is not, or no longer, open.',
  'outcome-unknown': 'The task cannot end that way.',
  'allocation-impossible':
    'Money settles invoices of the same creditor in the same currency, no more than itself.',
  'payment-returned': 'A payment comes back once, and nothing of it can be allocated afterwards.',
  'nothing-to-allocate': 'All of the amount has been allocated.',
  'credit-note-known': 'A creditor gives each of his credit notes a number of its own.',
  'invoice-known': 'A creditor has one invoice with the same number and term.',
  'write-off-too-large': 'No more can be written off than what is owed.',
  'tracking-number-missing': 'A registered letter is posted with a tracking number, which is its proof.',
  'address-missing': 'The caller has a mail address to which a sample can be sent.',
  'draft-changed': 'A word of approval is about the very draft that was shown.',
  'sending-stopped': 'A letter that was not posted before sending was stopped stays where it is.',
  'letter-not-posted': 'The post has nothing to say of a letter that was not posted.',
  'presentation-unknown':
    'A letter that lay unclaimed was presented, and a notice runs from that day: it stands on the slip.',
  'consent-missing':
    'Consumers and public bodies get an electronic registered letter only with their consent on record.',
  'discount-impossible':
    'A discount is offered on what is not contested, for less than all of it, within the days of a promise.',
  'discount-open':
    'An invoice has one offer of a discount at a time; while it stands it goes into no plan and to no firm.',
  'waiver-too-large': 'No more can be waived than what is owed.',
  'rate-looks-back':
    'A rate of late payment that gives up interest of the past is agreed with one debtor, towards one creditor, by two people.',
  'approval-asked': 'The same act waits for an answer already.',
  'approval-unknown': 'The question is not, or no longer, open.',
  'approval-own': 'Whoever asked for a grave act does not grant it himself.',
  'approval-nobody': 'A grave act needs a second person who may grant it.',
  'claim-insolvent':
    'What was owed before an opening judgment is declared: it is neither promised, nor paid by a plan or for a discount, nor handed over to be collected.',
  'not-insured': 'A credit insurer is told of a claim whose creditor has his policy on record.',
  'firm-unknown': 'A file is handed to a firm that works here.',
  'recovery-too-early': 'A partner receives money once he has the file.',
  'handed-already': 'A file is with one firm at a time.',
  'mandate-incomplete':
    'Who collects for others by profession gets a file once his mandate has every field that the law asks for.',
  'litigation-mixed': 'A litigation file is about one debtor, one creditor and one currency.',
  'litigation-not-due': 'Only what is late goes into a litigation file, or to a firm.',
  'litigation-of-others': 'A litigation file is added to by whoever sees all of it.',
  'answer-runs': 'Nobody collects while the debtor has days left to answer a formal notice.',
  'litigation-joined': 'An invoice is in one litigation file at a time.',
  'litigation-not-preparing': 'What was handed to a partner or closed is prepared no longer.',
  'litigation-not-handed': 'Only a partner who has the file tells, charges or receives anything.',
  'litigation-closed': 'The litigation file is over.',
  'litigation-incomplete':
    'A pack leaves with every piece that it needs, or with the reason why it leaves without.',
  'route-closed': 'A claim goes a way that is open to it.',
  'creditor-consent-missing': 'A court or its officers act only with the word of the creditor.',
  'remittance-too-large': 'A partner passes on no more than what he holds.',
  'debtor-merged': 'A debtor who was merged with another is named by the one who stays.',
  'merge-impossible': 'Two debtors are merged when nothing known of them contradicts that they are one.',
  'merge-undone': 'A merge is taken back once.',
  'merge-too-old': 'A merge can be taken back for 30 days.',
  'merge-grown-together':
    'A merge is taken back before something new is about both; what is, ends or is taken apart first.',
  'erasure-claim-pending':
    'What proves a claim that is pursued is kept until it is over (art. 17(3)(e) GDPR); meanwhile nobody writes to who asked for silence.',
  'erasure-last-contact':
    'As long as an invoice is open somebody is known who can be told of it: another contact is named first.',
  'erasure-under-way': 'A message that is on its way arrives, or fails, before its reader is erased.',
  'contact-erased': 'Who was erased is not known any more; somebody new is a new contact.',
  'no-delivered-reminder': 'A formal notice needs an earlier reminder that reached the debtor.',
} as const;

export type RefusalCode = keyof typeof refusalCodes;

/** Why the fact is refused at that moment, or null when it may be recorded. */
export function refusalOf(collection: Collection, body: FactBody, now: Instant): Refusal | null {
  const today = dayAt(collection.calendar, now);
  const isOpenEnd = collection.end === null || collection.end.kind === 'handed_over';
  const isRest = isSmallDifferenceLeft(collection) && isOpenEnd && endsRest.has(body.type);
  const isOutside = isPursuedOutside(collection) && isDoneOutside(body);
  if (needsOpenFile.has(body.type) && isClosed(collection) && !isRest && !isOutside)
    return closed(collection);

  switch (body.type) {
    case 'planStarted':
      return refusalOfEarlierClaim(collection) ?? (collection.plan ? inPlan() : null);
    case 'promiseMade':
      return refusalOfEarlierClaim(collection) ?? refusalOfPromise(collection, body, today);
    case 'promiseWithdrawn':
      if (collection.promise?.promiseId === body.promiseId) return null;
      return refuse('promise-unknown', 'That promise is not running: read the invoice again.');
    case 'disputeOpened':
      return refusalOfDispute(collection, body);
    case 'disputeQualified':
    case 'disputeAnswered':
    case 'disputeResolved':
      return refusalOfDecision(collection, body);
    case 'holdPlaced': {
      if (body.until === null || body.until >= today) return null;
      const message = `The hold would have ended on ${body.until}: give ${today} or a later day, or none.`;
      return refuse('hold-in-the-past', message, 'until');
    }
    case 'holdLifted': {
      const hold = collection.holds.find((candidate) => candidate.holdId === body.holdId);
      if (hold && (hold.until === null || hold.until >= today)) return null;
      return refuse('hold-unknown', 'That hold is not in force: it may have ended or been lifted already.');
    }
    case 'insurerTold': {
      if (collection.legalTerms?.policy) return null;
      const message = 'No policy of the creditor is on record: an administrator gives its terms first.';
      return refuse('not-insured', message);
    }
    case 'stepApproved': {
      const record = recordOf(collection, body.step);
      if (record?.state === 'requested' && record.occurrence === body.occurrence) return null;
      return refuse(
        'step-not-waiting',
        `Step ${body.step} does not wait for approval: read the invoice again.`,
      );
    }
    case 'stepSkipped':
      return refusalOfSkip(collection, body.step);
    case 'stepPosted':
      return refusalOfDay(collection, body.step, body.on, today);
    case 'letterReported': {
      const record = recordOf(collection, body.step);
      const isOut = record?.state === 'posted' || record?.state === 'taken';
      if (!isOut || record.occurrence !== body.occurrence)
        return refuse('letter-not-posted', `The letter of step ${body.step} is not in the post.`);
      if (body.state === 'expired' && (record.acceptBy === undefined || body.on <= record.acceptBy))
        return refuse('day-not-possible', notExpired(record.acceptBy), 'date');
      return refusalOfDay(collection, body.step, body.on, today);
    }
    case 'stepDelivered':
      return saidByPeople.has(body.proof) ? refusalOfDay(collection, body.step, body.on, today) : null;
    case 'taskDone':
      return refusalOfOutcome(collection, body, now);
    case 'approvalAsked':
      return refusalOfAsking(collection, body);
    case 'approvalGiven':
    case 'approvalRefused':
      if (approvalsOf(collection).some(({ approvalId }) => approvalId === body.approvalId)) return null;
      return refuse('approval-unknown', 'Nobody waits for that answer: read the list of approvals again.');
    default:
      return null;
  }
}

/** What has no sense on a file that is over. */
const needsOpenFile: ReadonlySet<FactBody['type']> = new Set([
  'promiseMade',
  'planStarted',
  'disputeOpened',
  'holdPlaced',
  'invoiceCancelled',
  'writtenOff',
  'waived',
  'approvalAsked',
  'stepApproved',
  'stepSkipped',
]);

/** How a rest that nobody is asked for may still leave the books. */
const endsRest: ReadonlySet<FactBody['type']> = new Set(['writtenOff', 'waived', 'invoiceCancelled']);

/** What still makes sense once a partner pursues the claim: it goes to another one, is given up, or is objected to. */
function isDoneOutside(body: FactBody): boolean {
  if (body.type === 'approvalAsked')
    return body.act === 'hand_over' || body.act === 'write_off' || body.act === 'waiver';
  return doneOutside.has(body.type);
}

const doneOutside: ReadonlySet<FactBody['type']> = new Set([
  'writtenOff',
  'waived',
  'invoiceCancelled',
  // The debtor tells us as well as the partner, who must wait while we examine it.
  'disputeOpened',
]);

/** A debtor in insolvency may pay none of what he owed before (L622-7 C. com.), so nobody agrees with him that he will. */
function refusalOfEarlierClaim(c: Collection): Refusal | null {
  const judgmentOn = silencedByJudgmentOn(c);
  return judgmentOn === null ? null : earlierClaim(judgmentOn);
}

/** What is said where something is asked for a claim of before the judgment. */
export function earlierClaim(judgmentOn: CivilDate): Refusal {
  const message = `The claim is older than the judgment of ${judgmentOn}: declare it in the procedure (GET /v1/debtors/:debtorId/insolvency).`;
  return refuse('claim-insolvent', message);
}

/** Proofs whose day a person types. */
const saidByPeople: ReadonlySet<string> = new Set(['presentation', 'call', 'person']);

function refusalOfPromise(
  c: Collection,
  { amountCents, promisedOn, exceeding }: FactOf<'promiseMade'>,
  today: CivilDate,
): Refusal | null {
  if (amountCents <= 0) return notPositive(amountCents);
  if (c.plan) return inPlan();
  if (promisedOn < today) {
    const message = `The promised day ${promisedOn} has passed: give ${today} or a later day.`;
    return refuse('promise-in-the-past', message, 'date');
  }
  const { promisesMax, daysMax, overriddenDaysMax } = promiseBoundsOf(c.scenario.bounds);
  const last = addDays(today, overriddenDaysMax);
  if (promisedOn > last) {
    const message = `The promised day lies beyond ${last}, the last that the scenario allows: agree on an earlier day or an instalment plan.`;
    return refuse('promise-too-far', message, 'date');
  }
  const lastAlone = addDays(today, daysMax);
  if (exceeding === undefined && promisedOn > lastAlone) {
    const message = `The promised day lies beyond ${lastAlone}, the last that holds by itself: agree on an earlier day, or let a credit manager say why in "override".`;
    return refuse('promise-too-far', message, 'date');
  }
  const made = promisesMadeOn(c);
  if (exceeding === undefined && made >= promisesMax) {
    const message = `${made} promises were made on this invoice already, and ${promisesMax} hold by themselves: let a credit manager say why in "override".`;
    return refuse('promises-too-many', message);
  }
  const free = askedCentsOf(c);
  if (amountCents <= free) return null;
  const message = `${amountCents} cents are promised but only ${free} are owed and not contested.`;
  return refuse('promise-too-large', message, 'amount');
}

function refusalOfDispute(c: Collection, { contestedCents }: FactOf<'disputeOpened'>): Refusal | null {
  if (contestedCents <= 0) return notPositive(contestedCents);
  const free = askedCentsOf(c);
  if (contestedCents <= free) return null;
  const message = `${contestedCents} cents are contested but only ${free} are owed and not contested yet.`;
  return refuse('dispute-too-large', message, 'amount');
}

function refusalOfDecision(
  c: Collection,
  body: FactOf<'disputeQualified' | 'disputeAnswered' | 'disputeResolved'>,
): Refusal | null {
  const dispute = c.disputes.find(({ disputeId, justified }) => disputeId === body.disputeId && !justified);
  if (!dispute)
    return refuse('dispute-unknown', 'That dispute is not open: it may have been resolved already.');
  if (body.type !== 'disputeResolved' || body.grantedCents === undefined) return null;
  if (body.grantedCents <= 0) return notPositive(body.grantedCents);
  if (body.grantedCents <= dispute.contestedCents) return null;
  const message = `${body.grantedCents} cents are granted but only ${dispute.contestedCents} are contested.`;
  return refuse('grant-too-large', message, 'granted');
}

function refusalOfSkip(c: Collection, step: string): Refusal | null {
  const { id, steps } = c.scenario;
  if (!steps.some((candidate) => candidate.key === step)) {
    const keys = steps.map(({ key }) => key).join(', ');
    return refuse('step-unknown', `Scenario ${id} has no step "${step}": its steps are ${keys}.`, 'step');
  }
  const state = recordOf(c, step)?.state;
  const gone = state === 'taken' || state === 'sent' || state === 'posted' || state === 'unconfirmed';
  return gone
    ? refuse('step-taken', `Step ${step} has already left: it can no longer be skipped.`, 'step')
    : null;
}

/** One question at a time: two answers to the same one could do it twice. */
function refusalOfAsking(c: Collection, { act, about }: FactOf<'approvalAsked'>): Refusal | null {
  const open = approvalsOf(c).find((one) => one.act === act && one.about === about);
  if (!open) return null;
  const until = dayAt(c.calendar, open.expiresAt);
  return refuse('approval-asked', `The same is asked for already and may be granted until ${until}.`);
}

function notExpired(acceptBy: CivilDate | undefined): string {
  return acceptBy === undefined
    ? 'A letter on paper does not expire: when it comes back unclaimed, report it as returned.'
    : `The letter may be accepted until ${acceptBy}: give a later day, or what the provider says of it before.`;
}

/** A typed year too early would let the answer to a formal notice run out before it came. */
function refusalOfDay(c: Collection, step: string, on: CivilDate, today: CivilDate): Refusal | null {
  const record = recordOf(c, step);
  const first = record ? (record.on ?? dayAt(c.calendar, record.at)) : on;
  if (on >= first && on <= today) return null;
  return refuse(
    'day-not-possible',
    `The day ${on} is not possible: give one from ${first} to ${today}.`,
    'date',
  );
}

function refusalOfOutcome(
  c: Collection,
  { taskId, outcome }: FactOf<'taskDone'>,
  now: Instant,
): Refusal | null {
  const task = c.tasks.find((candidate) => candidate.taskId === taskId);
  if (!task)
    return refuse(
      'task-unknown',
      'That task is not open: it may have been done, or the invoice was settled.',
    );
  const possible = outcomesNow(c, task);
  if (possible.length === 0)
    return refuse('outcome-unknown', 'This task ends with its dispute: record the resolution.', 'outcome');
  if (!possible.includes(outcome))
    return refuse(
      'outcome-unknown',
      `A task "${task.task}" ends as one of: ${possible.join(', ')}.`,
      'outcome',
    );
  if (task.task === 'escalation' && outcome === 'formal_notice' && !wasReminded(c, now)) {
    const message = 'No reminder has reached the debtor yet: let one leave first, or hand the invoice over.';
    return refuse('no-delivered-reminder', message, 'outcome');
  }
  return null;
}

/** Whether a message left is only asked while nobody knows. */
function outcomesNow(c: Collection, { task, about }: OpenTask): readonly TaskOutcome[] {
  const known = task === 'stuck' && recordOf(c, about ?? '')?.state !== 'unconfirmed';
  return known ? ['done'] : outcomesOf(task);
}

function inPlan(): Refusal {
  return refuse('in-plan', 'The invoice is in an instalment plan: withdraw the plan first.');
}

function notPositive(cents: number): Refusal {
  return refuse('amount-not-positive', `The amount is ${cents} cents: give more than nothing.`, 'amount');
}

function closed(c: Collection): Refusal {
  const outcome = c.end?.kind ?? (isSmallDifferenceLeft(c) ? 'small_difference' : 'paid');
  const message = `The invoice is closed (${outcome}): record a returned payment if that is wrong.`;
  return refuse('invoice-closed', message);
}

function refuse(code: RefusalCode, message: string, field?: string): Refusal {
  return field === undefined ? { code, message } : { code, message, field };
}
