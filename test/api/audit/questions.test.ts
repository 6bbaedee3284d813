import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { questionTexts } from '../../../api/audit/question-texts.ts';
import { questionKeys } from '../../../db/audit/questions/all.ts';
import type { QuestionKey } from '../../../db/audit/questions/all.ts';
import { uuidv7 } from '../../../db/uuid.ts';
import type { FactBody } from '../../../domain/fact.ts';
import type { CivilDate } from '../../../domain/time.ts';
import { openOffice } from '../../setup/office.ts';
import type { Office } from '../../setup/office.ts';

/**
 * Every question with what it must find and what it must not. What the product lets nobody do is done as somebody would who
 * writes into the database past it: by a fact that nothing has refused, or by SQL.
 */
let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());
beforeEach(() => office.clock.set('2026-03-02'));

interface Line {
  readonly why: string;
  readonly text: string;
  readonly by: { readonly id: string } | null;
  readonly more: Readonly<Record<string, unknown>>;
  readonly entries: readonly { readonly subject: string; readonly seq: number }[];
  readonly invoiceId: string | null;
}

async function asked(key: QuestionKey, query = ''): Promise<readonly Line[]> {
  const answer = await office.ask('GET', `/v1/audit/questions/${key}?limit=200${query}`, undefined, {
    as: 'auditor',
  });
  expect(answer.status).toBe(200);
  return answer.body.items as Line[];
}

/** Why the question found this invoice, in order; nothing when it did not. */
async function whyOf(key: QuestionKey, invoiceId: string): Promise<readonly string[]> {
  return (await asked(key)).filter((line) => line.invoiceId === invoiceId).map(({ why }) => why);
}

async function state(invoiceId: string, ...bodies: readonly FactBody[]): Promise<void> {
  for (const body of bodies) await office.state(invoiceId, body);
}

const requested = (step: string, channel: 'email' | 'registered_letter' = 'email'): FactBody => ({
  type: 'stepRequested',
  step,
  occurrence: 1,
  channel,
});

const sent = (step: string, messageId = uuidv7()): FactBody => ({
  type: 'stepSent',
  step,
  occurrence: 1,
  messageId,
  channel: 'email',
});

const delivered = (step: string, on: CivilDate): FactBody => ({
  type: 'stepDelivered',
  step,
  occurrence: 1,
  messageId: null,
  channel: 'email',
  on,
  proof: 'provider',
});

const posted = (step: string, on: CivilDate): FactBody => ({
  type: 'stepPosted',
  step,
  occurrence: 1,
  on,
  trackingNumber: null,
  taskId: null,
});

/** A message to the debtor about the invoice as it is at its last fact, that left at that moment. */
async function message(
  { id, debtorId, creditorId }: Awaited<ReturnType<Office['invoice']>>,
  at: string,
  step: string | null,
): Promise<string> {
  const messageId = uuidv7();
  const { db } = office.house;
  const request =
    step === null
      ? null
      : (
          await db
            .selectFrom('contact_request')
            .select('id')
            .where('invoice_id', '=', id)
            .where('step', '=', step)
            .executeTakeFirstOrThrow()
        ).id;
  await sql`
    insert into message (id, key, purpose, creditor_id, debtor_id, channel, language, level, template, state, planned_at, claimed_at,
      state_at, figures, recipient, sha256)
    values (${messageId}, ${messageId}, 'contact', ${creditorId}, ${debtorId}, 'email', 'fr', 'firm', 'firm_reminder', 'delivered',
      ${at}, ${at}, ${at}, '{}', 'x@debiteur.example', 'x')`.execute(db);
  await sql`
    insert into message_line (message_id, invoice_id, request_id, fact, balance_cents, asked_cents, open)
    select ${messageId}, id, ${request}::uuid, fact, balance_cents, balance_cents, false from invoice where id = ${id}`.execute(
    db,
  );
  return messageId;
}

