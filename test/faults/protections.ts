/** One change of the product's source: the text, which stands there exactly once, and what comes in its place. */
export interface Removal {
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

/**
 * What keeps each guarantee of the fault tests, and how it is taken out.
 *
 * Each is the smallest change after which the product still runs and the guarantee no longer holds.
 */
export const protections = {
  /** An attempt without an outcome is settled by evidence, never by a guess. */
  evidence: [
    {
      file: 'activities/door/unsettled.ts',
      find: `message.state === 'claimed' && message.attempt === 0`,
      put: `message.state === 'claimed'`,
    },
    {
      file: 'db/deliveries.ts',
      find: "if (state === 'claimed' && attempt === 0) await planAgain",
      put: "if (state === 'claimed' && attempt < 9) await planAgain",
    },
  ],
  /** What an interrupted delivery left behind is looked at again. */
  'interrupted deliveries': [
    { file: 'db/deliveries.ts', find: `'in', ['claimed', 'unknown']`, put: `'in', ['unknown']` },
  ],
  /** Nobody asks for evidence of a call that may still run. */
  'patience with calls': [
    { file: 'db/deliveries.ts', find: 'const callSecondsMax = 25;', put: 'const callSecondsMax = 0;' },
  ],
  /** A word keeps its place until its workflow has it. */
  'words until delivered': [
    {
      file: 'temporal/relay.ts',
      find: 'await wordsTried(this.#house.db, ids);',
      put: 'await wordsDelivered(this.#house.db, ids);',
    },
  ],
  /** The carrier is called while nobody is held up. */
  'calls outside the lock': [
    {
      file: 'activities/door/carry.ts',
      find: 'const outcome = await way.send(outgoing, AbortSignal.timeout(callMsMax));',
      put: 'const outcome = await atTheDesk(house, message.debtor_id ? [message.debtor_id] : [], () => way.send(outgoing, AbortSignal.timeout(callMsMax)));',
    },
  ],
  /** A caller's key does its act once. */
  'idempotency keys': [
    { file: 'db/once.ts', find: 'if (!what) return act();', put: 'if (what !== null) return act();' },
  ],
  /** Seller, number and term say whether an invoice is known; beside it stands the unique key of the table. */
  'the key of invoices': [
    {
      file: 'db/registration.ts',
      find: 'return new Map(rows.map((row) => [keyOfInvoice(row.creditor_id, row), { id: row.id, debtorId: row.debtor_id }]));',
      put: 'return new Map(rows.slice(rows.length).map((row) => [row.id, { id: row.id, debtorId: row.debtor_id }]));',
    },
  ],
  /** Whoever decides about a debtor's invoices holds his row. */
  'the lock on the debtor': [
    {
      file: 'db/desk.ts',
      find: ".orderBy('id').forNoKeyUpdate().execute();",
      put: ".orderBy('id').execute();",
    },
  ],
  /** Nobody is asked for what was owed before a judgment. */
  'the silence of a judgment': [
    {
      file: 'domain/insolvency/claim-side.ts',
      find: "return insolvencySideOf(dated, judgmentOn)?.side === 'earlier' ? judgmentOn : null;",
      put: "return insolvencySideOf(dated, judgmentOn)?.side === 'later' ? judgmentOn : null;",
    },
  ],
  /** Nobody works on a debtor who was merged with another, though he read his id before. */
  'the look at merges': [
    {
      file: 'db/desk.ts',
      find: 'if (merged && !mergedToo)',
      put: 'if (merged && mergedToo && debtorIds.length === 0)',
    },
  ],
  /** How often a debtor may hear from us. */
  'caps of the door': [
    {
      file: 'domain/door-caps.ts',
      find: ': cappedDay(view, past, today);',
      put: ": { day: today, reason: 'window' as const };",
    },
  ],
  /** Not a protection, but the only way to see many runs of one life in a minute: a run is old at once. */
  'long runs': [
    {
      file: 'workflows/run.ts',
      find: 'const runMsMax = 30 * dayMs;',
      put: 'const runMsMax = dayMs / 400_000;',
    },
  ],
  /** Not a protection, but a release that changes a rule: messages leave at the end of the window, not spread over its first half. */
  'the old hour of leaving': [
    {
      file: 'domain/schedule.ts',
      find: 'return window.fromMinute * minuteMs + (spreadOf(debtorId) % length);',
      put: 'return window.toMinute * minuteMs - minuteMs + 0 * (spreadOf(debtorId) % length);',
    },
  ],
  /** Debtors are written to over the morning, each at his own moment. */
  'the spread of a morning': [
    {
      file: 'domain/schedule.ts',
      find: 'return window.fromMinute * minuteMs + (spreadOf(debtorId) % length);',
      put: 'return window.fromMinute * minuteMs + 0 * (spreadOf(debtorId) % length);',
    },
  ],
  /** All processes together keep the rate of an account. */
  'the turns of an account': [
    {
      file: 'activities/carriers/carriers.ts',
      find: 'const turn = await takeTurn(db, name, account.perSecond, waitMsMax);',
      put: 'const turn = await takeTurn(db, name, 1_000 * account.perSecond, waitMsMax);',
    },
  ],
  /** A life whose tasks fail again and again begins anew. */
  'beginning anew': [
    {
      file: 'temporal/begin-anew.ts',
      find: 'const failuresMax = 3;',
      put: 'const failuresMax = 1_000_000;',
    },
  ],
  /** A workflow that misses facts reads them from the log. */
  'reading of gaps': [
    {
      file: 'workflows/collect-invoice.ts',
      find: 'if (missed.n === file.fact + 1) file = apply(file, missed);',
      put: 'if (missed.n < 0) file = apply(file, missed);',
    },
  ],
  /** What is done is asked at the head of the log, and what was asked once is not asked again. */
  'the head of the log': [
    {
      file: 'activities/perform-step.ts',
      find: 'const facts: Fact[] = [];',
      put: `const facts: Fact[] = [];
    if (heard < start) {
      const known = (await readFacts(house.db, house.rules, invoiceId, 0)).slice(0, heard);
      const [first, ...others] = known as [Parameters<typeof openCollection>[0], ...Fact[]];
      file.collection = { ...others.reduce(apply, openCollection(first)), fact: start };
      file.decision = decide(file.collection, desk.now);
    }`,
    },
    {
      file: 'activities/perform-step.ts',
      find: "import { decide } from '../domain/decide.ts';",
      put: "import { apply, openCollection } from '../domain/apply.ts';\nimport { decide } from '../domain/decide.ts';",
    },
    {
      file: 'db/projection.ts',
      find: ".where('contact_request.state', 'in', ['withdrawn', 'waiting']))",
      put: ')',
    },
  ],
  /** An event is stored once, however often its provider reports it. */
  'the names of events': [
    {
      file: 'db/provider-events.ts',
      find: 'select ${provider}, "eventId", "messageId"',
      put: 'select ${provider}, gen_random_uuid()::text, "messageId"',
    },
  ],
  /** What follows from a report is written together with the note that it has followed. */
  'one transaction per report': [
    {
      file: 'db/delivery-reports.ts',
      find: 'await atTheDesk(house, () => debtorsOfMessage(house.db, messageId), async (desk) => {',
      put: 'let events: Awaited<ReturnType<typeof takeEvents>> = []; await atTheDesk(house, () => debtorsOfMessage(house.db, messageId), async (desk) => {',
    },
    {
      file: 'db/delivery-reports.ts',
      find: 'const events = await takeEvents(desk.tx, { messageId });',
      put: 'events = await takeEvents(desk.tx, { messageId });',
    },
    {
      file: 'db/delivery-reports.ts',
      find: 'await eventsFollowed(desk.tx, events); }, ); } function messageNamed',
      put: '}, ); await eventsFollowed(house.db, events); } function messageNamed',
    },
  ],
  /** Who reports has signed what he says. */
  'signatures of providers': [
    {
      file: 'api/webhooks/sendgrid-signature.ts',
      find: "if (!keys.some((key) => hasSigned(key, signed, der))) return 'forged';",
      put: '',
    },
  ],
  /** The cursor of an import moves with the rows that it passes, or not at all. */
  'the cursor of imports': [
    {
      file: 'db/imports.ts',
      find: 'return await retrying(() => house.db.transaction().execute((tx) => applyRows(house, tx, importId, size)));',
      put: `await house.db.updateTable('import').set((row) => ({ cursor: row('cursor', '+', size) })).where('id', '=', importId).where('state', '=', 'applying').execute();
    return await retrying(() => house.db.transaction().execute((tx) => applyRows(house, tx, importId, size)));`,
    },
    {
      file: 'db/imports.ts',
      find: ".where('place', '>', job.cursor)",
      put: ".where('place', '>', job.cursor - size)",
    },
  ],
  /** A message that has gone further than the answer of its call keeps its state. */
  'the first outcome': [
    {
      file: 'db/deliveries.ts',
      find: "if (message.state !== 'claimed' && message.state !== 'unknown') { if (left)",
      put: 'if (message.attempt < 0) { if (left)',
    },
  ],
  /** A call without an answer may have done everything, and counts as nothing else. */
  'the silence of a call': [
    {
      file: 'activities/carriers/http-outcome.ts',
      find: "if (answer.kind === 'no_answer') return { kind: 'unknown', reason: answer.reason };",
      put: "if (answer.kind === 'no_answer') return { kind: 'not_sent', reason: answer.reason, retryAfterMs: 1_000 };",
    },
  ],
  /** A provider that breaks down in the middle of a call may have done it. */
  'faults of providers prove nothing': [
    {
      file: 'activities/carriers/http-outcome.ts',
      find: "return { kind: 'unknown', reason };",
      put: "return { kind: 'not_sent', reason, retryAfterMs: 1_000 };",
    },
  ],
  /** Too busy is said of the moment, not of the message. */
  'too busy is no refusal': [
    {
      file: 'activities/carriers/http-outcome.ts',
      find: "if (status === 429) return { kind: 'not_sent', reason, retryAfterMs: retryAfterMs(headers), busy: true };",
      put: '',
    },
  ],
  /** What never had a connection has certainly not been sent. */
  'what was never connected': [
    {
      file: 'activities/carriers/http-outcome.ts',
      find: "return { kind: 'not_sent', reason: answer.reason, retryAfterMs: unreachableMs };",
      put: "return { kind: 'unknown', reason: answer.reason };",
    },
  ],
  /** Who has no right certificate is told nothing. */
  'certificates of mail servers': [
    {
      file: 'activities/carriers/smtp.ts',
      find: '...(account.ca === undefined ? {} : { tls: { ca: account.ca } }),',
      put: 'tls: { rejectUnauthorized: false },',
    },
  ],
  /** A whole list without it, long enough after the attempt, shows that a text message never left. */
  'what a list lacks': [
    {
      file: 'activities/carriers/twilio.ts',
      find: "return isAuthoritative ? { kind: 'absent' } : { kind: 'silent' };",
      put: "return { kind: 'silent' };",
    },
  ],
  /** An account that is too busy for one message is too busy for all. */
  'leaving busy accounts alone': [
    {
      file: 'activities/carriers/left-alone.ts',
      find: "return outcome.kind === 'not_sent' ? outcome.retryAfterMs : null;",
      put: 'return null;',
    },
  ],
  /** An account of which nobody knows any more what its calls do is not given everything. */
  'leaving broken accounts alone': [
    {
      file: 'activities/carriers/left-alone.ts',
      find: 'const unknownsMax = 5;',
      put: 'const unknownsMax = 1_000_000;',
    },
  ],
  /** Of a message that may have left a person is asked in the end. */
  'the question what became of it': [
    {
      file: 'domain/under-way.ts',
      find: 'export const unknownHours = 24;',
      put: 'export const unknownHours = 1_000_000;',
    },
  ],
  /** A mail that has not come back for two days has arrived. */
  'silence as a proof': [
    {
      file: 'domain/schedule.ts',
      find: 'export const bounceHours = 48;',
      put: 'export const bounceHours = 1_000_000;',
    },
  ],
  /** A provider that does not report is asked, where it can be. */
  'questions about text messages': [
    { file: 'worker.ts', find: 'await askAboutTextMessages(workshop, signal);', put: '' },
  ],
  /** A report that was signed long ago is a copy. */
  'the age of signatures': [
    {
      file: 'api/webhooks/sendgrid-signature.ts',
      find: "return Math.abs(now - Number(timestamp) * 1_000) > ageMsMax ? 'stale' : 'genuine';",
      put: "return 'genuine';",
    },
  ],
  /** The same for text messages, whose provider signs the address and the form. */
  'signatures of text messages': [
    {
      file: 'api/webhooks/twilio-signature.ts',
      find: "return isSigned ? 'genuine' : 'forged';",
      put: "return 'genuine';",
    },
  ],
  /** A message that can't be made is set aside, and the door goes on. */
  'setting aside what cannot be composed': [
    {
      file: 'activities/deliver.ts',
      find: 'if (!(fault instanceof CannotBeComposed)) throw fault;',
      put: 'throw fault;',
    },
  ],
  /** A workflow hears facts, and takes nothing else for one. */
  'what counts as a fact': [
    {
      file: 'workflows/collect-invoice.ts',
      find: 'if (isFact(fact)) inbox.push(fact);',
      put: 'if (fact !== undefined) inbox.push(fact as Fact);',
    },
  ],
  /** Nobody can send us more than a request of ours can hold. */
  'the size of requests': [
    { file: 'api/app.ts', find: 'bodyLimit: 64 * 1024,', put: 'bodyLimit: 16 * 1024 * 1024,' },
  ],
  /** The claim reads the door anew under the lock: what was prepared is only a text. */
  'the second look of the claim': [
    {
      file: 'activities/door/prepared.ts',
      find: 'return { figures, composed: await compose(records, group, figures) };',
      put: 'return Object.assign({ figures, composed: await compose(records, group, figures) }, { records });',
    },
    {
      file: 'activities/door/claim.ts',
      find: 'const records = await readDoor(desk.tx, house, debtorId, desk.now);',
      put: 'const records = (prepared as { records?: DoorRecords } | undefined)?.records ?? (await readDoor(desk.tx, house, debtorId, desk.now));',
    },
  ],
  /** What an error says goes into histories as a payload, and so sealed. */
  'sealed words of errors': [
    {
      file: 'workflows/failure-converter.ts',
      find: 'encodeCommonAttributes: true',
      put: 'encodeCommonAttributes: false',
    },
  ],
  /** Of an error of an activity the log has the class and the place, not the words. */
  'a log without words': [
    {
      file: 'temporal/worker-log.ts',
      find: "said['error'] = withoutWords(error);",
      put: "said['error'] = String(error);",
    },
  ],
  /** What leaves is composed of the figures under the lock, whatever was prepared before. */
  'figures of the claim': [
    {
      file: 'activities/door/prepared.ts',
      find: 'return asPrepared ? prepared.composed : compose(records, group, figures);',
      put: 'return prepared && (asPrepared || group) ? prepared.composed : compose(records, group, figures);',
    },
  ],
} satisfies Readonly<Record<string, readonly Removal[]>>;

export type Protection = keyof typeof protections;
