import { describe, expect, it } from 'vitest';
import type { Invoice } from './invoice.ts';
import { begin } from './world.ts';
import type { Debtor, Story } from './world.ts';

describe('a waiver', () => {
  it('asked for by one person and granted by another lowers what is owed, and the journal says who did what', async () => {
    const { story, invoice } = await owing();

    await invoice.asksForWaiver(60);
    expect(await invoice.owes()).toBe(1200);
    await story.people.decides(invoice.id, 'approve');

    expect(await invoice.owes()).toBe(1140);
    expect((await invoice.told()).slice(-3)).toEqual([
      'Chloé approvalAsked: Accord d’une autre personne demandé : remise, 60,00 €, jusqu’au 7 mars 2026, 08:00.',
      'Marc approvalGiven: Accord donné.',
      'Marc waived: Remise de 60,00 € accordée (geste commercial) ; reste dû 1 140,00 €.',
    ]);
  });

  it('that is refused changes nothing, and the reason stands in the journal', async () => {
    const { story, invoice } = await owing();
    await invoice.asksForWaiver(60);

    await story.people.decides(invoice.id, 'refuse', 'too_early');

    expect(await invoice.owes()).toBe(1200);
    expect((await invoice.told()).at(-1)).toBe('Marc approvalRefused: Accord refusé (trop tôt).');
  });

  it('is never granted by whoever asked; his own no takes it back', async () => {
    const { story, invoice } = await owing();
    await invoice.asksForWaiver(60, 'Marc');

    await expect(story.people.decides(invoice.id, 'approve')).rejects.toThrow('approval-own');
    await story.people.decides(invoice.id, 'refuse', 'mistake');

    expect(await invoice.owes()).toBe(1200);
    expect((await invoice.told()).at(-1)).toBe('Marc approvalWithdrawn: Demande d’accord retirée (erreur).');
  });

  it('that nobody answers is called to mind once, lapses after five days, and can be asked for anew', async () => {
    const { story, invoice } = await owing();
    await invoice.asksForWaiver(60);

    // Asked on Monday at eight: it lapses on Saturday, and Friday is the last working day before.
    await story.until('2026-03-05');
    expect(await story.toldOurPeople()).toEqual([]);
    await story.until('2026-03-06');
    expect([...(await story.toldOurPeople())].sort()).toEqual([
      '2026-03-06 Ada internal_approval_waiting',
      '2026-03-06 Marc internal_approval_waiting',
    ]);
    await story.until('2026-03-09');

    expect(await invoice.told()).toContain(
      'null approvalExpired: Demande d’accord expirée sans réponse : rien n’a été fait.',
    );
    await expect(story.people.decides(invoice.id, 'approve')).rejects.toThrow('nothing waits');
    await invoice.asksForWaiver(60);
    await story.people.decides(invoice.id, 'approve');
    expect(await invoice.owes()).toBe(1140);
    expect(await story.toldOurPeople()).toHaveLength(2);
  });

  it('lapses while everything is down, and no late yes revives it', async () => {
    const { story, invoice } = await owing({ cachedWorkflows: 0 });
    await invoice.asksForWaiver(60);
    const { items } = await story.people.ask('GET', '/approvals');

    await story.outage(8);

    await expect(
      story.people.ask('POST', `/approvals/${items[0]?.id}/decision`, { decision: 'approve' }),
    ).rejects.toThrow('approval-unknown');
    expect(await invoice.owes()).toBe(1200);
  });
});