describe('the questions', () => {
  it('are listed in the language of whoever asks, each with what it proves and what it does not', async () => {
    const { body } = await office.ask('GET', '/v1/audit/questions', undefined, { as: 'auditor' });
    const { body: narrower } = await office.ask('GET', '/v1/audit/questions', undefined, {
      as: 'accountant',
    });

    const keysOf = ({ items }: { items: readonly { key: string }[] }) => items.map(({ key }) => key);
    expect(keysOf(body)).toEqual(questionKeys);
    // Who looked is told to those alone who answer for it.
    expect(keysOf(narrower)).toEqual(questionKeys.filter((key) => key !== 'looked-or-taken'));
    expect(body.items[0].asks).toBe('Which formal notices left without a delivered reminder before?');
    for (const key of questionKeys) {
      const [en, fr] = [questionTexts.en[key], questionTexts.fr[key]];
      expect(Object.keys(fr.why)).toEqual(Object.keys(en.why));
      expect(fr.proves.length * fr.provesNot.length).toBeGreaterThan(0);
    }
  });

  it('are no business of collectors, and none that is not known is asked', async () => {
    const turnedAway = await office.ask('GET', '/v1/audit/questions/given-up', undefined, {
      as: 'collector',
    });
    const unknown = await office.ask('GET', '/v1/audit/questions/anything', undefined, { as: 'auditor' });

    expect([turnedAway.status, unknown.status]).toEqual([403, 400]);
  });

  it('are answered page by page without losing or repeating a line, and within a period', async () => {
    const { id } = await office.invoice();
    for (let day = 3; day <= 9; day += 1) {
      office.clock.set(`2026-03-0${day}`);
      await office.ask('POST', `/v1/invoices/${id}/waiver`, {
        reason: 'other',
        amount: { amount: day, currency: 'EUR' },
      });
    }
    const pages: Line[][] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: { items: Line[]; nextCursor: string | null } } = await office.ask(
        'GET',
        `/v1/audit/questions/given-up?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`,
        undefined,
        { as: 'auditor' },
      );
      pages.push(body.items);
      cursor = body.nextCursor;
    }
    const within = await asked('given-up', '&from=2026-03-04T00:00:00Z&to=2026-03-06T00:00:00Z');

    const cents = pages.flat().map(({ more }) => more['amountCents']);
    expect(cents).toEqual([3, 4, 5, 6, 7, 8, 9]);
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(within.map(({ more }) => more['amountCents'])).toEqual([4, 5]);
  });
});

describe('“formal notices without a delivered reminder”', () => {
  it('finds one that left though no reminder was ever asked for or delivered, with the entry of its leaving', async () => {
    const bare = await office.invoice();
    const bounced = await office.invoice();
    await state(
      bare.id,
      requested('formal-notice', 'registered_letter'),
      posted('formal-notice', '2026-03-02'),
    );
    await state(bounced.id, requested('firm-reminder'), sent('firm-reminder'));
    await state(bounced.id, {
      type: 'stepFailed',
      step: 'firm-reminder',
      occurrence: 1,
      messageId: null,
      channel: 'email',
      reason: 'bounced',
    });
    await state(
      bounced.id,
      requested('formal-notice', 'registered_letter'),
      posted('formal-notice', '2026-03-02'),
    );

    expect(await whyOf('notice-without-reminder', bare.id)).toEqual(['none_sent']);
    expect(await whyOf('notice-without-reminder', bounced.id)).toEqual(['none_delivered']);
    const [line] = (await asked('notice-without-reminder')).filter(({ invoiceId }) => invoiceId === bare.id);
    const entry = line?.entries[0];
    const { type } = await office.house.db
      .selectFrom('journal')
      .select('type')
      .where('subject', '=', entry?.subject ?? '')
      .where('seq', '=', entry?.seq ?? 0)
      .executeTakeFirstOrThrow();
    expect(type).toBe('stepPosted');
  });

  it('does not find one after a reminder that arrived', async () => {
    const { id } = await office.invoice();
    await state(id, requested('firm-reminder'), delivered('firm-reminder', '2026-02-20'));
    await state(id, requested('formal-notice', 'registered_letter'), posted('formal-notice', '2026-03-02'));

    expect(await whyOf('notice-without-reminder', id)).toEqual([]);
  });
});

