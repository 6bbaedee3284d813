import { describe, expect, it } from 'vitest';
import { addUser } from '../../db/users.ts';
import type { Invoice } from './invoice.ts';
import type { Debtor, Story } from './world.ts';
import { begin } from './world.ts';

interface File {
  readonly id: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly ready: boolean;
  readonly missing: readonly { readonly piece: string }[];
  readonly held: { readonly amount: number };
  readonly pack: object | null;
  readonly ways: { readonly proposed: { readonly route: string } };
}

// Due on Monday 2026-03-16: the notice leaves on 05-04 and is presented on 05-06; on 05-26 a person is asked.
describe('a litigation file', () => {
  it('from the last unanswered letter to the last euro: pack, partner, money on both sides, remittance late and made, end', async () => {
    const { story, invoice, file, say, firmId } = await handedOver();

    // Nobody does anything about it for a week.
    await story.until('2026-06-02');
    expect(await told(story)).toEqual(['2026-06-02 Chloé internal_litigation_waits']);
    const before = await file();
    expect(before.missing.map(({ piece }) => piece)).toEqual([
      'contract',
      'order',
      'delivery_proof',
      'invoice_copy',
    ]);
    expect(before.ways.proposed.route).toBe('small_claims');

    await story.morning('2026-06-03');
    for (const piece of ['contract', 'order', 'delivery_proof', 'invoice_copy'])
      await say('not-needed', { piece, because: 'Versée par courrier.' });
    await say('route', { route: 'order_to_pay', consentOn: '2026-06-03' });
    await say('hand-over', { firmId, comment: 'Aucun contact depuis mai.' });
    expect(await file()).toMatchObject({ state: 'handed', ready: true, pack: {} });

    // Paid to us: the partner hears of it on the same day, a Sunday.
    await story.morning('2026-06-07');
    await invoice.pays(300);
    await story.until('2026-06-07');

    // Received by the partner on 06-10: it must be with us on 07-10, and it is not.
    await story.morning('2026-06-10');
    await say('statuses', { status: 'order_served', on: '2026-06-09' });
    await say('recoveries', { amount: { amount: 50_000, currency: 'EUR' }, on: '2026-06-10' });
    await story.until('2026-07-10');
    const inTime = await told(story);
    await story.until('2026-07-13');
    await say('remittances', { amount: { amount: 50_000, currency: 'EUR' }, on: '2026-07-13' });

    // A month of silence, then the rest.
    await story.until('2026-08-12');
    await story.morning('2026-08-14');
    await invoice.pays();
    await story.until('2026-08-31');

    expect(inTime).not.toContain('2026-07-11 Chloé internal_remittance_late');
    expect(await told(story)).toEqual([
      '2026-06-02 Chloé internal_litigation_waits',
      '2026-06-03 Étude Morel internal_litigation_handed',
      '2026-06-07 Étude Morel internal_litigation_moved',
      '2026-07-10 Chloé internal_litigation_silent',
      '2026-07-11 Chloé internal_remittance_late',
      '2026-08-12 Chloé internal_litigation_silent',
      '2026-08-14 Étude Morel internal_litigation_moved',
      '2026-08-14 Étude Morel internal_litigation_recovered',
    ]);
    expect(await file()).toMatchObject({ state: 'closed', outcome: 'recovered', held: { amount: 0 } });
    expect((await invoice.told()).filter((line) => /litigation|handed|Firm|Pack/.test(line))).toEqual([
      'null handedOver: Dossier transmis au contentieux.',
      'null litigationJoined: Facture réunie au dossier contentieux.',
      'Marc litigationPiece: Pièce déclarée non nécessaire : contrat.',
      'Marc litigationPiece: Pièce déclarée non nécessaire : bon de commande.',
      'Marc litigationPiece: Pièce déclarée non nécessaire : preuve de livraison.',
      'Marc litigationPiece: Pièce déclarée non nécessaire : copie de la facture.',
      'Marc litigationRoute: Voie choisie : injonction de payer. Accord du créancier le 3 juin 2026.',
      'Marc handedToFirm: Dossier confié à un cabinet extérieur.',
      'Marc litigationHanded: Dossier contentieux transmis ; voie : injonction de payer.',
      'null litigationPack: Dossier de pièces constitué et scellé.',
      'null litigationTold: Le partenaire est informé de ce qui nous est parvenu.',
      'Marc litigationStatus: Le partenaire indique : ordonnance signifiée (9 juin 2026).',
      'Marc litigationRecovery: Le partenaire a encaissé 500,00 €, à reverser au plus tard le 10 juillet 2026.',
      'null litigationChased: Reversement en retard : 500,00 €, attendus le 10 juillet 2026.',
      'Marc litigationRemittance: Le partenaire a reversé 500,00 €.',
      'null litigationTold: Le partenaire est informé de ce qui nous est parvenu.',
      'null litigationClosed: Dossier contentieux clos : recouvré. Les pénalités réclamées restent dues.',
      'null takenBackFromFirm: Dossier repris au cabinet extérieur.',
    ]);
  });

  // The invoice has ended with its hand-over and watches over nothing any more; the claim lapses all the same.
  it('warns our people and its partner of the day on which the claim lapses, also while it is doubted, and asks when it has', async () => {
    const { story, invoice, file, say, firmId } = await handedOver({ sector: 'transport' });
    const warned = async () => (await story.toldOurPeople()).filter((mail) => mail.includes('legal_clock'));
    await say('route', { route: 'order_to_pay', consentOn: '2026-05-26' });
    await say('hand-over', { firmId, incompleteBecause: 'Pièces à suivre.' });

    await story.until('2026-08-17');
    expect((await warned()).sort()).toEqual([
      '2026-08-14 Chloé internal_legal_clock',
      '2026-08-14 Marc internal_legal_clock',
      '2026-08-14 Étude Morel internal_legal_clock',
    ]);
    await say('closing', { outcome: 'doubtful', reason: 'unknown_assets' });
    const { items } = (await story.people.ask('GET', '/legal-clocks?within=200')) as unknown as {
      items: { number: string; clock: string; on: string }[];
    };
    expect(items).toEqual([
      expect.objectContaining({ number: 'F-1', clock: 'limitation', on: '2027-02-14' }),
    ]);

    await story.until('2027-01-15');
    expect((await warned()).slice(3).sort()).toEqual([
      '2026-11-14 Chloé internal_legal_clock',
      '2026-11-14 Marc internal_legal_clock',
      '2027-01-14 Chloé internal_legal_clock',
      '2027-01-14 Marc internal_legal_clock',
    ]);
    expect(await invoice.tasks()).toEqual([]);

    // It lapsed the day before, and half a year after it was doubted it is prepared anew.
    await story.until('2027-02-15');
    expect(await invoice.tasks()).toEqual(['limitation']);
    expect(await file()).toMatchObject({ state: 'closed', outcome: 'doubtful' });
    expect(await inPreparation(story)).toBe(1);
  });

  it('of an invoice that is still chased silences it, and withdrawn lets it go on where it was left', async () => {
    const story = await begin({ day: '2026-03-02' });
    const debtor = await story.debtor();
    const firmId = await partner(story);
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    await story.until('2026-03-20');
    const opened = await story.people.ask('POST', '/litigation', { invoiceIds: [invoice.id] });
    const say = saying(story, opened.id);
    await say('route', { route: 'order_to_pay', consentOn: '2026-03-20' });
    await say('hand-over', { firmId, incompleteBecause: 'Pièces à suivre.' });

    await story.until('2026-04-20');
    const silent = await debtor.post();
    await say('withdrawal', { reason: 'too_slow' });
    await story.until('2026-04-30');

    expect(silent).toEqual([
      '2026-03-09 email pre-due F-1 1200.00 EUR',
      '2026-03-19 email reminder F-1 1200.00 EUR',
    ]);
    expect((await debtor.post()).slice(2, 3)).toEqual([
      expect.stringMatching(/^2026-04-2\d email second-reminder F-1 1200.00 EUR$/),
    ]);
    expect(await told(story)).toEqual([
      '2026-03-20 Étude Morel internal_litigation_handed',
      '2026-04-19 Chloé internal_litigation_silent',
      '2026-04-20 Étude Morel internal_litigation_withdrawn',
    ]);
  });
});

