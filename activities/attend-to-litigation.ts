import { ourselves } from '../db/desk.ts';
import type { Desk, InvoiceFile } from '../db/desk.ts';
import { invoiceIdsOf, litigationWith, noteOnAll } from '../db/litigation.ts';
import type { LitigationRow } from '../db/litigation.ts';
import { entriesOf, fundsOf } from '../db/litigation-entries.ts';
import type { LitigationEntry } from '../db/litigation-entries.ts';
import { closeFile, reviewDoubted, stillDoubted } from '../db/litigation-ends.ts';
import { moment } from '../db/moment.ts';
import { judgmentBefore } from '../db/hand-overs.ts';
import { termsAnew } from '../db/legal-terms.ts';
import { uuidv7 } from '../db/uuid.ts';
import { dayAt } from '../domain/calendar.ts';
import { askedCentsOf, contestedCentsOf, isOver, isPursuedOutside } from '../domain/collection.ts';
import { datesOutside, givenFor, lapsedOutside } from '../domain/legal-clocks/due-clock.ts';
import type { DateOutside, Lapsed } from '../domain/litigation/lapsing-claims.ts';
import { doubtDays, nextOfFile } from '../domain/litigation/next-of-file.ts';
import type { LitigationMove, LitigationView } from '../domain/litigation/next-of-file.ts';
import { isNewsCode } from '../domain/litigation/partner-news.ts';
import { isHeard } from '../domain/litigation/standstill.ts';
import type { Language } from '../domain/message.ts';
import { taskDueOn } from '../domain/task.ts';
import { addDays } from '../domain/time.ts';
import type { Instant } from '../domain/time.ts';
import { moneyInWords } from './compose/money-in-words.ts';
import { newsInWords } from './compose/partner-news.ts';
import type { ToldNews } from './compose/partner-news.ts';
import { keepLitigationPack } from './litigation-pack.ts';
import { tellOfClock } from './tell-of-clock.ts';
import { tellOwners } from './tell-owners.ts';
import { tellPartner } from './tell-partner.ts';
import type { Telling } from './tell-people.ts';

/** More moves than this at one moment would be a loop of ours. */
const movesMax = 50;

/**
 * Looks after a litigation file: draws up its pack, tells the partner what was paid to us, minds what he holds, notices
 * silence, warns of the day on which a claim lapses, and ends the file once nothing is owed.
 *
 * One that was closed as doubtful is watched until it is prepared anew. Says when to look again; null when it is over.
 */
export async function attendToLitigation(desk: Desk, litigationId: string): Promise<Instant | null> {
  for (let moves = 0; moves < movesMax; moves += 1) {
    const row = await litigationWith(desk.tx, litigationId);
    const files = row ? await desk.files(await invoiceIdsOf(desk.tx, row)) : [];
    const [first] = files;
    if (!row || !first) return null;
    const entries = await entriesOf(desk.tx, litigationId);
    if (row.state === 'closed') {
      // That it is over says the rest; why nobody may go on, it does not.
      await tellNews(desk, row, files, untoldOf(entries).filter(isJudgment));
      await tellOfEnd(desk, row, files);
    }
    const watched = row.state === 'closed' ? await stillDoubted(desk, row) : files;
    const move = nextOfFile(await viewOf(desk, row, files, watched, entries), desk.now);
    if (move.do === 'wait') return move.until;
    await carryOut(desk, row, files, entries, move);
  }
  throw new Error(`litigation ${litigationId}: ${movesMax} moves at one moment`);
}

async function viewOf(
  desk: Desk,
  row: LitigationRow,
  files: readonly InvoiceFile[],
  watched: readonly InvoiceFile[],
  entries: readonly LitigationEntry[],
): Promise<LitigationView> {
  const [first] = files;
  if (!first) throw new Error(`litigation ${row.id} has no invoice`);
  const { calendar } = first.collection;
  return {
    state: row.state,
    openedAt: row.opened_at,
    handedAt: row.handed_at,
    heardAt: row.heard_at,
    toldAt: row.told_at,
    hasPack: row.pack_id !== null,
    // A rest too small to chase is over: nobody pursues it, so it keeps no file open.
    openCents: files.reduce(
      (sum, { collection }) => sum + (isOver(collection) ? 0 : Math.max(0, collection.balanceCents)),
      0,
    ),
    untold: untoldOf(entries).length,
    ...(await fundsOf(desk.tx, row.id)),
    ...(await lapsingIn(desk, watched)),
    reviewOn:
      row.closed_at === null || watched.length === 0
        ? null
        : addDays(dayAt(calendar, row.closed_at), doubtDays),
    calendar,
  };
}