describe('goodwill in a dispute', () => {
  it('is a waiver that somebody else grants: until then what is granted is not asked for, and nobody is pressed for it', async () => {
    const { story, debtor, invoice } = await owing();
    await story.until('2026-03-20');
    const dispute = await invoice.disputes(500);
    await story.morning('2026-03-23');

    await dispute.resolved('goodwill', 300);
    expect((await story.people.ask('GET', '/approvals')).items).toMatchObject([
      { act: 'waiver', amount: { amount: 30_000 }, askedBy: { name: 'Marc' } },
    ]);
    expect([await invoice.owes(), await invoice.tasks()]).toEqual([1200, ['goodwill']]);
    await story.morning('2026-03-26');
    await story.people.as('Ada').decides(invoice.id, 'approve');
    await story.until('2026-03-30');

    expect([await invoice.owes(), await invoice.tasks()]).toEqual([900, []]);
    expect((await debtor.post()).at(-1)).toBe('2026-03-30 email second-reminder F-1 900.00 EUR');
    expect(await invoice.told()).toContain(
      'Ada waived: Remise de 300,00 € accordée (geste commercial) ; reste dû 900,00 €.',
    );
  });

  it('that nobody grants lapses, and its task then presses whoever works the file', async () => {
    const { story, invoice } = await owing();
    await story.until('2026-03-20');
    const dispute = await invoice.disputes(500);
    await story.morning('2026-03-23');
    await dispute.resolved('goodwill');

    await story.until('2026-03-31');

    expect((await story.people.ask('GET', '/approvals?state=any')).items).toMatchObject([
      { state: 'expired', amount: { amount: 50_000 } },
    ]);
    expect([await invoice.owes(), await invoice.tasks()]).toEqual([1200, ['goodwill']]);
    expect((await story.toldOurPeople()).filter((line) => !line.includes('approval'))).toEqual([
      '2026-03-31 Chloé internal_task_due',
    ]);
  });

  it('is not asked about any more once somebody says that none is to come', async () => {
    const { story, invoice } = await owing();
    const dispute = await invoice.disputes(500);
    await dispute.resolved('goodwill', 300);

    await invoice.task('goodwill', 'done');

    expect((await story.people.ask('GET', '/approvals?state=any')).items).toMatchObject([
      { state: 'withdrawn', decisionReason: 'overtaken' },
    ]);
    expect(await invoice.owes()).toBe(1200);
  });
});

describe('a write-off', () => {
  it('gives up what is still owed when the yes comes, however much was owed when it was asked', async () => {
    const { story, invoice } = await owing();
    await invoice.asksForWriteOff();

    await invoice.pays(1000);
    await story.people.as('Ada').decides(invoice.id, 'approve');

    expect(await invoice.state()).toBe('written_off');
    expect((await invoice.told()).at(-1)).toBe('Ada writtenOff: 200,00 € passés en perte.');
  });

  it('of what is paid meanwhile is over: nothing waits for an answer any more', async () => {
    const { story, invoice } = await owing();
    await invoice.asksForWriteOff();

    await invoice.pays();

    expect((await story.people.ask('GET', '/approvals?state=any')).items).toMatchObject([
      { state: 'withdrawn', decisionReason: 'closed' },
    ]);
    expect(await invoice.state()).toBe('paid');
  });
});

describe('a formal notice', () => {
  it('leaves after two people have said yes to the same draft', async () => {
    const { story, invoice, debtor } = await noticeDrafted();

    await story.people.as('Chloé').approvesDraftOf(invoice.id);
    await story.until('2026-05-05');
    expect(await invoice.state()).toBe('awaiting_approval');
    await story.people.decides(invoice.id, 'approve');
    await story.until('2026-05-06');

    expect((await debtor.post()).at(-1)).toBe('2026-05-06 registered_letter formal-notice F-1 1200.00 EUR');
  });

  it('whose amounts change before the second yes is drawn up and asked about anew', async () => {
    const { story, invoice, debtor } = await noticeDrafted();
    await story.people.as('Chloé').approvesDraftOf(invoice.id);

    await story.morning('2026-05-05');
    await invoice.pays(200);
    expect((await story.people.ask('GET', '/approvals?state=any')).items).toMatchObject([
      { state: 'withdrawn', decisionReason: 'overtaken' },
    ]);
    await story.people.as('Chloé').approvesDraftOf(invoice.id);
    await story.people.decides(invoice.id, 'approve');
    await story.until('2026-05-05');

    expect((await debtor.post()).at(-1)).toBe('2026-05-05 registered_letter formal-notice F-1 1000.00 EUR');
  });

  it('that is contested in full before the second yes is not asked about any more', async () => {
    const { story, invoice, debtor } = await noticeDrafted();
    await story.people.as('Chloé').approvesDraftOf(invoice.id);

    await invoice.disputes();
    await story.until('2026-05-12');

    expect((await story.people.ask('GET', '/approvals')).items).toEqual([]);
    expect((await debtor.post()).at(-1)).toBe('2026-04-23 email last-reminder F-1 1200.00 EUR');
  });

  it('keeps the words of its author when another person grants it', async () => {
    const { story, invoice } = await noticeDrafted();
    const freeText = 'Nous vous avons écrit cinq fois sans réponse.';

    await story.people.as('Chloé').approvesDraftOf(invoice.id, { freeText });
    expect((await story.people.ask('GET', '/approvals')).items).toMatchObject([
      { act: 'formal_notice', freeText, askedBy: { name: 'Chloé' }, mayDecide: true },
    ]);
    expect(await warningsOf(story)).toEqual([['law_not_validated'], ['law_not_validated']]);
    await validateLaw(story);
    expect(await warningsOf(story)).toEqual([[], []]);
    await story.people.decides(invoice.id, 'approve');
    await story.until('2026-05-05');

    const request = await story.engine.house.db
      .selectFrom('contact_request')
      .select(['free_text', 'state'])
      .where('level', '=', 'formal_notice')
      .executeTakeFirstOrThrow();
    expect(request).toEqual({ free_text: freeText, state: 'done' });
  });
});

