import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Carrier, CarrierOutcome } from '../../../activities/carriers/carrier.ts';
import { onlyThrough } from '../../../activities/carriers/carriers.ts';
import { deliver } from '../../../activities/deliver.ts';
import { uuidv7 } from '../../../db/uuid.ts';
import { openOffice } from '../../setup/office.ts';
import type { Office } from '../../setup/office.ts';

let office: Office;
let debtorId: string;
let sent: string[];
let answer: CarrierOutcome;
let told: string[];

const carrier: Carrier = {
  name: 'test',
  send: ({ messageId }) => {
    sent.push(messageId);
    return Promise.resolve(answer);
  },
  evidence: () => Promise.resolve({ kind: 'absent' }),
};

beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());
beforeEach(async () => {
  debtorId = await office.debtor();
  sent = [];
  told = [];
  answer = { kind: 'accepted', ref: 'r' };
});

describe('a mail to our own people', () => {
  it('leaves once, also when two deliveries of the debtor run at once', async () => {
    const mail = await planned();

    await Promise.all([look(), look(), look()]);

    expect(sent).toEqual([mail]);
    expect(await stateOf(mail)).toBe('accepted');
  });

  // Nothing would ever ask for it again, as requests at the door are asked for.
  it('is sent by the next delivery when one broke off between its claim and its attempt', async () => {
    const mail = await planned();
    await office.house.db
      .updateTable('message')
      .set({ state: 'claimed', claimed_at: new Date() })
      .where('id', '=', mail)
      .execute();

    await look();

    expect(sent).toEqual([mail]);
    expect(await stateOf(mail)).toBe('accepted');
  });

  it('waits and is tried again when the carrier had no room for it', async () => {
    const mail = await planned();
    answer = { kind: 'not_sent', reason: 'status 429', retryAfterMs: 1_000 };
    const { lookAt } = await look();

    answer = { kind: 'accepted', ref: 'r' };
    await look();

    expect(lookAt).toBeGreaterThan(await office.clock.now());
    expect(sent).toEqual([mail, mail]);
    expect(await stateOf(mail)).toBe('accepted');
  });
});

function look(): Promise<{ readonly lookAt: number | null }> {
  return deliver(
    { house: office.house, carriers: onlyThrough(carrier), tell: (line) => told.push(line) },
    debtorId,
  );
}

async function planned(): Promise<string> {
  const id = uuidv7();
  const at = new Date(await office.clock.now());
  const notice = {
    template: 'internal_task_due',
    language: 'fr',
    today: '2026-03-02',
    creditorName: 'Ateliers Martin',
    recipientName: 'Chloé',
    debtorName: 'Débiteur',
    title: 'appeler le débiteur',
    lines: [],
  };
  await office.house.db
    .insertInto('message')
    .values({
      id,
      key: `internal/${id}`,
      purpose: 'internal',
      creditor_id: await office.creditor(),
      debtor_id: debtorId,
      channel: 'email',
      language: 'fr',
      template: 'internal_task_due',
      state: 'planned',
      planned_at: at,
      state_at: at,
      figures: JSON.stringify(notice),
      recipient: 'chloe@martin.example',
      sha256: '',
    })
    .execute();
  return id;
}

async function stateOf(id: string): Promise<string> {
  const { state } = await office.house.db
    .selectFrom('message')
    .select('state')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return state;
}
