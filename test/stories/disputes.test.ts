import { describe, expect, it, onTestFinished } from 'vitest';
import { buildApi } from '../../api/app.ts';
import { newKey, storeKey } from '../../db/keys.ts';
import { addUser } from '../../db/users.ts';
import { askedCentsOf } from '../../domain/collection.ts';
import { instantAt } from '../../domain/calendar.ts';
import { hourMs } from '../../domain/time.ts';
import { overslept } from '../../db/outbox.ts';
import { wake } from '../../temporal/post.ts';
import { paris } from '../domain/calendars.ts';
import type { Invoice } from './invoice.ts';
import { begin } from './world.ts';
import type { Debtor, Story } from './world.ts';
import { settingsWith } from '../setup/settings.ts';

/*
 * All invoices are due on Monday 16 March 2026; the first reminder leaves on the 19th, the second on the 30th. Disputes
 * come on the evening of Friday the 20th. Chloé collects, Marc manages, Rémi resolves.
 */

describe('a dispute over a part', () => {
  it('leaves the rest to be asked for; its resolver is reminded, and after five silent days the manager is told', async () => {
    const { story, debtor, invoice } = await onTheTwentieth(1000);
    const remi = await resolver(story);
    const dispute = await invoice.disputes(200);
    await story.morning('2026-03-23');
    await dispute.qualified({ reason: 'quantity', resolverId: remi.id });

    await story.until('2026-04-08');

    // The 6th of April is Easter Monday.
    expect(await story.toldOurPeople()).toEqual([
      '2026-03-25 Rémi internal_dispute_due',
      '2026-03-27 Rémi internal_dispute_due',
      '2026-03-31 Rémi internal_dispute_late',
      '2026-03-31 Marc internal_dispute_late',
      '2026-04-08 Rémi internal_dispute_late',
      '2026-04-08 Marc internal_dispute_late',
    ]);
    expect((await debtor.post()).slice(1)).toEqual([
      '2026-03-19 email reminder F-1 1000.00 EUR',
      '2026-03-30 email second-reminder F-1 800.00 EUR',
      '2026-04-08 email firm-reminder F-1 800.00 EUR',
    ]);

    await remi.ask(`/disputes/${dispute.id}/messages`, { way: 'internal', text: 'Dix cartons manquaient.' });
    await story.until('2026-04-10');
    expect((await story.toldOurPeople()).slice(6)).toEqual(['2026-04-10 Chloé internal_dispute_due']);
    await dispute.resolved('credit_note');
    await invoice.creditNote(200);
    await story.until('2026-04-15');

    expect((await debtor.post()).at(-1)).toBe('2026-04-15 call call F-1 800.00 EUR');
    expect(await story.toldOurPeople()).toHaveLength(7);
    expect((await storyOf(story, dispute.id)).filter(({ type }) => type !== 'taskOpened')).toMatchObject([
      { type: 'disputeOpened', text: 'Contestation de 200,00 € (qualité).' },
      {
        type: 'disputeQualified',
        text: 'Contestation recevable (quantité), confiée au service logistique : réponse attendue pour le 30 mars 2026.',
      },
      { text: 'Contestation sans réponse : la personne qui doit répondre est prévenue.' },
      { text: 'Contestation sans réponse : la personne qui doit répondre est prévenue.' },
      { text: 'Contestation sans réponse : la personne qui doit répondre et le responsable sont prévenus.' },
      { text: 'Contestation sans réponse : la personne qui doit répondre et le responsable sont prévenus.' },
      { type: 'disputeMessage', author: { name: 'Rémi' }, words: 'Dix cartons manquaient.' },
      {
        type: 'disputeAnswered',
        text: 'Réponse reçue sur la contestation ; décision attendue pour le 15 avril 2026.',
      },
      { text: 'Contestation à décider : la personne chargée du dossier est prévenue.' },
      { type: 'disputeResolved', text: 'Contestation acceptée : avoir à établir.' },
    ]);
  });

  it('of which 300 of 500 are granted has 200 asked for again at once, and the 300 never', async () => {
    const { story, debtor, invoice } = await onTheTwentieth(1000);
    const dispute = await invoice.disputes(500);

    await story.until('2026-03-31');
    await dispute.resolved('credit_note', 300);
    await story.until('2026-04-08');
    expect(await invoice.tasks()).toEqual(['credit_note']);
    await story.morning('2026-04-09');
    await invoice.creditNote(300);
    await story.until('2026-04-15');

    expect((await debtor.post()).slice(2)).toEqual([
      '2026-03-30 email second-reminder F-1 500.00 EUR',
      '2026-04-08 email firm-reminder F-1 700.00 EUR',
      '2026-04-15 call call F-1 700.00 EUR',
    ]);
    expect(await invoice.tasks()).toEqual(['call']);
  });

  it('that is turned down after the amicable phase has ended leaves its question with a person, and repeats nothing', async () => {
    const { story, debtor, invoice } = await onTheTwentieth(1000);
    const dispute = await invoice.disputes(200);
    // Nobody makes the call of 15 April; sixty days after the first reminder the phase is over.
    await story.until('2026-05-19');
    const before = await debtor.post();
    expect(await debtor.questions()).toEqual([{ day: '2026-05-18', kind: 'escalation' }]);

    await dispute.resolved('rejected');
    await story.until('2026-06-05');

    expect(await debtor.post()).toEqual(before);
    expect(await debtor.questions()).toHaveLength(1);
    expect(askedCentsOf(await invoice.file())).toBe(100_000);
  });
});

