import type { FastifyInstance, FastifyRequest } from 'fastify';
import { countForMe, deedWord, listApprovals } from '../../db/approval-reads.ts';
import type { ApprovalInList, DeedInShort } from '../../db/approval-reads.ts';
import { lawDay } from '../../db/calendars.ts';
import { lumpSumCurrency } from '../../db/claims.ts';
import { debtorOfApproval, isOwnQuestion } from '../../db/approvals.ts';
import { decideApproval } from '../../db/grave-deeds.ts';
import type { House } from '../../db/house.ts';
import { addNote } from '../../db/notes.ts';
import { restingOnUnvalidated } from '../../db/unvalidated.ts';
import { approverRoles } from '../../domain/approval/approval.ts';
import type { Language } from '../../domain/message.ts';
import { comment, reasonCode, unlessRefused } from '../at-the-counter.ts';
import { handsOf } from '../authentication.ts';
import type { Caller } from '../authentication.ts';
import { cursorAfter, pageOf, readCursor } from '../cursor.ts';
import { atTheDeskOnce } from '../idempotency.ts';
import { routeInWords } from '../litigation-words.ts';
import { policy } from '../policy.ts';
import { Problem } from '../problem.ts';
import { percentInWords, unvalidatedInWords } from '../claim-words.ts';
import { reasonCodeInWords } from '../reason-words.ts';
import { actInWords, capital, dayInWords, moneyInWords, momentInWords } from '../words.ts';
import { approvalTexts } from './approval-texts.ts';
import { field, goTo, readForms } from './form.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';
import { languageOf, sendPage } from './layout.ts';

/**
 * What waits for somebody's yes, what he asked for himself, and the answers.
 *
 * Whoever says yes sees here all that the question knows: the amounts as they were asked and as they are, the firm and
 * the way, the draft as its reader gets it. The answer is given by the same act as in the API.
 */
const shown = 50;

/** Why somebody says no, as the form offers it. */
const refusals = ['too_early', 'wrong_amount', 'in_talks', 'disputed', 'not_justified', 'other'] as const;

/** Who may read questions at all. */
const readers = policy['The plain pages']?.['GET /approvals']?.[0] ?? [];

/** How many questions wait for that caller, for the way to this page; null for whoever reads none. */
export async function waitingFor({ caller, eyes }: FastifyRequest, house: House): Promise<number | null> {
  if (!readers.includes(caller.role)) return null;
  if (!approverRoles.includes(caller.role)) return 0;
  return countForMe(eyes, house.db, handsOf(caller), await house.clock.now());
}