interface Handed {
  readonly story: Story;
  readonly debtor: Debtor;
  readonly invoice: Invoice;
  readonly firmId: string;
  readonly file: () => Promise<File>;
  readonly say: ReturnType<typeof saying>;
}

/** Nobody answers the notice, and a person hands the invoice over on 05-26. */
async function handedOver(creditor: { readonly sector?: 'transport' } = {}): Promise<Handed> {
  const story = await begin({ day: '2026-03-02' });
  if (creditor.sector) await story.people.ask('PATCH', `/creditors/${story.creditor}`, creditor);
  const debtor = await story.debtor();
  const firmId = await partner(story);
  const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
  await throughNotice(story, invoice);
  const list = (await story.people.ask('GET', `/litigation?invoice=${invoice.id}`)) as unknown as {
    items: { id: string }[];
  };
  const id = list.items[0]?.id ?? '';
  const file = async () => (await story.people.ask('GET', `/litigation/${id}`)) as unknown as File;
  return { story, debtor, invoice, firmId, file, say: saying(story, id) };
}

async function inPreparation(story: Story): Promise<number> {
  const list = await story.people.ask('GET', '/litigation?state=preparing');
  return (list as unknown as { items: unknown[] }).items.length;
}

function saying(story: Story, id: string): (what: string, body: object) => Promise<unknown> {
  return (what, body) => story.people.ask('POST', `/litigation/${id}/${what}`, body);
}

/** A firm and who comes in for it. */
async function partner(story: Story): Promise<string> {
  const { id: firmId } = await story.people.ask('POST', '/firms', {
    name: 'Morel et associés',
    kind: 'commissaire_de_justice',
  });
  const { house } = story.engine;
  const clerk = { name: 'Étude Morel', email: 'etude@morel.example', language: 'fr', firmId } as const;
  const now = await house.clock.now();
  await house.db
    .transaction()
    .execute((tx) => addUser(tx, now, { ...clerk, role: 'external_firm' }, 'story'));
  return firmId;
}

async function throughNotice(story: Story, invoice: Invoice): Promise<void> {
  await story.until('2026-04-15');
  await invoice.callReached();
  await story.until('2026-05-04');
  await invoice.approvesDraft();
  await story.until('2026-05-05');
  await invoice.postsLetter();
  await story.morning('2026-05-12');
  await invoice.presentedOn('2026-05-07');
  await story.until('2026-05-26');
  await invoice.approvesHandOver();
}

async function told(story: Story): Promise<readonly string[]> {
  return (await story.toldOurPeople()).filter((mail) => /litigation|remittance/.test(mail));
}
