import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokenIn } from '../setup/broken-in.ts';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

interface Lived {
  readonly calendar: { readonly id: string };
  readonly debtor: { readonly country: string };
}

const lived = async (invoiceId: string) => {
  const row = await office.house.db
    .selectFrom('invoice')
    .select('collection')
    .where('id', '=', invoiceId)
    .executeTakeFirstOrThrow();
  return row.collection as Lived;
};
const home = (debtorId: string) =>
  office.house.db
    .selectFrom('debtor')
    .select(['country', 'zone'])
    .where('id', '=', debtorId)
    .executeTakeFirstOrThrow();
const factsOf = async (invoiceId: string) =>
  (
    await office.house.db
      .selectFrom('journal')
      .select('type')
      .where('subject', '=', `invoice/${invoiceId}`)
      .orderBy('seq')
      .execute()
  ).map(({ type }) => type);

describe('a debtor who turns out to be in another country', () => {
  it('takes its clock, and his running invoices its calendar, with the fact that says so', async () => {
    const { id, debtorId } = await office.invoice();

    const { status, body } = await office.ask('PATCH', `/v1/debtors/${debtorId}`, { country: 'NP' });

    expect([status, body.invoices.map((one: { fact: { type: string } }) => one.fact.type)]).toEqual([
      200,
      ['debtorChanged'],
    ]);
    expect(await home(debtorId)).toEqual({ country: 'NP', zone: 'Asia/Katmandu' });
    expect(await lived(id)).toMatchObject({
      calendar: { id: 'NP/Asia/Katmandu/2026' },
      debtor: { country: 'NP' },
    });
    expect((await factsOf(id)).slice(-2)).toEqual(['calendarExtended', 'debtorChanged']);
  });

  it('is woken for the morning there', async () => {
    const { id, debtorId } = await office.invoice({ dueDate: '2026-03-30' });
    const wakes = async () => (await office.ask('GET', `/v1/invoices/${id}`)).body.next.until as string;
    const before = await wakes();

    await office.ask('PATCH', `/v1/debtors/${debtorId}`, { country: 'US', zone: 'America/Los_Angeles' });

    const hours = (Date.parse(await wakes()) - Date.parse(before)) / 3_600_000;
    // Clocks go forward in California on 8 March, in France on the 29th.
    expect(hours % 24).toBe(8);
    expect(await home(debtorId)).toEqual({ country: 'US', zone: 'America/Los_Angeles' });
  });

  it('keeps the zone that somebody gives him, until he moves again', async () => {
    const { debtorId } = await office.invoice();

    await office.ask('PATCH', `/v1/debtors/${debtorId}`, { country: 'US', zone: 'America/Chicago' });
    await office.ask('PATCH', `/v1/debtors/${debtorId}`, { country: 'US', language: 'en' });
    const stayed = await home(debtorId);
    await office.ask('PATCH', `/v1/debtors/${debtorId}`, { country: 'DE' });

    expect([stayed.zone, (await home(debtorId)).zone]).toEqual(['America/Chicago', 'Europe/Berlin']);
  });

  it('or only in another zone of it tells his invoices of the clock alone', async () => {
    const { id, debtorId } = await office.invoice();

    const { body } = await office.ask('PATCH', `/v1/debtors/${debtorId}`, { zone: 'Indian/Reunion' });

    expect(body.invoices[0].fact.type).toBe('calendarExtended');
    expect((await lived(id)).calendar.id).toBe('FR/Indian/Reunion/2026');
    expect((await office.ask('GET', `/v1/debtors/${debtorId}`)).body.zone).toBe('Indian/Reunion');
  });

  it('leaves a file that lives by another’s calendar nowhere: every stored file is the fold of its facts', async () => {
    expect((await brokenIn(office.house)).get('folds')).toBeUndefined();
  });

  it('is not sent to a zone that does not exist', async () => {
    const { debtorId } = await office.invoice();

    const answer = await office.ask('PATCH', `/v1/debtors/${debtorId}`, { zone: 'Mars/Phobos' });

    expect(answer).toMatchObject({ status: 400, body: { field: 'zone' } });
  });
});
