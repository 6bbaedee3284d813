import { describe, expect, it } from 'vitest';
import type { Carrier, CarrierOutcome } from '../../activities/carriers/carrier.ts';
import { begin } from './world.ts';

describe('the way to a debtor', () => {
  it('goes by letter when there is no mail address, and the posting counts three working days', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor({ contacts: [{ email: null }] });
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    await story.until('2026-03-09');
    await invoice.postsLetter();
    await story.until('2026-03-23');

    // Posted on the 9th, arrived on the 12th: ten days later is a Sunday.
    expect(await debtor.post()).toEqual([
      '2026-03-09 letter pre-due F-1 1200.00 EUR',
      '2026-03-23 letter reminder F-1 1200.00 EUR',
    ]);
  });

  it('goes by telephone when there is nothing else', async () => {
    const story = await begin({ day: '2026-03-16' });
    const debtor = await story.debtor({ contacts: [{ email: null, mobile: null, address: [] }] });
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    await story.until('2026-03-19');

    expect(await debtor.post()).toEqual(['2026-03-19 call reminder F-1 1200.00 EUR']);
    expect(await invoice.tasks()).toEqual(['call']);
  });

  it('goes by mail instead of a text message to a debtor without a mobile', async () => {
    const story = await begin({ day: '2026-03-16' });
    const debtor = await story.debtor({ scenario: 'risky', contacts: [{ mobile: null }] });
    await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    await story.until('2026-03-24');

    expect(await debtor.post()).toEqual([
      '2026-03-19 email reminder F-1 1200.00 EUR',
      '2026-03-24 email text-message F-1 1200.00 EUR',
    ]);
  });

  it('to a debtor without a telephone: the call becomes a mail that a person writes', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor({ contacts: [{ phone: null, mobile: null }] });
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-02-05' });

    await story.until('2026-03-12');
    expect(await debtor.post()).toEqual([
      '2026-03-05 email firm-reminder F-1 1200.00 EUR',
      '2026-03-12 email call F-1 1200.00 EUR',
    ]);
    expect(await invoice.tasks()).toEqual(['manual']);
    await invoice.task('manual', 'done');
    await story.until('2026-03-20');

    expect((await debtor.post()).at(-1)).toBe('2026-03-20 email last-reminder F-1 1200.00 EUR');
  });

  it('that nobody knows is asked of a person; the message leaves once there is one', async () => {
    const story = await begin({ day: '2026-03-16' });
    const debtor = await story.debtor({
      contacts: [{ email: null, mobile: null, phone: null, address: [] }],
    });
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    await story.until('2026-03-20');
    expect(await invoice.tasks()).toEqual(['unreachable']);
    await story.morning('2026-03-24');
    await story.people.ask('POST', `/debtors/${debtor.id}/contacts`, { email: 'compta@trouve.example' });
    await story.until('2026-03-24');

    expect(await invoice.tasks()).toEqual([]);
    expect((await debtor.letters()).map(({ day, recipient }) => `${day} ${recipient}`)).toEqual([
      '2026-03-24 compta@trouve.example',
    ]);
  });

  it('prefers the contact whom the step is for', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor({
      contacts: [{ email: 'compta@societe.example' }, { role: 'escalation', email: 'daf@societe.example' }],
    });
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-02-05' });

    await story.until('2026-03-12');
    await invoice.callReached();
    await story.until('2026-03-20');

    expect((await debtor.letters()).map(({ steps, recipient }) => `${steps.join()} ${recipient}`)).toEqual([
      'firm-reminder compta@societe.example',
      'call +33472123456',
      'last-reminder daf@societe.example',
    ]);
  });
});

describe('a mail', () => {
  it('to a refused address goes to the next contact, on the same day', async () => {
    const story = await begin({
      day: '2026-03-16',
      carrier: carrierThat(({ recipient }) => (recipient.startsWith('old@') ? refused : delivered)),
    });
    const debtor = await story.debtor({
      contacts: [{ email: 'old@societe.example' }, { email: 'new@societe.example' }],
    });
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    await story.until('2026-03-19');

    expect((await debtor.letters()).map(({ day, recipient }) => `${day} ${recipient}`)).toEqual([
      '2026-03-19 new@societe.example',
    ]);
    expect((await invoice.file()).debtor.reach.email).toBe(1);
  });

  it('to the only address, refused, goes by letter', async () => {
    const story = await begin({ day: '2026-03-16', carrier: carrierThat(() => refused) });
    const debtor = await story.debtor();
    await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    await story.until('2026-03-19');

    expect(await debtor.post()).toEqual(['2026-03-19 letter reminder F-1 1200.00 EUR']);
  });

  it('that was accepted counts as arrived when it has not come back in two days', async () => {
    const story = await begin({ day: '2026-03-16', carrier: carrierThat(() => accepted) });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    await story.until('2026-03-20');
    expect(await invoice.state()).toBe('on_its_way');
    await story.until('2026-03-30');

    expect(await debtor.post()).toEqual([
      '2026-03-19 email reminder F-1 1200.00 EUR',
      '2026-03-30 email second-reminder F-1 1200.00 EUR',
    ]);
  });

  it('that comes back within two days leaves the level where it was, and is sent again when the caps allow', async () => {
    const story = await begin({ day: '2026-03-16', carrier: carrierThat(() => accepted) });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    await story.morning('2026-03-20');
    await invoice.bounces('reminder');
    await story.until('2026-04-01');

    expect(await debtor.post()).toEqual([
      '2026-03-19 email reminder F-1 1200.00 EUR',
      '2026-03-23 email reminder F-1 1200.00 EUR',
      '2026-04-01 email second-reminder F-1 1200.00 EUR',
    ]);
  });

  it('of which nobody knows whether it left is asked of a person after a day, and sent again only on his word', async () => {
    let answers: CarrierOutcome = { kind: 'unknown', reason: 'timed_out' };
    const story = await begin({ day: '2026-03-16', carrier: carrierThat(() => answers) });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    await story.until('2026-03-19');
    expect(await invoice.state()).toBe('to_confirm');
    expect(await invoice.tasks()).toEqual([]);
    await story.until('2026-03-20');
    expect(await invoice.tasks()).toEqual(['stuck']);
    answers = delivered;
    await invoice.task('stuck', 'not_reached');
    await story.until('2026-03-24');

    expect(await debtor.post()).toEqual(['2026-03-23 email reminder F-1 1200.00 EUR']);
    expect(await invoice.tasks()).toEqual([]);
    const { items } = await story.people.ask('GET', `/messages?invoice=${invoice.id}`);
    expect(items.map((item) => (item as unknown as { state: string }).state).sort()).toEqual([
      'cancelled',
      'delivered',
    ]);
  });
});

const delivered: CarrierOutcome = { kind: 'delivered', ref: 'r' };
const accepted: CarrierOutcome = { kind: 'accepted', ref: 'r' };
const refused: CarrierOutcome = { kind: 'refused', reason: 'no_such_mailbox', addressInvalid: true };

/** A post office that answers as it is told, and never knows more afterwards. */
function carrierThat(answers: (message: Parameters<Carrier['send']>[0]) => CarrierOutcome): Carrier {
  return {
    name: 'post-office',
    send: (message) => Promise.resolve(answers(message)),
    evidence: () => Promise.resolve({ kind: 'silent' }),
  };
}