describe('“contacts out of turn”', () => {
  it('finds contacts about what was paid, on hold, disputed or promised, and at night', async () => {
    const [paid, held, disputed, promised, night] = await Promise.all(
      [0, 1, 2, 3, 4].map(() => office.invoice()),
    );
    for (const one of [paid, held, disputed, promised, night])
      await state(one!.id, requested('firm-reminder'));
    await office.ask('POST', `/v1/invoices/${paid!.id}/payments`, {
      amount: { amount: 120_000, currency: 'EUR' },
    });
    await office.ask('POST', `/v1/invoices/${held!.id}/holds`, { reason: 'other' });
    await office.ask('POST', `/v1/invoices/${disputed!.id}/disputes`, { reason: 'quality' });
    await office.ask('POST', `/v1/invoices/${promised!.id}/promises`, { date: '2026-03-10' });
    for (const one of [paid, held, disputed, promised])
      await message(one!, '2026-03-02T11:00:00Z', 'firm-reminder');
    await message(night!, '2026-03-02T22:30:00Z', 'firm-reminder');
    office.clock.set('2026-03-04');

    const why = await Promise.all(
      [paid, held, disputed, promised, night].map((one) => whyOf('contact-out-of-turn', one!.id)),
    );

    expect(why).toEqual([['paid'], ['hold'], ['disputed_whole'], ['promise_running'], ['outside_hours']]);
  });

  it('finds one beyond the caps of that day, and one that a payment of before made needless', async () => {
    const debtorId = await office.debtor();
    const [first, second, crossed] = [
      await office.invoice({ debtorId }),
      await office.invoice({ debtorId }),
      await office.invoice(),
    ];
    for (const one of [first, second, crossed]) await state(one.id, requested('firm-reminder'));
    await message(first, '2026-03-02T11:00:00Z', 'firm-reminder');
    await message(second, '2026-03-02T12:00:00Z', 'firm-reminder');
    await message(crossed, '2026-03-02T11:00:00Z', 'firm-reminder');
    office.clock.set('2026-03-05');
    await office.ask('POST', `/v1/invoices/${crossed.id}/payments`, {
      amount: { amount: 120_000, currency: 'EUR' },
      valueDate: '2026-02-27',
    });

    expect(await whyOf('contact-out-of-turn', first.id)).toEqual([]);
    expect(await whyOf('contact-out-of-turn', second.id)).toEqual(['beyond_caps']);
    expect(await whyOf('contact-out-of-turn', crossed.id)).toEqual(['paid_by_value_date']);
  });

  it('finds none that left in its hour, about what was owed', async () => {
    const invoice = await office.invoice();
    await state(invoice.id, requested('firm-reminder'));
    await message(invoice, '2026-03-02T11:00:00Z', 'firm-reminder');

    expect(await whyOf('contact-out-of-turn', invoice.id)).toEqual([]);
  });
});

describe('“decided alone”', () => {
  const waiver = { reason: 'other', amount: { amount: 500, currency: 'EUR' } };

  it('finds what was done with four eyes off, without any word, and with the yes of its author', async () => {
    const [alone, silent, own] = [await office.invoice(), await office.invoice(), await office.invoice()];
    await office.ask('POST', `/v1/invoices/${alone.id}/waiver`, waiver);
    await sql`
      insert into journal (subject, seq, type, at, body, prev_hash, hash)
      values (${`invoice/${silent.id}`}, 90, 'writtenOff', now(), ${JSON.stringify({ amountCents: 700, by: { kind: 'user', id: 'x' } })}, '', '')`.execute(
      office.house.db,
    );
    const approvalId = uuidv7();
    const asking = {
      approvalId,
      act: 'waiver',
      amountCents: 500,
      by: { kind: 'user', id: office.users.admin },
    };
    for (const [seq, type] of [
      [90, 'approvalAsked'],
      [91, 'approvalGiven'],
    ] as const)
      await sql`
        insert into journal (subject, seq, type, at, body, prev_hash, hash)
        values (${`invoice/${own.id}`}, ${seq}, ${type}, '2026-03-02T10:00:00Z', ${JSON.stringify(asking)}, '', '')`.execute(
        office.house.db,
      );

    expect(await whyOf('decided-alone', alone.id)).toEqual(['four_eyes_off']);
    expect(
      (await asked('decided-alone', '&from=2026-01-01T00:00:00Z&to=2100-01-01T00:00:00Z')).filter(
        ({ invoiceId }) => invoiceId === silent.id,
      ),
    ).toMatchObject([{ why: 'no_word', more: { amountCents: 700 } }]);
    expect(await whyOf('decided-alone', own.id)).toEqual(['own_approval']);
  });

  it('does not find what another person agreed to', async () => {
    const { id } = await office.invoice();
    await office.ask('PATCH', '/v1/settings', { fourEyes: true }, { as: 'admin' });
    const asking = await office.ask('POST', `/v1/invoices/${id}/waiver`, waiver);
    const given = await office.ask(
      'POST',
      `/v1/approvals/${asking.body.approvalId}/decision`,
      { decision: 'approve' },
      { as: 'admin' },
    );
    await office.ask('PATCH', '/v1/settings', { fourEyes: false }, { as: 'admin' });

    expect(given.status).toBeLessThan(300);
    expect(await whyOf('decided-alone', id)).toEqual([]);
    const [line] = (await asked('given-up')).filter(({ invoiceId }) => invoiceId === id);
    expect(line?.entries).toHaveLength(2);
  });
});

