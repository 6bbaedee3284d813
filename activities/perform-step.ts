import { atTheDesk, ourselves } from '../db/desk.ts';
import type { Desk, InvoiceFile } from '../db/desk.ts';
import type { House } from '../db/house.ts';
import { collectionFrom, readFacts } from '../db/journal.ts';
import { debtorsOfInvoices } from '../db/payments.ts';
import { termsAnew } from '../db/legal-terms.ts';
import { asRead } from '../db/whose.ts';
import { uuidv7 } from '../db/uuid.ts';
import { decide } from '../domain/decide.ts';
import type { Decision } from '../domain/decision.ts';
import type { Fact, FactBody } from '../domain/fact.ts';
import { declarationTaskOf } from './declaration-task.ts';
import { breakPromise, judgedAtLast } from './break-promise.ts';
import { keepPack, preparePack } from './hand-over.ts';
import type { PreparedPack } from './hand-over.ts';
import { remindApprovers } from './remind-approvers.ts';
import { remindOfTask } from './remind-of-task.ts';
import { tellOfFileClock } from './tell-of-clock.ts';
import type { Workshop } from './workshop.ts';

/** More acts than this at one moment would be a loop of ours; it is stopped loudly. */
const actsMax = 20;

/**
 * Does what `decide` answers for an invoice now, and records each act as its fact.
 *
 * Asked at the head of the log, under the lock: what the workflow thought when it called counts for nothing. Returns
 * every fact after `heard`, our own and those that overtook us, so the workflow needs no other word of them. Run twice
 * (a worker died before its answer was kept) it finds the act done and returns the same facts.
 */
export async function performStep(
  workshop: Workshop,
  invoiceId: string,
  heard: number,
): Promise<readonly Fact[]> {
  const { house } = workshop;
  const row = await house.db
    .selectFrom('invoice')
    .select(['debtor_id', 'collection'])
    .where('id', '=', invoiceId)
    .executeTakeFirst();
  if (!row) throw new Error(`invoice ${invoiceId} is not in this database`);
  const pack = await packAhead(house, row.collection);

  const debtors = asRead([row.debtor_id], () => debtorsOfInvoices(house.db, [invoiceId]));
  const own = await atTheDesk(house, debtors, async (desk) => {
    const file = await desk.file(invoiceId);
    if (!file) throw new Error(`invoice ${invoiceId} is not in this database`);
    const start = file.collection.fact;
    const facts: Fact[] = [];
    const judged = await judgedAtLast(desk, file);
    const terms = await termsAnew(desk, file);
    if (terms) facts.push(await desk.state(invoiceId, terms, ourselves, { heard: true }));
    if (judged) facts.push(await desk.state(invoiceId, judged, ourselves, { heard: true }));
    for (let acts = 0; file.decision.kind === 'act'; acts += 1) {
      if (acts >= actsMax)
        throw new Error(
          `invoice ${invoiceId}: ${actsMax} acts at one moment, the last ${file.decision.action.do}`,
        );
      const body = await bodyOf(desk, file, file.decision, pack);
      facts.push(await desk.state(invoiceId, body, ourselves, { heard: true }));
    }
    if (facts.length === 0) desk.refresh(file);
    return { start, facts };
  });
  const missed = own.start > heard ? await readFacts(house.db, house.rules, invoiceId, heard) : own.facts;
  return missed;
}

async function bodyOf(
  desk: Desk,
  file: InvoiceFile,
  decision: Extract<Decision, { kind: 'act' }>,
  pack: PreparedPack | undefined,
): Promise<FactBody> {
  const { action } = decision;
  switch (action.do) {
    case 'requestStep':
      return {
        type: 'stepRequested',
        step: action.step,
        occurrence: action.occurrence,
        channel: action.channel,
      };
    case 'openTask':
      return {
        type: 'taskOpened',
        taskId: (await declarationTaskOf(desk, file, action)) ?? uuidv7(),
        task: action.task,
        about: action.about,
        dueOn: action.dueOn,
      };
    case 'remindTask':
      return {
        type: 'taskReminded',
        taskId: action.taskId,
        told: action.tell,
        people: await remindOfTask(desk, file, action),
      };
    case 'warnOfClock': {
      const { clock, on, for: day } = action;
      const told = await tellOfFileClock(desk, file, action);
      return { type: 'clockWarned', clock, on, for: day, ...told };
    }
    case 'breakPromise':
      return breakPromise(desk, file, action.promiseId);
    case 'remindApprovers': {
      const { approvalId } = action;
      return { type: 'approvalReminded', approvalId, people: await remindApprovers(desk, file, approvalId) };
    }
    case 'expireApproval':
      return { type: 'approvalExpired', approvalId: action.approvalId };
    case 'withdrawApproval':
      return { type: 'approvalWithdrawn', approvalId: action.approvalId, reason: 'overtaken' };
    case 'handOver':
      return { type: 'handedOver', packId: await keepPack(desk, file, pack) };
  }
}

/** A pack takes a second to compose; most steps need none. */
async function packAhead(house: House, stored: object): Promise<PreparedPack | undefined> {
  const collection = await collectionFrom(house.db, house.rules, stored);
  const decision = decide(collection, await house.clock.now());
  return decision.kind === 'act' && decision.action.do === 'handOver'
    ? preparePack(house, collection)
    : undefined;
}
