import { generateKeyPairSync } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { buildApi } from '../../api/app.ts';
import { makeAnchor } from '../../db/audit/anchor/anchors.ts';
import { noteRules } from '../../db/audit/rules-noted.ts';
import { newKey, storeKey } from '../../db/keys.ts';
import { addUser } from '../../db/users.ts';
import { addDays } from '../../domain/time.ts';
import type { TaskKind } from '../../domain/fact.ts';
import { publicKeyOf, signerWith } from '../../temporal/audit/anchor/signing-key.ts';
import { settingsWith } from '../setup/settings.ts';
import type { Invoice } from './invoice.ts';
import { Story } from './world.ts';

/** Who is no party to the long life, and by which of his words he would be found. */
export const thirdPersons = {
  otherContact: {
    name: 'Hortense Lointain',
    email: 'hortense.lointain@ailleurs.example',
    phone: '+33491929394',
  },
  named: 'Mme Quenotte',
  namedMail: 'q.quenotte@transports.example',
  clerk: 'Basile Étudeau',
} as const;

export interface LongLife {
  readonly story: Story;
  readonly invoice: Invoice;
  readonly disputeId: string;
  /** Of the anchor that was made when all was over, in PEM. */
  readonly publicKey: string;
  /** Takes the bundle as the auditor would: through the API, with a key of his own. */
  readonly bundle: (asked?: string) => Promise<Buffer>;
  readonly app: FastifyInstance;
  readonly keys: { readonly auditor: string; readonly manager: string; readonly collector: string };
  end(): Promise<void>;
}

/**
 * The life of one invoice that had everything: reminded, disputed and argued about, promised, paid in part, the promise
 * broken, called, put on formal notice, handed over to litigation with its pieces.
 */
export async function liveLong(): Promise<LongLife> {
  const story = await Story.begin({ day: '2026-03-02' });
  const { house } = story.engine;
  const app = await buildApi({ house, config: settingsWith(), temporal: story.engine.environment.client });
  const keys = await keysOf(story);
  const debtor = await story.debtor({ name: 'Menuiserie Vercors' });
  const { otherContact } = thirdPersons;
  await story.people.ask('POST', `/debtors/${debtor.id}/contacts`, { role: 'legal', ...otherContact });
  const invoice = await debtor.owes({ number: 'F-2026-0117', amount: 12_480.5, due: '2026-03-16' });

  await story.until('2026-03-20');
  const { disputeId } = await story.people.ask('POST', `/invoices/${invoice.id}/disputes`, {
    reason: 'quality',
    amount: { amount: 200_000, currency: 'EUR' },
    description: `Trois portes rayées, constatées avec ${thirdPersons.named} du transporteur (${thirdPersons.namedMail}).`,
  });
  await story.morning('2026-03-23');
  await story.people.ask('POST', `/disputes/${disputeId}/qualification`, {
    verdict: 'dispute',
    reason: 'quality',
  });
  const said = (way: string, text: string, more: object = {}) =>
    story.people.ask('POST', `/disputes/${disputeId}/messages`, { way, text, ...more });
  await said('internal', 'Le bon de livraison est signé sans réserve ; Chloé a vérifié.');
  await handIn(
    app,
    keys.manager,
    `/disputes/${disputeId}/documents?way=from_debtor&name=Photo%20des%20portes.txt`,
    'Porte 1 : rayée.',
  );
  await handIn(
    app,
    keys.manager,
    `/disputes/${disputeId}/documents?way=internal&name=Note.txt`,
    'À ne pas communiquer.',
  );
  await story.engine.settle();
  await story.morning('2026-03-25');
  await said('to_debtor', 'Votre réserve est arrivée après la livraison signée : le montant reste dû.', {
    send: true,
  });
  await story.until('2026-03-26');
  await story.people.ask('POST', `/disputes/${disputeId}/resolution`, { outcome: 'rejected' });

  await story.until('2026-04-02');
  await invoice.promises({ by: '2026-04-10', amount: 6_000 });
  await story.morning('2026-04-09');
  await invoice.pays(3_000, { reference: 'VIR VERCORS 0904' });
  await story.people.ask('POST', `/invoices/${invoice.id}/notes`, {
    text: `Le gérant annonce le reste pour la fin du mois, a dit ${thirdPersons.clerk}.`,
  });

  await reach(story, invoice, 'call');
  await invoice.callReached();
  await untilDraft(story, invoice);
  await invoice.approvesDraft();
  await reach(story, invoice, 'post');
  await invoice.postsLetter();
  const posted = await story.today();
  await story.morning(addDays(posted, 5));
  await invoice.presentedOn(addDays(posted, 2));
  await reach(story, invoice, 'hand_over');
  await invoice.approvesHandOver();
  await intoLitigation(story, app, keys.manager, invoice);

  const { privateKey } = generateKeyPairSync('ed25519');
  const now = await house.clock.now();
  await noteRules(house.db, now);
  await makeAnchor(house.db, { machine: now, business: now }, signerWith(privateKey));

  return {
    story,
    publicKey: publicKeyOf(privateKey),
    invoice,
    disputeId,
    app,
    keys,
    bundle: async (asked = '') => {
      const answer = await app.inject({
        method: 'GET',
        url: `/v1/invoices/${invoice.id}/bundle${asked}`,
        headers: { authorization: `Bearer ${keys.auditor}` },
      });
      if (answer.statusCode !== 200)
        throw new Error(`the bundle was answered with ${answer.statusCode}: ${answer.body}`);
      return answer.rawPayload;
    },
    end: async () => {
      await app.close();
      await story.end();
    },
  };
}