describe('“the procedure”', () => {
  it('finds steps that were late, skipped or decided over, and by whom', async () => {
    const [late, skipped, asking] = [
      await office.invoice({ dueDate: '2026-03-10' }),
      await office.invoice(),
      await office.invoice(),
    ];
    await office.ask('POST', `/v1/invoices/${skipped.id}/steps/formal-notice/skip`, { reason: 'other' });
    const taskId = uuidv7();
    await state(asking.id, {
      type: 'taskOpened',
      taskId,
      task: 'escalation',
      about: null,
      dueOn: '2026-03-04',
    });
    office.clock.set('2026-03-09');
    await state(asking.id, { type: 'taskDone', taskId, outcome: 'extend' });
    office.clock.set('2026-03-30');
    await state(late.id, requested('reminder'));

    expect(await whyOf('procedure', late.id)).toEqual(['late']);
    expect(await whyOf('procedure', asking.id)).toEqual(['overridden']);
    const lines = (await asked('procedure')).filter(({ invoiceId }) => invoiceId === skipped.id);
    expect(lines).toMatchObject([
      {
        why: 'skipped',
        by: { id: office.users.credit_manager },
        more: { step: 'formal-notice', reason: 'other' },
      },
    ]);
  });

  it('does not find a step that was asked for on its day', async () => {
    const { id } = await office.invoice({ dueDate: '2026-03-10' });
    office.clock.set('2026-03-13');
    await state(id, requested('reminder'));

    expect(await whyOf('procedure', id)).toEqual([]);
  });
});

describe('“back-dated payments”', () => {
  const paid = (valueDate: string) => ({ amount: { amount: 5_000, currency: 'EUR' }, valueDate });

  it('finds one entered after its claim, one into a past month, one late, and one whose day the ledger has lost', async () => {
    const [claimed, past, late, moved] = [
      await office.invoice(),
      await office.invoice(),
      await office.invoice(),
      await office.invoice(),
    ];
    await state(claimed.id, requested('firm-reminder'), sent('firm-reminder'));
    office.clock.set('2026-03-20');
    await office.ask('POST', `/v1/invoices/${claimed.id}/payments`, paid('2026-03-01'));
    await office.ask('POST', `/v1/invoices/${past.id}/payments`, paid('2026-02-27'));
    await office.ask('POST', `/v1/invoices/${late.id}/payments`, paid('2026-03-10'));
    await office.ask('POST', `/v1/invoices/${moved.id}/payments`, paid('2026-03-20'));
    await sql`update ledger_entry set day = '2026-02-01' where invoice_id = ${moved.id} and kind = 'payment'`.execute(
      office.house.db,
    );

    const why = await Promise.all(
      [claimed, past, late, moved].map(({ id }) => whyOf('back-dated-payments', id)),
    );

    expect(why).toEqual([['entered_after_claim'], ['into_past_month'], ['late'], ['day_changed_since']]);
  });

  it('does not find one that was entered as banks book', async () => {
    const { id } = await office.invoice();
    office.clock.set('2026-03-06');
    await office.ask('POST', `/v1/invoices/${id}/payments`, paid('2026-03-04'));

    expect(await whyOf('back-dated-payments', id)).toEqual([]);
  });
});