describe('a hand-over', () => {
  it('that one person approves is done when another one grants it', async () => {
    const { story, invoice } = await handOverAsked();

    await invoice.approvesHandOver('Chloé');
    expect(await invoice.state()).toBe('to_do');
    await story.people.decides(invoice.id, 'approve');

    expect(await invoice.state()).toBe('handed_over');
  });

  it('is overtaken by a promise: whoever says yes must have known of it', async () => {
    const { story, invoice } = await handOverAsked();
    await invoice.approvesHandOver('Chloé');

    await invoice.promises({ by: '2026-06-05' });

    expect((await story.people.ask('GET', '/approvals?state=any&act=hand_over')).items).toMatchObject([
      { state: 'withdrawn', decisionReason: 'overtaken' },
    ]);
    expect(await invoice.state()).toBe('promised');
  });
});

describe('four eyes', () => {
  it('are switched off by an administrator alone; whoever then acts alone is written down as such', async () => {
    const { story, invoice } = await owing();

    await expect(story.people.setting({ fourEyes: false })).rejects.toThrow('role-forbidden');
    await story.people.as('Ada').setting({ fourEyes: false });
    await invoice.asksForWriteOff();

    expect(await invoice.state()).toBe('written_off');
    expect((await invoice.told()).slice(-2)).toEqual([
      'Marc doneAlone: Fait seul, la double validation étant désactivée : passage en perte.',
      'Marc writtenOff: 1 200,00 € passés en perte.',
    ]);
  });

  it('are refused where nobody else could say yes', async () => {
    const { story, invoice } = await owing();
    const { house } = story.engine;
    await house.db
      .updateTable('app_user')
      .set({ disabled_at: new Date(await house.clock.now()) })
      .where('name', '=', 'Ada')
      .execute();

    await expect(invoice.asksForWriteOff()).rejects.toThrow('approval-nobody');

    expect(await invoice.owes()).toBe(1200);
  });
});

interface Told {
  readonly story: Story;
  readonly debtor: Debtor;
  readonly invoice: Invoice;
}

async function owing(more: { cachedWorkflows?: number } = {}): Promise<Told> {
  const story = await begin({ day: '2026-03-02', fourEyes: true, ...more });
  const debtor = await story.debtor();
  const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
  return { story, debtor, invoice };
}

async function noticeDrafted(): Promise<Told> {
  const told = await owing();
  await told.story.until('2026-04-15');
  await told.invoice.callReached();
  await told.story.until('2026-05-04');
  return told;
}

async function handOverAsked(): Promise<Told> {
  const told = await noticeDrafted();
  const { story, invoice } = told;
  await story.people.as('Chloé').approvesDraftOf(invoice.id);
  await story.people.decides(invoice.id, 'approve');
  await story.until('2026-05-05');
  await invoice.postsLetter();
  await story.until('2026-05-07');
  await invoice.presentedOn('2026-05-07');
  await story.until('2026-05-27');
  expect(await invoice.tasks()).toEqual(['hand_over']);
  return told;
}

/** What is said of the draft to whoever says yes, in the question and beside the draft itself. */
async function warningsOf(story: Story): Promise<readonly (readonly string[])[]> {
  type Warned = { readonly messageId: string; readonly warnings: readonly { readonly code: string }[] };
  const [asked] = (await story.people.ask('GET', '/approvals')).items as unknown as readonly Warned[];
  const draft = (await story.people.ask('GET', `/messages/${asked?.messageId}`)) as unknown as Warned;
  return [asked, draft].map((one) => (one?.warnings ?? []).map(({ code }) => code));
}

/** A lawyer has read the values that count now. */
async function validateLaw(story: Story): Promise<void> {
  type Value = { code: string; from: string; to: string | null; value: number; source: string };
  const { items } = await story.people.ask('GET', '/law-values');
  for (const { code, from, to, value, source } of items as unknown as readonly Value[])
    if (to === null || to >= '2026-01-01')
      await story.people
        .as('Ada')
        .ask('POST', '/law-values', { code, from, to, value, source, lawyerValidated: true });
}