export function approvalPages(app: FastifyInstance, house: House): void {
  readForms(app);
  const hide = { schema: { hide: true } };

  app.get('/approvals', hide, async (request, reply) => {
    const { caller, eyes } = request;
    const language = languageOf(request.query, caller.language);
    const words = approvalTexts[language];
    const view = field(request.query, 'view') === 'asked' ? 'asked' : 'waiting';
    const after = readCursor(`approvals/${view}`, field(request.query, 'cursor') || undefined) as
      [number, string] | undefined;
    const filter =
      view === 'asked'
        ? ({ askedBy: caller.userId, state: 'any', newest: true } as const)
        : { notThrough: handsOf(caller) };
    const rows = await listApprovals(eyes, house.db, filter, shown, after);
    const drafts = rows.flatMap(({ message_id: id, state }) => (id !== null && state === 'open' ? id : []));
    const unvalidated = await restingOnUnvalidated(house.db, drafts, lawDay(await house.clock.now()));
    const { items, nextCursor } = pageOf(
      rows,
      shown,
      (row) => card(row, unvalidated.has(row.message_id ?? ''), caller, language),
      (row) => cursorAfter(`approvals/${view}`, [row.expires_at, row.id]),
    );
    const done = field(request.query, 'done');
    const body = markup`<h1>${words.title}</h1><p class="lead">${words.lead}</p>
${done in words.done && markup`<p class="card note" role="status">${words.done[done as keyof typeof words.done]}</p>`}
<ul class="tabs">${(['waiting', 'asked'] as const).map((one) => markup`<li><a href="/approvals?view=${one}&amp;lang=${language}"${one === view && markup` aria-current="page"`}>${words.views[one]}</a></li>`)}</ul>
${items.length === 0 ? markup`<div class="card flush"><p class="empty">${words.none[view]}</p></div>` : items}
${nextCursor !== null && markup`<p class="noprint"><a href="/approvals?view=${view}&amp;lang=${language}&amp;cursor=${nextCursor}" rel="next">${words.more}</a></p>`}`;
    return sendPage(reply, { title: words.title, language, who: caller.name, body });
  });

  app.post<{ Params: { approvalId: string } }>(
    '/approvals/:approvalId/decision',
    { ...hide, bodyLimit: 16_384 },
    async (request, reply) => {
      const { approvalId } = request.params;
      const { author } = request.caller;
      const debtorId = await debtorOfApproval(house.db, approvalId);
      if (!debtorId) throw Problem.notFound('approval', approvalId);
      const word = wordIn(request.body);
      const { state } = await atTheDeskOnce(request, house, [debtorId], async (desk) => {
        const decided = unlessRefused(await decideApproval(desk, approvalId, word, author));
        for (const id of new Set(decided.recorded.map(({ file }) => file.id)))
          await addNote(desk, id, 'approvalNote', word.comment, { approvalId }, author);
        return { state: decided.state };
      });
      const view = state === 'withdrawn' ? 'asked' : 'waiting';
      const language = languageOf(request.body, request.caller.language);
      return goTo(reply, `/approvals?view=${view}&lang=${language}&done=${state}`);
    },
  );
}

/** The answer in a form. Throws 400 for one that is none. */
function wordIn(form: unknown): {
  readonly decision: 'approve' | 'refuse';
  readonly reason: string | null;
  readonly comment: string | undefined;
} {
  const decision = field(form, 'decision');
  if (decision !== 'approve' && decision !== 'refuse')
    throw Problem.invalid('decision', 'It is neither yes nor no.', 'Press one of the two buttons.');
  const reason = field(form, 'reason');
  if (decision === 'refuse' && !reasonCode.safeParse(reason).success)
    throw Problem.invalid('reason', 'A refusal says why.', 'Choose a reason.');
  const words = comment.safeParse(field(form, 'comment').replaceAll('\r\n', '\n').trim() || undefined);
  if (!words.success) throw Problem.invalid('comment', 'It is too long.', 'Write 2 000 letters at most.');
  return { decision, reason: decision === 'refuse' ? reason : null, comment: words.data };
}

function rateOf({ hundredths = null }: DeedInShort, language: Language): string {
  return hundredths === null ? approvalTexts[language].noRate : percentInWords(hundredths, language);
}