describe('“claims that changed after they were sent”', () => {
  it('finds a corrected one and says from what to what, and none that changed before or by its due day alone', async () => {
    const [claimed, before, moved] = [await office.invoice(), await office.invoice(), await office.invoice()];
    const corrected = { amount: { amount: 100_000, currency: 'EUR' } };
    await office.ask('POST', `/v1/invoices/${before.id}/correction`, corrected);
    for (const { id } of [claimed, before, moved])
      await state(id, requested('firm-reminder'), sent('firm-reminder'));
    await office.ask('POST', `/v1/invoices/${claimed.id}/correction`, corrected);
    await office.ask('POST', `/v1/invoices/${moved.id}/correction`, { dueDate: '2026-02-10' });

    const lines = await asked('changed-after-claim');

    expect(lines.filter(({ invoiceId }) => invoiceId === claimed.id)).toMatchObject([
      { why: 'corrected', more: { amountCents: 100_000, beforeCents: 120_000, claimedOn: '2026-03-02' } },
    ]);
    expect(lines.filter(({ invoiceId }) => invoiceId === before.id || invoiceId === moved.id)).toEqual([]);
  });
});

describe('“silences without end or reason”', () => {
  it('finds holds of invoices and debtors and stops without a last day, and none that has one and says why', async () => {
    const [endless, bounded] = [await office.invoice(), await office.invoice()];
    await office.ask('POST', `/v1/invoices/${endless.id}/holds`, { reason: 'other' });
    await office.ask('POST', `/v1/invoices/${bounded.id}/holds`, {
      reason: 'awaiting_documents',
      until: '2026-03-20',
    });
    await office.ask('POST', `/v1/debtors/${endless.debtorId}/holds`, { reason: 'other' });
    await office.ask('POST', '/v1/stops', {
      scope: 'invoice',
      subjectId: bounded.id,
      reason: 'Essai.',
      until: '2026-03-20',
    });
    await office.ask('POST', '/v1/stops', { scope: 'invoice', subjectId: endless.id, reason: 'Essai.' });

    const lines = await asked('holds-without-end');

    expect(lines.filter(({ invoiceId }) => invoiceId === endless.id).map(({ why }) => why)).toEqual([
      'no_end',
    ]);
    expect(lines.filter(({ invoiceId }) => invoiceId === bounded.id)).toEqual([]);
    expect(lines.filter(({ more }) => more['debtorId'] === endless.debtorId).map(({ why }) => why)).toEqual([
      'debtor_no_end',
    ]);
    expect(lines.filter(({ why }) => why === 'stop_no_end').map(({ more }) => more['subjectId'])).toEqual([
      endless.id,
    ]);
  });
});

describe('“what was given up”', () => {
  it('finds write-offs, waivers and cancellations with amount and author, and no payment', async () => {
    const [lost, cancelled, paid] = [await office.invoice(), await office.invoice(), await office.invoice()];
    await office.ask('POST', `/v1/invoices/${lost.id}/write-off`, {
      reason: 'other',
      amount: { amount: 120_000, currency: 'EUR' },
    });
    await office.ask('POST', `/v1/invoices/${cancelled.id}/cancellation`, { reason: 'other' });
    await office.ask('POST', `/v1/invoices/${paid.id}/payments`, {
      amount: { amount: 120_000, currency: 'EUR' },
    });

    const lines = await asked('given-up');
    const of = (id: string) => lines.filter(({ invoiceId }) => invoiceId === id);

    expect(of(lost.id)).toMatchObject([
      {
        why: 'write_off',
        by: { id: office.users.credit_manager },
        more: { amountCents: 120_000, currency: 'EUR' },
      },
    ]);
    expect(of(cancelled.id)).toMatchObject([{ why: 'cancellation', more: { amountCents: 120_000 } }]);
    expect(of(paid.id)).toEqual([]);
  });
});

describe('“messages in doubt”', () => {
  it('finds an unknown outcome and a step with two messages, and none that left once', async () => {
    const [unknown, twice, once] = [await office.invoice(), await office.invoice(), await office.invoice()];
    for (const { id } of [unknown, twice, once]) await state(id, requested('firm-reminder'));
    await state(unknown.id, {
      type: 'stepUnconfirmed',
      step: 'firm-reminder',
      occurrence: 1,
      messageId: uuidv7(),
    });
    await state(twice.id, sent('firm-reminder'), sent('firm-reminder'));
    await state(once.id, sent('firm-reminder'), delivered('firm-reminder', '2026-03-02'));

    const why = await Promise.all([unknown, twice, once].map(({ id }) => whyOf('messages-in-doubt', id)));

    expect(why).toEqual([['outcome_unknown'], ['sent_twice'], []]);
  });
});