async function intoLitigation(
  story: Story,
  app: FastifyInstance,
  key: string,
  invoice: Invoice,
): Promise<void> {
  const { id: firmId } = await story.people.ask('POST', '/firms', {
    name: 'Morel et associés',
    kind: 'commissaire_de_justice',
  });
  const { db, clock } = story.engine.house;
  const clerk = { name: thirdPersons.clerk, email: 'basile@morel.example', language: 'fr', firmId } as const;
  const now = await clock.now();
  await db.transaction().execute((tx) => addUser(tx, now, { ...clerk, role: 'external_firm' }, 'story'));
  const [file] = (await story.people.ask('GET', `/litigation?invoice=${invoice.id}`)).items;
  const say = (what: string, body: object) =>
    story.people.ask('POST', `/litigation/${file?.id ?? ''}/${what}`, body);
  await handIn(
    app,
    key,
    `/litigation/${file?.id ?? ''}/pieces?piece=delivery_proof&name=Bon%20de%20livraison.txt`,
    'Livré et signé le 12 février 2026.',
  );
  await say('not-needed', { piece: 'contract', because: 'Commande signée.' });
  await say('route', { route: 'order_to_pay', consentOn: await story.today() });
  await say('hand-over', { firmId, incompleteBecause: 'Pièces à suivre.' });
  await story.engine.settle();
}

async function handIn(app: FastifyInstance, key: string, url: string, text: string): Promise<void> {
  const answer = await app.inject({
    method: 'POST',
    url: `/v1${url}`,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'text/plain' },
    payload: text,
  });
  if (answer.statusCode >= 300)
    throw new Error(`${url} was answered with ${answer.statusCode}: ${answer.body}`);
}

/** Day by day until a person is asked for that. */
async function reach(story: Story, invoice: Invoice, task: TaskKind): Promise<void> {
  await dayByDay(story, async () => (await invoice.tasks()).includes(task), task);
}

async function untilDraft(story: Story, invoice: Invoice): Promise<void> {
  const waits = async () => (await story.people.ask('GET', `/drafts?invoice=${invoice.id}`)).items.length > 0;
  await dayByDay(story, waits, 'draft');
}

async function dayByDay(story: Story, isThere: () => Promise<boolean>, what: string): Promise<void> {
  for (let day = 0; day < 60; day += 1) {
    if (await isThere()) return;
    await story.until(addDays(await story.today(), 1));
  }
  throw new Error(`the long life never came to ${what}`);
}

async function keysOf(story: Story): Promise<LongLife['keys']> {
  const { db, clock } = story.engine.house;
  const now = await clock.now();
  return db.transaction().execute(async (tx) => {
    const keyOf = async (userId: string): Promise<string> => {
      const key = newKey();
      await storeKey(tx, now, userId, key, 'story');
      return key.key;
    };
    const named = (name: string) =>
      tx.selectFrom('app_user').select('id').where('name', '=', name).executeTakeFirstOrThrow();
    const aude = {
      name: 'Aude Itrice',
      email: 'aude@martin.example',
      role: 'auditor',
      language: 'fr',
    } as const;
    return {
      auditor: await keyOf((await addUser(tx, now, aude, 'story')) ?? ''),
      manager: await keyOf((await named('Marc')).id),
      collector: await keyOf((await named('Chloé')).id),
    };
  });
}