describe('a dispute that nobody qualifies', () => {
  it('is told to its owner, and after five working days to the manager', async () => {
    const { story, invoice } = await onTheTwentieth(1000);
    await invoice.disputes(200);

    await story.until('2026-03-31');

    expect(await story.toldOurPeople()).toEqual([
      '2026-03-24 Chloé internal_dispute_due',
      '2026-03-26 Chloé internal_dispute_due',
      '2026-03-30 Chloé internal_dispute_late',
      '2026-03-30 Marc internal_dispute_late',
    ]);
    expect(await invoice.tasks()).toEqual(['dispute']);
  });

  it('and is then found unfounded rejoins its scenario on the next working day', async () => {
    const { story, debtor, invoice } = await onTheTwentieth(1000);
    const dispute = await invoice.disputes();
    await story.until('2026-03-31');

    await dispute.isUnfounded();
    await story.until('2026-04-15');

    expect((await debtor.post()).slice(2)).toEqual([
      '2026-04-01 email second-reminder F-1 1000.00 EUR',
      '2026-04-10 email firm-reminder F-1 1000.00 EUR',
    ]);
    expect((await story.toldOurPeople()).length).toBe(4);
  });
});

describe('a dispute over all of it', () => {
  it('comes back from each outcome on its own day, where the file left, for what is then owed', async () => {
    const story = await begin({ day: '2026-03-02' });
    const files: { debtor: Debtor; invoice: Invoice }[] = [];
    for (let place = 0; place < 4; place += 1) {
      const debtor = await story.debtor();
      files.push({
        debtor,
        invoice: await debtor.owes({ number: `F-${place}`, amount: 1000, due: '2026-03-16' }),
      });
    }
    const [rejected, credited, corrected, goodwill] = files;
    if (!rejected || !credited || !corrected || !goodwill) throw new Error('four files');
    await story.until('2026-03-20');
    const disputes = [];
    for (const { invoice } of files) disputes.push(await invoice.disputes());

    await story.until('2026-03-31');
    await disputes[0]?.resolved('rejected');
    await disputes[1]?.resolved('credit_note');
    await disputes[2]?.resolved('corrected_invoice');
    await disputes[3]?.resolved('goodwill', 200);
    await story.morning('2026-04-03');
    const waits = [credited, corrected, goodwill].map(({ invoice }) => invoice.tasks());
    expect(await Promise.all(waits)).toEqual([['credit_note'], ['corrected_invoice'], []]);
    await credited.invoice.creditNote(300);
    await corrected.invoice.corrected({ amount: 800 });
    await story.until('2026-04-09');

    const came = files.map(async ({ debtor }) => (await debtor.post()).slice(2));
    expect(await Promise.all(came)).toEqual([
      ['2026-04-01 email second-reminder F-0 1000.00 EUR'],
      ['2026-04-07 email second-reminder F-1 700.00 EUR'],
      ['2026-04-07 email second-reminder F-2 800.00 EUR'],
      ['2026-04-01 email second-reminder F-3 800.00 EUR'],
    ]);
  });

  it('that is decided on the morning of a reminder is reminded of no more', async () => {
    const { story, invoice } = await onTheTwentieth(1000);
    const remi = await resolver(story);
    const dispute = await invoice.disputes();
    await dispute.qualified({ resolverId: remi.id });

    // His first reminder is due at nine.
    await story.morning('2026-03-24');
    await dispute.resolved('rejected');
    await story.until('2026-04-03');

    expect(await story.toldOurPeople()).toEqual([]);
  });

  it('sleeps while its invoice is paid, and climbs on when the payment comes back', async () => {
    const { story, invoice } = await onTheTwentieth(1000);
    await invoice.disputes();
    const payment = await invoice.pays();
    await story.morning('2026-03-31');
    expect(await story.toldOurPeople()).toEqual([]);

    await invoice.comesBack(payment);
    await story.until('2026-03-31');

    expect(await story.toldOurPeople()).toEqual([
      '2026-03-31 Chloé internal_dispute_late',
      '2026-03-31 Marc internal_dispute_late',
    ]);
  });
});