/** What can be brought to court no more one day, of those that keep no watch of it themselves. */
async function lapsingIn(
  desk: Desk,
  files: readonly InvoiceFile[],
): Promise<{ readonly dates: readonly DateOutside[]; readonly lapsed: readonly Lapsed[] }> {
  const dates: DateOutside[] = [];
  const lapsed: Lapsed[] = [];
  for (const file of files.filter(({ collection }) => !isOver(collection))) {
    const terms = isPursuedOutside(file.collection) ? await termsAnew(desk, file) : null;
    if (terms) await desk.state(file.id, terms, ourselves);
    const judgmentOn = await judgmentBefore(desk.tx, file);
    const { id: invoiceId, collection } = file;
    const today = dayAt(collection.calendar, desk.now);
    for (const date of datesOutside(collection, today, judgmentOn))
      dates.push({ invoiceId, date, givenFor: givenFor(collection, date) });
    const on = lapsedOutside(collection, today, judgmentOn);
    if (on !== null) lapsed.push({ invoiceId, on });
  }
  return { dates, lapsed };
}

const untoldOf = (entries: readonly LitigationEntry[]): readonly LitigationEntry[] =>
  entries.filter(({ kind, told_at: told }) => kind === 'told' && told === null);

async function carryOut(
  desk: Desk,
  row: LitigationRow,
  files: readonly InvoiceFile[],
  entries: readonly LitigationEntry[],
  move: Exclude<LitigationMove, { do: 'wait' }>,
): Promise<void> {
  const at = new Date(desk.now);
  switch (move.do) {
    case 'drawUpPack': {
      const { documentId, sha256 } = await keepLitigationPack(desk, row, files);
      await desk.tx.updateTable('litigation').set({ pack_id: documentId }).where('id', '=', row.id).execute();
      await noteOnAll(desk, row, 'litigationPack', { documentId, sha256, by: ourselves });
      await tellItsPartner(desk, row, files, {
        key: `litigation/${row.id}/handed`,
        template: 'internal_litigation_handed',
        titles: handedInWords(files, row),
      });
      return;
    }
    case 'tellPartner':
      return tellNews(desk, row, files, untoldOf(entries));
    case 'chaseRemittance': {
      const { recoveryId, heldCents, remitBy } = move;
      await desk.tx
        .updateTable('litigation_entry')
        .set({ chased_at: at })
        .where('id', '=', recoveryId)
        .execute();
      await noteOnAll(desk, row, 'litigationChased', {
        entryId: recoveryId,
        amountCents: heldCents,
        currency: row.currency,
        remitBy,
        by: ourselves,
      });
      const telling = {
        key: `litigation/${row.id}/remittance/${recoveryId}`,
        template: 'internal_remittance_late',
        titles: inWords(heldCents, row.currency),
        dueOn: remitBy,
      } as const;
      await tellOwners(desk, files, telling);
      return;
    }
    case 'warnOfDate': {
      const { clock, on, for: day, invoiceIds } = move;
      const near = await desk.files(invoiceIds);
      const told = await tellOfClock(desk, near, `litigation/${row.id}/${clock}/${on}/${day}`, { clock, on });
      for (const id of invoiceIds)
        await desk.state(id, { type: 'clockWarned', clock, on, for: day, ...told }, ourselves);
      return;
    }
    case 'askAboutLapsed': {
      const taskId = uuidv7();
      const [lapsed] = await desk.files(move.invoiceIds);
      if (!lapsed) return;
      const { collection } = lapsed;
      const dueOn = taskDueOn(collection, 'limitation', dayAt(collection.calendar, desk.now));
      for (const id of move.invoiceIds)
        await desk.state(
          id,
          { type: 'taskOpened', taskId, task: 'limitation', about: move.on, dueOn },
          ourselves,
        );
      return;
    }
    case 'prepareAnew':
      return reviewDoubted(desk, row, await stillDoubted(desk, row), ourselves);
    case 'tellOwner': {
      await desk.tx.updateTable('litigation').set({ told_at: at }).where('id', '=', row.id).execute();
      const [first] = files;
      const today = first ? dayAt(first.collection.calendar, desk.now) : '';
      await tellOwners(desk, files, {
        key: `litigation/${row.id}/${move.why}/${today}`,
        template: move.why === 'waits' ? 'internal_litigation_waits' : 'internal_litigation_silent',
        titles: openInWords(files, row.currency),
      });
      return;
    }
    case 'finish':
      await closeFile(
        desk,
        row,
        { outcome: await whyNothingIsOwed(desk, row), reason: await leavesPenalties(desk, row) },
        ourselves,
      );
  }
}

