import { describe, expect, it } from 'vitest';
import type { LitigationPack } from '../../activities/compose/litigation-pack.ts';
import type { Invoice } from './invoice.ts';
import { begin } from './world.ts';

// In every story the invoice is known on 2 March 2026, two weeks before it is due, and nobody ever pays. Each step that
// falls on a weekend or a holiday goes to the next working day, and the following steps keep their distance from it.
// Easter Monday is 6 April, Labour Day 1 May, Victory Day 8 May, Ascension 14 May, Whit Monday 25 May.
describe('an invoice that nobody pays', () => {
  it('goes the standard way: five mails and a call, a formal notice, the hand-over', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor({ scenario: 'standard' });
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    await story.until('2026-04-15');
    await invoice.callReached();
    await story.until('2026-05-04');
    expect(await invoice.state()).toBe('awaiting_approval');
    await invoice.approvesDraft();
    await story.until('2026-05-05');
    expect(await invoice.tasks()).toEqual(['post']);
    await invoice.postsLetter({ trackingNumber: '2C 700 600 500 4' });
    await story.until('2026-05-11');
    await invoice.presentedOn('2026-05-07');
    expect(await invoice.state()).toBe('notice_running');
    await story.until('2026-05-22');
    expect(await invoice.tasks()).toEqual([]);
    // The formal notice counts from its presentation on 7 May: eighteen days later is Whit Monday.
    await story.until('2026-05-26');
    expect(await invoice.tasks()).toEqual(['hand_over']);
    await invoice.approvesHandOver();

    expect(await invoice.state()).toBe('handed_over');
    expect(await debtor.post()).toEqual([
      '2026-03-09 email pre-due F-1 1200.00 EUR',
      '2026-03-19 email reminder F-1 1200.00 EUR',
      '2026-03-30 email second-reminder F-1 1200.00 EUR',
      '2026-04-08 email firm-reminder F-1 1200.00 EUR',
      '2026-04-15 call call F-1 1200.00 EUR',
      '2026-04-23 email last-reminder F-1 1200.00 EUR',
      '2026-05-05 registered_letter formal-notice F-1 1200.00 EUR',
    ]);
    const pack = await packOf(invoice);
    expect(pack.pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pack.json.formalNotice).toMatchObject({
      postedOn: '2026-05-05',
      presentedOn: '2026-05-07',
      trackingNumber: '2C 700 600 500 4',
    });
    expect(pack.json.chronology.map(({ day, channel }) => `${day} ${channel}`)).toEqual([
      '2026-03-09 email',
      '2026-03-19 email',
      '2026-03-30 email',
      '2026-04-08 email',
      '2026-04-15 call',
      '2026-04-23 email',
      '2026-05-05 registered_letter',
    ]);
  });

  it('of a good payer: softer words and a call before anything firm', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor({ scenario: 'good-payer' });
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    await story.until('2026-04-02');
    await invoice.callReached();
    await story.until('2026-05-11');
    await invoice.approvesDraft();
    await story.until('2026-05-12');
    await invoice.postsLetter();
    await story.until('2026-05-18');
    await invoice.presentedOn('2026-05-15');
    await story.until('2026-06-01');
    await invoice.approvesHandOver();

    expect(await invoice.state()).toBe('handed_over');
    expect(await debtor.post()).toEqual([
      '2026-03-11 email pre-due F-1 1200.00 EUR',
      '2026-03-23 email reminder F-1 1200.00 EUR',
      '2026-04-02 call call F-1 1200.00 EUR',
      '2026-04-13 email firm-reminder F-1 1200.00 EUR',
      '2026-04-27 email last-reminder F-1 1200.00 EUR',
      '2026-05-12 registered_letter formal-notice F-1 1200.00 EUR',
    ]);
    expect((await packOf(invoice)).json.formalNotice).toMatchObject({ presentedOn: '2026-05-15' });
  });

  it('of a risky debtor: sooner, closer together, with a text message', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor({ scenario: 'risky' });
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    await story.until('2026-03-27');
    await invoice.callReached();
    await story.until('2026-04-20');
    await invoice.approvesDraft();
    await story.until('2026-04-21');
    await invoice.postsLetter();
    await story.until('2026-04-24');
    await invoice.presentedOn('2026-04-23');
    await story.until('2026-05-11');
    await invoice.approvesHandOver();

    expect(await invoice.state()).toBe('handed_over');
    expect(await debtor.post()).toEqual([
      '2026-03-06 email pre-due F-1 1200.00 EUR',
      '2026-03-17 email reminder F-1 1200.00 EUR',
      '2026-03-23 sms text-message F-1 1200.00 EUR',
      '2026-03-27 call call F-1 1200.00 EUR',
      '2026-04-02 email firm-reminder F-1 1200.00 EUR',
      '2026-04-10 email last-reminder F-1 1200.00 EUR',
      '2026-04-21 registered_letter formal-notice F-1 1200.00 EUR',
    ]);
    expect((await packOf(invoice)).json.formalNotice).toMatchObject({ presentedOn: '2026-04-23' });
  });

  // A letter counts as arrived three working days after its posting on 29 April; 1 May is none.
  it('of a public body: patience, and its last reminder on paper', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor({ scenario: 'public-body' });
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    await story.until('2026-04-02');
    await invoice.callReached();
    await story.until('2026-04-29');
    expect(await invoice.tasks()).toEqual(['post']);
    await invoice.postsLetter();
    await story.until('2026-05-13');
    await invoice.approvesDraft();
    await story.until('2026-05-15');
    await invoice.postsLetter();
    await story.until('2026-05-19');
    await invoice.presentedOn('2026-05-18');
    await story.until('2026-06-05');
    await invoice.approvesHandOver();

    expect(await invoice.state()).toBe('handed_over');
    expect(await debtor.post()).toEqual([
      '2026-03-11 email pre-due F-1 1200.00 EUR',
      '2026-03-23 email reminder F-1 1200.00 EUR',
      '2026-04-02 call call F-1 1200.00 EUR',
      '2026-04-14 email firm-reminder F-1 1200.00 EUR',
      '2026-04-29 letter last-reminder F-1 1200.00 EUR',
      '2026-05-15 registered_letter formal-notice F-1 1200.00 EUR',
    ]);
    expect((await packOf(invoice)).json.formalNotice).toMatchObject({ presentedOn: '2026-05-18' });
  });

  // German holidays: Good Friday is one, Victory Day is not. A notice from abroad leaves fifteen days to answer.
  it('of a debtor abroad: in English, with longer ways of the post', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor({ scenario: 'abroad' });
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    await story.until('2026-04-20');
    await invoice.callReached();
    await story.until('2026-05-07');
    await invoice.approvesDraft();
    await story.until('2026-05-08');
    await invoice.postsLetter();
    await story.until('2026-05-15');
    await invoice.presentedOn('2026-05-13');
    await story.until('2026-06-04');
    await invoice.approvesHandOver();

    expect(await invoice.state()).toBe('handed_over');
    expect(await debtor.post()).toEqual([
      '2026-03-09 email pre-due F-1 1200.00 EUR',
      '2026-03-20 email reminder F-1 1200.00 EUR',
      '2026-03-30 email second-reminder F-1 1200.00 EUR',
      '2026-04-09 email firm-reminder F-1 1200.00 EUR',
      '2026-04-20 call call F-1 1200.00 EUR',
      '2026-04-29 email last-reminder F-1 1200.00 EUR',
      '2026-05-08 registered_letter formal-notice F-1 1200.00 EUR',
    ]);
    expect((await debtor.letters())[1]?.words).toMatch(/invoice/i);
  });
});

/** The pack that goes to litigation: its paper and its data. */
async function packOf(invoice: Invoice): Promise<{ pdf: Buffer; json: LitigationPack }> {
  const rows = await invoice.story.engine.house.db
    .selectFrom('document')
    .select(['media_type', 'bytes'])
    .where('kind', '=', 'litigation_pack')
    .where('subject', '=', invoice.id)
    .execute();
  const bytes = (mediaType: string): Buffer => {
    const row = rows.find((candidate) => candidate.media_type === mediaType);
    if (!row) throw new Error(`the pack has no ${mediaType}`);
    return row.bytes;
  };
  return {
    pdf: bytes('application/pdf'),
    json: JSON.parse(bytes('application/json').toString()) as LitigationPack,
  };
}