describe('“hand-overs without proof of a notice”', () => {
  it('finds one without a notice and one while its answer runs, and none after it', async () => {
    const [bare, early, right] = [await office.invoice(), await office.invoice(), await office.invoice()];
    for (const { id } of [early, right])
      await state(
        id,
        requested('formal-notice', 'registered_letter'),
        posted('formal-notice', '2026-03-02'),
        {
          type: 'stepDelivered',
          step: 'formal-notice',
          occurrence: 1,
          messageId: null,
          channel: 'registered_letter',
          on: '2026-03-03',
          proof: 'presentation',
        },
      );
    await state(bare.id, { type: 'handedOver', packId: uuidv7() });
    office.clock.set('2026-03-04');
    await state(early.id, { type: 'handedOver', packId: uuidv7() });
    office.clock.set('2026-04-10');
    await state(right.id, { type: 'handedOver', packId: uuidv7() });

    const why = await Promise.all(
      [bare, early, right].map(({ id }) => whyOf('hand-over-without-notice', id)),
    );

    expect(why).toEqual([['no_notice'], ['answer_runs'], []]);
  });
});

describe('“who looked or took away”', () => {
  it('finds an export and the look of an auditor, and not the daily look of a collector', async () => {
    const { id } = await office.invoice();
    office.clock.set('2026-05-04');
    await office.ask('GET', `/v1/invoices/${id}`, undefined, { as: 'collector' });
    await office.ask('GET', '/v1/exports/invoices', undefined, { as: 'collector' });
    await office.ask('GET', `/v1/invoices/${id}`, undefined, { as: 'auditor' });

    const lines = await asked('looked-or-taken', '&from=2026-05-04T00:00:00Z');

    expect(lines.slice(0, 2)).toMatchObject([
      { why: 'looked', by: { id: office.users.auditor }, more: { about: `invoice/${id}` } },
      { why: 'looked', by: { id: office.users.auditor } },
    ]);
    expect(lines.at(-1)).toMatchObject({
      why: 'taken',
      by: { id: office.users.collector },
      more: { what: 'invoices' },
    });
    expect(lines).toHaveLength(3);
  });
});

describe('“settings that affect claims”', () => {
  it('finds a changed account, cap or value of the law, and no change of a telephone number', async () => {
    const creditorId = await office.creditor();
    office.clock.set('2026-06-01');
    const change = (body: object) =>
      office.ask('PATCH', `/v1/creditors/${creditorId}`, body, { as: 'admin' });
    await change({ phone: '+33472000001' });
    await change({ iban: 'FR7630006000011234567890189' });
    await office.ask('PATCH', '/v1/settings', { gapDaysMin: 3 }, { as: 'admin' });

    const lines = await asked('claim-settings-changed', '&from=2026-06-01T00:00:00Z');

    expect(lines).toMatchObject([
      { why: 'bank_account', by: { id: office.users.admin }, more: { fields: 'iban' } },
      { why: 'house', more: { change: '{"gapDaysMin": 3}' } },
    ]);
  });
});

describe('of all that was done here by the product', () => {
  it('no grave act lacks the word of somebody', async () => {
    const year = '&from=2026-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';
    const lines = await asked('decided-alone', year);
    const given = await asked('given-up', year);

    expect(given.length).toBeGreaterThan(8);
    // The one that was written past it.
    expect(lines.filter(({ why }) => why === 'no_word').map(({ more }) => more['amountCents'])).toEqual([
      700,
    ]);
  });

  it('money that came in time and was allocated later was not entered late', async () => {
    const { id, creditorId, debtorId } = await office.invoice();
    const payment = await office.ask('POST', '/v1/payments', {
      creditorId,
      debtorId,
      amount: { amount: 5_000, currency: 'EUR' },
      valueDate: '2026-03-02',
      allocations: [],
    });
    office.clock.set('2026-03-03');
    await state(id, requested('firm-reminder'), sent('firm-reminder'));
    office.clock.set('2026-04-20');
    const paymentId = payment.body.id as string;
    const allocated = await office.ask('POST', `/v1/payments/${paymentId}/allocations`, {
      allocations: [{ invoiceId: id, amount: 5_000 }],
    });

    expect(allocated.status).toBeLessThan(300);
    expect(await whyOf('back-dated-payments', id)).toEqual([]);
  });
});