const isJudgment = ({ code }: LitigationEntry): boolean => code === 'debtorInsolvent';
const isTakenBack = ({ code }: LitigationEntry): boolean => code === 'takenBack';
const isNews = ({ code }: LitigationEntry): boolean => isNewsCode(code);

/**
 * Tells the partner what happened since he was told last, each kind in a mail of its own: a judgment, what is taken back,
 * what was said of the debt, what moved it. Of what is taken back he hears nothing else.
 */
async function tellNews(
  desk: Desk,
  row: LitigationRow,
  files: readonly InvoiceFile[],
  untold: readonly LitigationEntry[],
): Promise<void> {
  const last = untold.at(-1);
  if (!last) return;
  const gone = new Set(untold.filter(isTakenBack).map(({ invoice_id: id }) => id));
  const news = untold.filter((one) => isNews(one) && !gone.has(one.invoice_id));
  const moved = untold.filter((one) => !isJudgment(one) && !isTakenBack(one) && !isNews(one));
  const cents = moved.reduce((sum, one) => sum + signed(one), 0);
  const entryIds = untold.map(({ id }) => id);
  await desk.tx
    .updateTable('litigation_entry')
    .set({ told_at: new Date(desk.now) })
    .where('id', 'in', entryIds)
    .execute();
  const what = { entryIds, amountCents: cents, currency: row.currency };
  await noteOnAll(desk, row, 'litigationTold', { ...what, by: ourselves });
  const about = (entries: readonly LitigationEntry[]) =>
    desk.files([...new Set(entries.flatMap(({ invoice_id: id }) => id ?? []))]);
  for (const one of untold.filter(isJudgment).slice(0, 1)) {
    const earlier = await about(untold.filter(isJudgment));
    await tellItsPartner(desk, row, earlier, {
      key: `litigation/${row.id}/judgment/${one.id}`,
      template: 'internal_litigation_insolvent',
      titles: openInWords(earlier, row.currency),
      dueOn: one.day,
    });
  }
  if (untold.some(isTakenBack)) {
    const back = await about(untold.filter(isTakenBack));
    await tellItsPartner(desk, row, back, {
      key: `litigation/${row.id}/taken-back/${last.id}`,
      template: 'internal_litigation_withdrawn',
      titles: openInWords(back, row.currency),
    });
  }
  if (news.length > 0)
    await tellItsPartner(desk, row, await about(news), {
      key: `litigation/${row.id}/news/${last.id}`,
      template: 'internal_litigation_news',
      titles: newsInWords(await newsTold(desk, row, news)),
    });
  if (moved.length > 0)
    await tellItsPartner(desk, row, files, {
      key: `litigation/${row.id}/told/${last.id}`,
      template: 'internal_litigation_moved',
      titles: inWords(Math.abs(cents), row.currency),
    });
}

/** News of one kind and day in one sentence, however many invoices it is about. */
async function newsTold(
  desk: Desk,
  row: LitigationRow,
  entries: readonly LitigationEntry[],
): Promise<readonly ToldNews[]> {
  const told = new Map<string, ToldNews>();
  for (const { code, day, amount_cents: cents, invoice_id: invoiceId } of entries) {
    const [file] = await desk.files(invoiceId === null ? [] : [invoiceId]);
    if (!file || !isNewsCode(code)) continue;
    const before = told.get(`${code}/${day}`);
    const isNamed = before?.numbers.includes(file.number) ?? false;
    const { balanceCents } = file.collection;
    told.set(`${code}/${day}`, {
      code,
      day,
      amountCents: (before?.amountCents ?? 0) + (cents ?? 0),
      numbers: isNamed ? (before?.numbers ?? []) : [...(before?.numbers ?? []), file.number],
      balanceCents: (before?.balanceCents ?? 0) + (isNamed ? 0 : Math.max(0, balanceCents)),
      contestedCents: (before?.contestedCents ?? 0) + (isNamed ? 0 : contestedCentsOf(file.collection)),
      currency: row.currency,
    });
  }
  return [...told.values()];
}