describe('what we say to a debtor about his dispute', () => {
  it('reaches him by mail in the hours of sending, counts for his caps, and takes no step', async () => {
    const { story, debtor, invoice } = await onTheTwentieth(1000);
    const dispute = await invoice.disputes(200);

    // Friday evening: the first reminder left on Thursday, and three days lie between two messages at least.
    await dispute.says('Nous vérifions le bon de livraison.');
    expect(await dispute.sent()).toEqual([
      expect.stringMatching(/^planned: Le débiteur a été contacté assez souvent : départ le 23 mars 2026/),
    ]);
    await story.until('2026-03-30');

    const [, , word, reminder] = await debtor.letters();
    expect((await debtor.post()).slice(2)).toEqual([
      '2026-03-23 email word F-1',
      '2026-03-30 email second-reminder F-1 800.00 EUR',
    ]);
    expect(word?.words).toContain('Nous vérifions le bon de livraison.');
    expect(word?.words).toContain(`réf. C-${dispute.id.slice(-8).toUpperCase()}`);
    expect(word?.words).not.toContain('IBAN');
    expect(reminder?.day).toBe('2026-03-30');
    expect(await dispute.sent()).toEqual(['delivered']);
    expect((await invoice.told()).filter((line) => line.includes('word'))).toEqual([
      expect.stringContaining('« Votre contestation de la facture F-1'),
    ]);
  });

  it('waits while sending is stopped, and is not sent where it was said by telephone', async () => {
    const { story, debtor, invoice } = await onTheTwentieth(1000);
    const dispute = await invoice.disputes(200);
    const stop = await story.people.stops('debtor', debtor.id);

    await dispute.says('Dit au téléphone : un avoir suit.', { send: false });
    await dispute.says('Un avoir suit.');
    await story.until('2026-03-25');
    expect(await dispute.sent()).toEqual([null, 'planned: Un arrêt des envois est en vigueur.']);
    await story.people.lifts(stop);
    await story.until('2026-03-27');

    expect(await dispute.sent()).toEqual([null, 'delivered']);
    expect((await debtor.post()).filter((line) => line.includes('word'))).toHaveLength(1);
  });

  // Contested as a whole, the invoice asks for nothing: no reminder of it wakes the door.
  it('waits while a person keeps silent, and is said when that ends, by its day or by hand', async () => {
    const { story, debtor, invoice } = await onTheTwentieth(1000);
    const dispute = await invoice.disputes();
    await invoice.isHeld('2026-03-25');

    await dispute.says('Nous vérifions.');
    await story.until('2026-03-25');
    expect(await dispute.sent()).toEqual([
      expect.stringMatching(/^planned: Nous ne parlons pas au débiteur de ce dossier avant le 26 mars 2026/),
    ]);
    await story.until('2026-03-27');
    const hold = await invoice.isHeld(null);
    await dispute.says('Un avoir suit.');
    await story.until('2026-04-02');
    expect(await dispute.sent()).toEqual(['delivered', expect.stringMatching(/^planned: Nous ne parlons/)]);
    await hold.lifted();
    await story.until('2026-04-07');

    expect(await dispute.sent()).toEqual(['delivered', 'delivered']);
    expect((await debtor.post()).filter((line) => line.includes('word'))).toEqual([
      '2026-03-26 email word F-1',
      '2026-04-03 email word F-1',
    ]);
  });

  it('is asked about when it has not left for ten working days, and again after as many once answered; not any more once it leaves', async () => {
    const { story, debtor, invoice } = await onTheTwentieth(1000);
    const dispute = await invoice.disputes();
    const hold = await invoice.isHeld(null);
    await dispute.says('Nous vérifions.');
    const asked = async () =>
      (await story.people.ask('GET', `/tasks?invoice=${invoice.id}&kind=stuck&state=open`)).items.length;

    await story.until('2026-04-02');
    expect(await asked()).toBe(0);
    // Ten working days after Friday the 20th.
    await story.until('2026-04-03');
    expect(await asked()).toBe(1);
    await story.people.answersTask(invoice.id, 'stuck', 'done');
    await story.until('2026-04-17');
    expect(await asked()).toBe(0);
    await story.until('2026-04-21');
    expect(await asked()).toBe(1);
    await hold.lifted();
    await story.until('2026-04-22');

    expect([await asked(), await dispute.sent()]).toEqual([0, ['delivered']]);
    expect((await debtor.post()).at(-1)).toBe('2026-04-22 email word F-1');
    expect((await invoice.told()).filter((line) => line.includes('n’attend plus'))).toHaveLength(1);
  });

  it('is never said once a court has opened proceedings, nor taken any more', async () => {
    const { story, debtor, invoice } = await onTheTwentieth(1000);
    const dispute = await invoice.disputes(200);

    await dispute.says('Un avoir suit.');
    await story.people.ask('POST', `/debtors/${debtor.id}/insolvency`, { judgmentOn: '2026-03-19' });
    await story.until('2026-03-31');

    expect(await dispute.sent()).toEqual(['cancelled']);
    expect((await debtor.post()).filter((line) => line.includes('word'))).toEqual([]);
    await expect(dispute.says('Un avoir suit.')).rejects.toThrow('claim-insolvent');
    await dispute.says('Dit à l’administrateur.', { send: false });
  });
});