function card(row: ApprovalInList, isUnvalidated: boolean, caller: Caller, language: Language): Html {
  const words = approvalTexts[language];
  const money = (cents: number): string => moneyInWords(cents, row.currency, language);
  const deed = row.what as DeedInShort;
  const act = actInWords(deedWord(deed, row.act), language);
  const isOpen = row.state === 'open';
  const tone = row.state === 'granted' ? 'good' : row.state === 'refused' ? 'bad' : isOpen ? 'warn' : '';
  const said: readonly (readonly [label: string, value: string | null | undefined | false])[] = [
    [words.creditor, row.creditorName],
    [words.firm, row.firmName],
    [words.route, deed.litigation && routeInWords(deed.litigation.route, language)],
    [words.incomplete, (deed.litigation ?? deed).incompleteBecause],
    [words.interest, deed.interestCents !== undefined && money(deed.interestCents)],
    [
      words.lumpSum,
      deed.lumpSumCents !== undefined && moneyInWords(deed.lumpSumCents, lumpSumCurrency, language),
    ],
    [
      words.rate,
      deed.does === 'agreeRate' &&
        words.rateFrom(rateOf(deed, language), dayInWords(deed.from ?? '', language)),
    ],
    [words.on, deed.on !== undefined && dayInWords(deed.on, language)],
    [words.newAmount, deed.correction?.amountCents !== undefined && money(deed.correction.amountCents)],
    [
      words.newDueDate,
      deed.correction?.dueDate !== undefined && dayInWords(deed.correction.dueDate, language),
    ],
    [words.payBy, deed.payBy !== undefined && dayInWords(deed.payBy, language)],
    [words.reason, deed.reason && reasonCodeInWords(deed.reason, language)],
    [words.ownWords, deed.freeText],
    [
      words.asked,
      `${row.askedByName ?? row.asked_by}, ${momentInWords(row.asked_at, row.creditorZone, language)}`,
    ],
    [words.until, isOpen && momentInWords(row.expires_at, row.creditorZone, language)],
    [
      words.answered,
      row.decided_at !== null &&
        [
          row.decidedByName ?? '',
          momentInWords(row.decided_at, row.creditorZone, language),
          row.reason === null ? '' : reasonCodeInWords(row.reason, language),
        ]
          .filter((part) => part !== '')
          .join(', '),
    ],
  ];
  const lines = row.invoices.map(
    ({ number, term, id, amountCents, balanceCents }) =>
      markup`<tr><td><a href="/i/${encodeURIComponent(number)}?id=${id}&amp;lang=${language}">${number}</a>${term > 1 && ` (${term})`}</td><td class="num">${money(amountCents)}</td><td class="num">${money(balanceCents)}</td></tr>`,
  );
  return markup`<section class="card" id="${row.id}"><h2>${capital(act)}, ${money(row.amount_cents)} · ${row.debtorName} <span class="badge ${tone}">${words.states[row.state]}</span></h2>
<dl class="facts">${said.map(([label, value]) => typeof value === 'string' && value !== '' && markup`<dt>${label}</dt><dd>${value}</dd>`)}</dl>
<div class="scroll"><table><thead><tr><th scope="col">${words.invoice}</th><th scope="col" class="num">${words.amount}</th><th scope="col" class="num">${words.balance}</th></tr></thead><tbody>${lines}</tbody></table></div>
${isUnvalidated && markup`<p class="note">${unvalidatedInWords(language)}</p>`}
${row.message_id !== null && draft(row.message_id, row.hasDocument, isOpen, language)}
${isOpen && answers(row, caller, language)}</section>`;
}

/** The draft as its reader gets it: nobody says yes to what he has not seen. */
function draft(messageId: string, hasDocument: boolean, isOpen: boolean, language: Language): Html {
  const words = approvalTexts[language];
  const document = markup` · <a href="/outbox/${messageId}/document">PDF</a>`;
  return markup`<p><a href="/outbox/${messageId}?lang=${language}">${words.draft}</a>${hasDocument && document}</p>
${hasDocument && isOpen && markup`<iframe src="/outbox/${messageId}/document" title="${words.draft}" loading="lazy"></iframe>`}`;
}

function answers(row: ApprovalInList, caller: Caller, language: Language): Html | false {
  const words = approvalTexts[language];
  const mayAnswer = approverRoles.includes(caller.role);
  const isOwn = isOwnQuestion(row, handsOf(caller));
  if (!mayAnswer) return false;
  const action = `/approvals/${row.id}/decision`;
  const yes = markup`<form class="login" method="post" action="${action}"><input type="hidden" name="lang" value="${language}"><input type="hidden" name="decision" value="approve">
<label for="yes-${row.id}">${words.comment}</label><input id="yes-${row.id}" name="comment" maxlength="2000"><button>${words.approve}</button></form>`;
  const no = markup`<form class="login" method="post" action="${action}"><input type="hidden" name="lang" value="${language}"><input type="hidden" name="decision" value="refuse">
<label for="why-${row.id}">${words.why}</label><select id="why-${row.id}" name="reason" required>${refusals.map((code) => markup`<option value="${code}">${reasonCodeInWords(code, language)}</option>`)}</select>
<label for="no-${row.id}">${words.comment}</label><input id="no-${row.id}" name="comment" maxlength="2000"><button class="second">${isOwn ? words.withdraw : words.refuse}</button></form>`;
  return markup`<div class="noprint answers">${!isOwn && yes}${no}</div>`;
}