/** Somebody paid since the file was opened; or what was owed was given up, credited, or taken back as never owed. */
async function whyNothingIsOwed({ tx }: Desk, row: LitigationRow): Promise<'recovered' | 'no_longer_owed'> {
  const paid = await tx
    .selectFrom('ledger_entry')
    .select(({ fn }) => fn.sum<string | null>('amount_cents').as('cents'))
    .where('kind', 'in', ['payment', 'payment_return'])
    .where('at', '>=', moment(row.opened_at))
    .where('invoice_id', 'in', await invoiceIdsOf(tx, row))
    .executeTakeFirstOrThrow();
  return Number(paid.cents ?? 0) < 0 ? 'recovered' : 'no_longer_owed';
}

/** The price is settled; penalties that were claimed beside it stay with the debtor, and the end of the file says so. */
async function leavesPenalties({ tx }: Desk, row: LitigationRow): Promise<'penalties_left' | null> {
  const kept = await tx
    .selectFrom('accessory')
    .select('id')
    .where('state', '=', 'open')
    .where('invoice_id', 'in', await invoiceIdsOf(tx, row))
    .limit(1)
    .executeTakeFirst();
  return kept ? 'penalties_left' : null;
}

async function tellItsPartner(
  desk: Desk,
  { firm_id: firmId }: LitigationRow,
  files: readonly InvoiceFile[],
  telling: Telling,
): Promise<void> {
  if (firmId !== null) await tellPartner(desk, firmId, files, telling);
}

/** A partner who had the file is told once that it is over for him. */
async function tellOfEnd(desk: Desk, row: LitigationRow, files: readonly InvoiceFile[]): Promise<void> {
  if (row.handed_at === null) return;
  await tellItsPartner(desk, row, files, {
    key: `litigation/${row.id}/closed`,
    template:
      row.outcome === 'recovered' || row.outcome === 'no_longer_owed'
        ? 'internal_litigation_recovered'
        : 'internal_litigation_withdrawn',
    titles: openInWords(files, row.currency),
  });
}

/** What lowers the debt counts for us, what comes back against. */
function signed({ code, amount_cents: cents }: LitigationEntry): number {
  return code === 'paymentReturned' ? -(cents ?? 0) : (cents ?? 0);
}

function openInWords(files: readonly InvoiceFile[], currency: string): Readonly<Record<Language, string>> {
  return inWords(
    files.reduce((sum, { collection }) => sum + Math.max(0, collection.balanceCents), 0),
    currency,
  );
}

/** What a partner gets to collect: of what is contested in part, the rest, unless the objection is what he is to hear. */
function handedInWords(
  files: readonly InvoiceFile[],
  { route, currency }: LitigationRow,
): Readonly<Record<Language, string>> {
  const contestedCents = files.reduce((sum, { collection }) => sum + contestedCentsOf(collection), 0);
  const open = openInWords(files, currency);
  if (contestedCents === 0) return open;
  const contested = inWords(contestedCents, currency);
  if (isHeard(route))
    return {
      fr: `${open.fr}, dont ${contested.fr} contestés`,
      en: `${open.en}, of which ${contested.en} is contested`,
    };
  const asked = inWords(
    files.reduce((sum, { collection }) => sum + askedCentsOf(collection), 0),
    currency,
  );
  return {
    fr: `${asked.fr} à recouvrer, et ${contested.fr} contestés, à ne pas réclamer tant que nous examinons la contestation`,
    en: `${asked.en} to collect, and ${contested.en} contested, not to be asked for while we examine the dispute`,
  };
}

function inWords(cents: number, currency: string): Readonly<Record<Language, string>> {
  return { fr: moneyInWords(cents, currency, 'fr'), en: moneyInWords(cents, currency, 'en') };
}
