import type { Author, FactType } from './fact.ts';

/**
 * What each kind of fact is: who may state it, whether it can be refused, what it changes.
 *
 * The table of facts in the documentation is generated from here. Only what people and programs ask can be refused;
 * what happened outside, and what we did ourselves, is recorded as it is.
 */
export const factKinds: Readonly<Record<FactType, FactKind>> = {
  invoiceRegistered: fact(
    ['import', 'user'],
    'Opens the file, with its scenario, its calendar and its place by age.',
  ),
  invoiceCorrected: fact(
    ['import', 'user'],
    'Due date, issue date, amounts, way of payment, factoring. Steps move with the due date; a request that is no longer due is taken back.',
  ),
  invoiceCancelled: asked(['user', 'import'], 'Ends the file as cancelled.'),
  paymentRecorded: fact(
    ['bank', 'user', 'import'],
    'The balance, and what was received of a promise; at zero the file closes as paid. A part of it begins the limitation anew where the debtor has named the invoice.',
  ),
  paymentReturned: fact(
    ['bank', 'user'],
    'The balance. Opens a closed file again where it was, from the next working day; makes a direct debit or bill of exchange chaseable, unless it had been entered in error. Never reopens what was handed over.',
  ),
  creditNoteRecorded: fact(
    ['import', 'user'],
    'The balance; a justified dispute that waited for it ends. At zero the file closes as paid.',
  ),
  writtenOff: asked(['user'], 'The balance; at zero the file ends as written off.'),
  promiseMade: asked(
    ['user'],
    'Silences the file until the promised day and its grace; replaces an earlier promise. Over several invoices, each hears of its part.',
  ),
  promiseKept: fact(
    ['relance'],
    'All that was promised on several invoices is in: ends the promise; what is left is asked for from the next working day.',
  ),
  promiseBroken: fact(['relance'], 'Ends the promise; the scenario resumes on the same day.'),
  bankDataAwaited: fact(
    ['relance'],
    'The promise lapsed, and the bank data of the creditor are older than they may be: nothing is declared broken before they come.',
  ),
  promiseWithdrawn: asked(
    ['user', 'relance'],
    'Ends the promise; the scenario resumes on the next working day. A judgment over the claim ends it too.',
  ),
  planStarted: asked(
    ['user'],
    'The invoice is paid by an instalment plan: the file is silent until it ends, and a promise is replaced by it.',
  ),
  instalmentMissed: fact(['relance'], 'An instalment of its plan did not come: the plan is late.'),
  planCaughtUp: fact(['relance'], 'What was missed of its plan has come: the plan is no longer late.'),
  planEnded: fact(
    ['relance', 'user'],
    'Ends the plan. Broken, the scenario resumes on the same day where it was left; else on the next working day.',
  ),
  disputeOpened: asked(
    ['user'],
    'The contested amount is no longer asked for; when nothing else is left, the file is silent. Opens a task.',
  ),
  disputeQualified: asked(
    ['user'],
    'The dispute is accepted as one, with its reason, department and resolver; its task is due when he is to have answered.',
  ),
  disputeAnswered: asked(['user'], 'The resolver has answered: its task is due when it is to be decided.'),
  disputeChased: fact(
    ['relance'],
    'A dispute waits for us: how many of those in charge were told, and how many managers.',
  ),
  disputeResolved: asked(
    ['user'],
    'Rejected (once: unjustified): the contested amount is asked for again, and the file rejoins its scenario where it left it. A credit note (once: justified), a corrected invoice or goodwill: what is granted stays unasked until it has come, and a task asks for it; the rest is asked for again at once.',
  ),
  holdPlaced: asked(['user', 'relance'], 'Silences the file through its last day, or until it is lifted.'),
  holdLifted: asked(['user', 'relance'], 'Ends the hold; the scenario resumes on the next working day.'),
  debtorChanged: fact(
    ['user', 'import', 'provider', 'relance'],
    'Kind, country, language, grade, valid addresses and holds of the debtor.',
  ),
  debtorReplaced: fact(
    ['user'],
    'The debtor was merged with another, or a merge was taken back: whose invoice it is, and all that is known of him. Steps, tasks, promises and disputes stay.',
  ),
  debtorInsolvent: fact(
    ['user', 'import'],
    'A claim of before the judgment: stops all contact at once, takes back calls and letters not posted, opens the task to declare it. A claim born after it goes on.',
  ),
  legalTermsStated: fact(
    ['relance'],
    'What its legal dates depend on, the years of the law and the terms of the insurer, as they are from now on. Past its limitation it is not contacted.',
  ),
  insurerTold: asked(
    ['user'],
    'The credit insurer was told that the claim is overdue, that he shall intervene, or that its debtor is insolvent: the terms that this keeps are watched no longer, and that of his indemnity begins.',
  ),
  limitationMoved: fact(
    ['user'],
    'What may begin the limitation anew or stop its days, with its proof: the date is worked out again.',
  ),
  clockWarned: fact(
    ['relance'],
    'A legal date comes near: how many of those in charge were told, and how many managers. No warning is given twice.',
  ),
  calendarExtended: fact(
    ['relance', 'user'],
    'Holidays and clock changes of further years, or of the country or zone to which the debtor has moved.',
  ),
  stepRequested: fact(['relance'], 'The step stands at the door; the file has reached its place.'),
  stepWithdrawn: fact(
    ['relance'],
    'The step left the door without leaving the house; it may be asked for again under the same number.',
  ),
  stepApproved: asked(['user'], 'A draft may leave.'),
  stepSkipped: asked(
    ['user'],
    'The step is over without counting as delivered; the next one keeps its distance.',
  ),
  stepSent: fact(
    ['relance', 'provider'],
    'Accepted by the carrier; counts as taken after 48 hours without a bounce.',
  ),
  stepUnconfirmed: fact(['relance'], 'Nobody knows whether it left; after 24 hours a person is asked.'),
  stepHanded: fact(['relance'], 'A person has it: a call, a letter to post, a manual step. Opens his task.'),
  stepPosted: asked(
    ['user'],
    'In the post; a letter counts as taken after its postal days, a registered one at its presentation.',
  ),
  stepDelivered: asked(
    ['user', 'provider', 'relance'],
    'The step is taken and its level reached; refused only if a person gives an impossible day.',
  ),
  stepFailed: fact(
    ['user', 'provider', 'relance'],
    'Makes room for the next try: next contact, next channel, then a task. After its proof it leaves the level and opens a task.',
  ),
  letterReported: asked(
    ['user', 'provider'],
    'Nothing of the file: where a registered letter is, with its proof. Its presentation and its failure are facts of their own.',
  ),
  taskOpened: fact(['relance'], 'A person is asked for something.'),
  taskDone: asked(['user'], 'Ends the task; its outcome moves the file on.'),
  taskReminded: fact(
    ['relance'],
    'A task or a draft is late: how many people were told, as its owner first, as its manager next.',
  ),
  smallDifferenceFound: fact(
    ['relance'],
    'What is left is below what the creditor chases: the file leaves collection, and the rest stays owed and shown. A higher balance opens it again.',
  ),
  handedOver: fact(['relance'], 'Ends the file as handed over.'),
  waived: asked(
    ['user', 'relance'],
    'The balance: a part that we give up by agreement, which ends a justified dispute as a credit note does. At zero the file ends as written off; as paid, where the part had been offered as a discount.',
  ),
  approvalAsked: asked(
    ['user'],
    'A grave act waits for the yes of somebody else, five days at most; the file goes on as if nobody had asked.',
  ),
  approvalGiven: asked(['user'], 'Ends the question; the act itself follows in the same transaction.'),
  approvalRefused: asked(['user'], 'Ends the question; nothing of the act has happened.'),
  approvalExpired: fact(['relance'], 'Ends the question, which nobody answered in five days.'),
  approvalWithdrawn: fact(
    ['user', 'relance'],
    'Ends the question: its author took it back, or what it was about is gone.',
  ),
  approvalReminded: fact(['relance'], 'Those who may answer were told that the question is about to lapse.'),
};

export interface FactKind {
  readonly statedBy: readonly Author['kind'][];
  /** Whether `refusalOf` may answer no. */
  readonly refusable: boolean;
  readonly changes: string;
}

function asked(statedBy: FactKind['statedBy'], changes: string): FactKind {
  return { statedBy, refusable: true, changes };
}

function fact(statedBy: FactKind['statedBy'], changes: string): FactKind {
  return { statedBy, refusable: false, changes };
}