describe('the workflow of a dispute', () => {
  it('that is lost is found asleep by the sweep, and nobody is told twice', async () => {
    const { story, invoice } = await onTheTwentieth(1000);
    const dispute = await invoice.disputes(200);
    await story.until('2026-03-24');
    const { house, environment, settle } = story.engine;
    const workflow = `dispute/${dispute.id}`;
    await environment.client.workflow.getHandle(workflow).terminate('lost');
    const now = await house.clock.now();
    await environment.sleep(instantAt(paris, '2026-03-26', 10 * hourMs) - now);

    const sleeping = await overslept(house.db, await house.clock.now(), 0, 10);
    expect(sleeping).toEqual([workflow]);
    await wake(environment.client, house, workflow);
    await settle();
    await story.until('2026-03-31');

    expect(await story.toldOurPeople()).toEqual([
      '2026-03-24 Chloé internal_dispute_due',
      '2026-03-26 Chloé internal_dispute_due',
      '2026-03-30 Chloé internal_dispute_late',
      '2026-03-30 Marc internal_dispute_late',
    ]);
  });
});

interface Told {
  readonly story: Story;
  readonly debtor: Debtor;
  readonly invoice: Invoice;
}

async function onTheTwentieth(amount: number): Promise<Told> {
  const story = await begin({ day: '2026-03-02' });
  const debtor = await story.debtor();
  const invoice = await debtor.owes({ number: 'F-1', amount, due: '2026-03-16' });
  await story.until('2026-03-20');
  return { story, debtor, invoice };
}

interface Resolver {
  readonly id: string;
  /** Says something by the API, as himself. */
  ask(path: string, body: object): Promise<void>;
}

/** Rémi, who answers for what was delivered. */
async function resolver({ engine }: Story): Promise<Resolver> {
  const { house } = engine;
  const key = newKey();
  const now = await house.clock.now();
  const remi = { name: 'Rémi', email: 'remi@martin.example', role: 'resolver', language: 'fr' } as const;
  const id = await house.db.transaction().execute(async (tx) => {
    const added = await addUser(tx, now, remi, 'story');
    await storeKey(tx, now, added ?? '', key, 'story');
    return added ?? '';
  });
  const app = await buildApi({ house, config: settingsWith() });
  onTestFinished(() => app.close());
  return {
    id,
    ask: async (path, payload) => {
      const headers = { authorization: `Bearer ${key.key}` };
      const response = await app.inject({ method: 'POST', url: `/v1${path}`, headers, payload });
      if (response.statusCode >= 300) throw new Error(response.body);
      await engine.settle();
    },
  };
}

interface Line {
  readonly type: string;
  readonly text: string;
}

/** The story of a dispute, as its file tells it. */
async function storyOf(story: Story, disputeId: string): Promise<readonly Line[]> {
  const file = (await story.people.ask('GET', `/disputes/${disputeId}`)) as unknown as { history: Line[] };
  // Amounts hold spaces that do not break.
  return file.history.map((line) => ({ ...line, text: line.text.replace(/[\u00a0\u202f]/g, ' ') }));
}
