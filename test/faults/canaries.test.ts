import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import proto from '@temporalio/proto';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../processes/free-port.ts';
import { bytesOf, rawHistories } from '../temporal/sealing/raw.ts';
import { found } from '../temporal/sealing/scan.ts';
import { buildWithout } from './build.ts';
import { control } from './split.ts';
import { until, World } from './world.ts';
import type { Ask, WorkerOptions } from './world.ts';

/**
 * Whoever may look into Temporal, into a log or at the figures must learn nobody's name.
 *
 * Each text is planted where people or files would bring it in. The last six are different: they are in payloads, as codes
 * and amounts are, or in the words of errors, so that what seals those is seen to matter.
 */
const planted = {
  debtor: 'Qvarnström Kanari01',
  contact: 'Zébulon Kanari02',
  contactMail: 'kanari03@boiseries.example',
  contactPhone: '472903104',
  contactMobile: '612903105',
  street: '5 impasse Kanari06',
  city: 'Kanari07-sur-Mer',
  invoiceNumber: 'FKANARI08',
  orderNumber: 'BC-KANARI09',
  reference: 'REF-KANARI10',
  salesOwner: 'Vendeuse Kanari11',
  otherContact: 'Yolande Kanari12',
  otherMail: 'kanari13@ailleurs.example',
  otherMobile: '698903114',
  promiseWords: 'le comptable Kanari15 a promis',
  disputeWords: 'le livreur Kanari16 a cassé la vitre',
  resolutionWords: 'avoir demandé par Kanari17',
  noteWords: 'sa fille Kanari18 est souffrante',
  holdWords: 'attendre le retour de Kanari19',
  paymentReference: 'VIR KANARI20 MARS',
  creditor: 'Kanari21 Menuiserie SAS',
  iban: '30006000011234567890189',
  senderName: 'Comptabilité Kanari23',
  replyTo: 'kanari24@menuiserie.example',
  fileName: 'impayes-kanari25.csv',
  importedDebtor: 'Kanari26 et Fils',
  importedMail: 'kanari27@fils.example',
  importedNumber: 'IMP-KANARI28',
  user: 'Xavière Kanari29',
  userMail: 'kanari30@relance.example',
  stopWords: 'panique chez Kanari31',
  siren: '404833048',
} as const;

const inPayloads = {
  // From a closed list; no other payload holds this one.
  disputeReason: 'missing_order_number',
  holdReason: 'kanari34_because',
  amount: '7318294',
} as const;
const inErrors = {
  wordsOfAStep: 'Kanari36 refuse la demande',
  wordsOfADelivery: 'Kanari37 refuse le message',
} as const;

const everything = { ...planted, ...inPayloads, ...inErrors };

describe.concurrent('names, addresses and words that came in by every way', () => {
  it.concurrent(
    'stand nowhere in Temporal, in no log and in no figures',
    async () => {
      const { sinks, workflows } = await sinksAfter({});

      expect(Object.keys(everything).length).toBeGreaterThan(30);
      expect(findings(sinks)).toEqual({});
      // The scan has seen what it should: each workflow by its id, the lines and figures of our own.
      expect(workflows.length).toBeGreaterThan(3);
      for (const id of workflows)
        for (const place of ['histories', 'visibility', 'database'] as const)
          expect(found({ id }, sinks[place]), place).not.toEqual([]);
      expect(found({ failed: 'Activity failed' }, sinks.logs)).not.toEqual([]);
      expect(found({ path: '/v1/invoices' }, sinks.logs)).not.toEqual([]);
      expect(
        found({ api: 'relance_outbox_waiting', sdk: 'temporal_num_pollers' }, sinks.figures),
      ).toHaveLength(2);
    },
    240_000,
  );
  control('without keys, codes, amounts and the words of errors are read in Temporal', async () => {
    const { sinks } = await sinksAfter({ keys: null });

    const seen = findings(sinks);
    for (const place of ['histories', 'database'])
      expect(seen[place]?.map((line) => line.split(' ')[0])).toEqual(
        expect.arrayContaining([...Object.keys(inPayloads), ...Object.keys(inErrors)]),
      );
    expect(seen['visibility']?.join()).toContain('wordsOfAStep');
  });
  control('with keys, and errors written as they usually are, their words are', async () => {
    const { sinks } = await sinksAfter({ build: buildWithout('sealed words of errors') });

    const seen = findings(sinks);
    expect(seen['histories']).toEqual(expect.arrayContaining(['wordsOfADelivery as text']));
    expect(seen['visibility']?.join()).toContain('wordsOfAStep');
    expect(JSON.stringify(seen)).not.toMatch(/disputeReason|amount/);
  });
  control('where the SDK writes its own log, the words of errors are in it', async () => {
    const { sinks } = await sinksAfter({ build: buildWithout('a log without words') });

    expect(findings(sinks)).toEqual({
      logs: expect.arrayContaining(['wordsOfADelivery as text', 'wordsOfAStep as text']) as unknown,
    });
  });
});

/** Everything that others than us keep or may look at, in bytes. */
interface Sinks {
  /** The histories of all runs, as they travel. */
  readonly histories: Uint8Array;
  /** Lists and descriptions of workflows, with what is pending. */
  readonly visibility: Uint8Array;
  /** The files of Temporal's own database. */
  readonly database: Uint8Array;
  readonly logs: Uint8Array;
  readonly figures: Uint8Array;
}

function findings(sinks: Sinks): Readonly<Record<string, readonly string[]>> {
  const seen = Object.entries(sinks).map(
    ([place, bytes]) => [place, found(everything, bytes as Uint8Array)] as const,
  );
  return Object.fromEntries(seen.filter(([, lines]) => lines.length > 0));
}

async function sinksAfter({
  keys,
  build,
}: {
  readonly keys?: null;
  readonly build?: ReturnType<typeof buildWithout>;
}): Promise<{ sinks: Sinks; workflows: readonly string[] }> {
  return World.during(keys === undefined ? {} : { keys }, async (world) => {
    if (build) world.onEnd(build.remove);
    const metricsPort = await freePort();
    const options: WorkerOptions = {
      logLevel: 'trace',
      settings: { WORKER_METRICS_PORT: String(metricsPort) },
      ...(build ? { build } : {}),
    };
    const { child: api, ask, url, key } = await world.api({ logLevel: 'trace' });
    const owed = await world.owes({ number: planted.invoiceNumber, amountCents: Number(inPayloads.amount) });
    await plant(world, ask, owed, { url, key });

    // First no step can be asked for, then no message be written; each failure names somebody.
    await failing(world, 'contact_request', inErrors.wordsOfAStep);
    const worker = await world.worker(options);
    const pending = await untilDescribed(world, `invoice/${owed.id}`);
    await failing(world, 'message', inErrors.wordsOfADelivery);
    await works(world, 'contact_request');
    // One that is under way may still fail for the first reason, the next cannot.
    const before = await failedDeliveries(world, owed.debtorId);
    const more = async (): Promise<boolean> => (await failedDeliveries(world, owed.debtorId)) > before + 1;
    await until('two more deliveries have failed', more, 60);
    await works(world, 'message');
    await until('the reminder has left', async () => (await world.messages()).length > 0, 60);
    await world.rest();
    await talk(ask, owed.id);
    await world.rest();

    const workflows = await workflowIds(world);
    const figures = await Promise.all(
      [`${url}/metrics`, `http://127.0.0.1:${metricsPort}/metrics`].map(async (address) =>
        (await fetch(address, { headers: { authorization: `Bearer ${key}` } })).text(),
      ),
    );
    const histories = await Promise.all(workflows.map((id) => rawHistories(world.client, id)));
    const temporal = join(world.folder, 'temporal');
    return {
      workflows,
      sinks: {
        histories: Buffer.concat(histories.flat().map(bytesOf)),
        visibility: Buffer.concat([pending, await listed(world), ...(await described(world, workflows))]),
        database: Buffer.concat(readdirSync(temporal).map((name) => readFileSync(join(temporal, name)))),
        logs: Buffer.concat([api, worker].map(({ logFile }) => readFileSync(logFile))),
        figures: Buffer.from(figures.join('\n')),
      },
    };
  });
}

/** Lets each text come in by its way. */
async function plant(
  world: World,
  ask: Ask,
  owed: { id: string; debtorId: string },
  api: { url: string; key: string },
): Promise<void> {
  const does = async (method: string, path: string, body: object): Promise<Record<string, unknown>> => {
    const answer = await ask(method, path, body);
    expect([path, answer.status, answer.status < 300 ? null : answer.body]).toEqual([
      path,
      expect.any(Number),
      null,
    ]);
    return answer.body;
  };
  const { id: contactId } = await world.house.db
    .selectFrom('contact')
    .select('id')
    .where('debtor_id', '=', owed.debtorId)
    .executeTakeFirstOrThrow();
  await does('PATCH', `/v1/debtors/${owed.debtorId}`, { name: planted.debtor });
  await does('PATCH', `/v1/contacts/${contactId}`, {
    name: planted.contact,
    email: planted.contactMail,
    phone: `+33${planted.contactPhone}`,
    mobile: `+33${planted.contactMobile}`,
    address: [planted.street, `29000 ${planted.city}`],
  });
  await does('POST', `/v1/debtors/${owed.debtorId}/contacts`, {
    name: planted.otherContact,
    email: planted.otherMail,
    mobile: `+33${planted.otherMobile}`,
  });
  await does('POST', '/v1/users', { name: planted.user, email: planted.userMail, role: 'sales' });
  const { id: creditorId } = await does('POST', '/v1/creditors', {
    legalName: planted.creditor,
    siren: '552100554',
    iban: `FR76${planted.iban}`,
    address: ['1 rue de la Paix', '75002 Paris'],
    senderName: planted.senderName,
    replyTo: planted.replyTo,
  });
  await does('POST', '/v1/invoices', {
    creditorId,
    debtor: { name: 'Autre SARL', siren: planted.siren, reference: planted.reference },
    contact: { name: 'Jean', email: 'jean@autre.example' },
    number: 'A-1',
    dueDate: '2026-03-02',
    amount: { amount: 1_000, currency: 'EUR' },
    orderNumber: planted.orderNumber,
    salesOwner: planted.salesOwner,
  });
  const { id: stopId } = await does('POST', '/v1/stops', { scope: 'everything', reason: planted.stopWords });
  await does('POST', `/v1/stops/${String(stopId)}/lift`, {});
  const file = [
    'Vendeur;Client;E-mail;Facture;Date facture;Échéance;Montant TTC;Devise',
    `Ateliers Martin;${planted.importedDebtor};${planted.importedMail};${planted.importedNumber};15/01/2026;28/02/2026;900,00;EUR`,
  ].join('\r\n');
  const sent = await fetch(
    `${api.url}/v1/imports?release=true&name=${encodeURIComponent(planted.fileName)}`,
    {
      method: 'POST',
      headers: { authorization: `Bearer ${api.key}`, 'content-type': 'text/csv' },
      body: file,
    },
  );
  expect([sent.status, sent.status < 300 ? null : await sent.text()]).toEqual([202, null]);
}

/** What people then say of the invoice; its workflow runs and hears each fact. */
async function talk(ask: Ask, invoiceId: string): Promise<void> {
  const says = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const answer = await ask('POST', path, body);
    expect([path, answer.status, answer.status < 300 ? null : answer.body]).toEqual([path, 201, null]);
    return answer.body;
  };
  const about = `/v1/invoices/${invoiceId}`;
  await says(`${about}/notes`, { text: planted.noteWords });
  const { holdId } = await says(`${about}/holds`, {
    reason: inPayloads.holdReason,
    comment: planted.holdWords,
  });
  await says(`${about}/holds/${String(holdId)}/lift`, {});
  const { disputeId } = await says(`${about}/disputes`, {
    reason: inPayloads.disputeReason,
    description: planted.disputeWords,
  });
  await says(`/v1/disputes/${String(disputeId)}/resolution`, {
    outcome: 'unjustified',
    comment: planted.resolutionWords,
  });
  await says(`${about}/promises`, { date: '2026-03-10', comment: planted.promiseWords });
  await says(`${about}/payments`, {
    amount: { amount: 20_000, currency: 'EUR' },
    reference: planted.paymentReference,
  });
}

/** From now on nothing can be written into a table, and why is said with somebody's name. */
async function failing({ superUrl }: World, table: string, words: string): Promise<void> {
  await asSuperuser(
    superUrl,
    `create function kanari_${table}() returns trigger language plpgsql as $$ begin raise exception '${words}'; end $$;
     create trigger kanari before insert on ${table} for each row execute function kanari_${table}()`,
  );
}

async function works({ superUrl }: World, table: string): Promise<void> {
  await asSuperuser(superUrl, `drop trigger kanari on ${table}`);
}

async function asSuperuser(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** The description of a workflow while an activity of it fails again and again. */
async function untilDescribed(world: World, workflowId: string): Promise<Uint8Array> {
  let bytes: Uint8Array = new Uint8Array();
  const isFailing = async (): Promise<boolean> => {
    const { raw } = await world.client.workflow.getHandle(workflowId).describe();
    bytes = descriptionOf(raw);
    return raw.pendingActivities?.some(({ lastFailure }) => Boolean(lastFailure)) ?? false;
  };
  await until('an activity has failed', () => isFailing().catch(() => false), 60);
  return bytes;
}

async function failedDeliveries({ client }: World, debtorId: string): Promise<number> {
  const histories = await rawHistories(client, `debtor/${debtorId}`);
  const events = histories.flatMap(({ events: ofRun }) => ofRun ?? []);
  return events.filter(({ activityTaskFailedEventAttributes: failed }) => failed).length;
}

const { DescribeWorkflowExecutionResponse: Description, ListWorkflowExecutionsResponse: List } =
  proto.temporal.api.workflowservice.v1;

function descriptionOf(raw: proto.temporal.api.workflowservice.v1.IDescribeWorkflowExecutionResponse) {
  return Description.encode(raw).finish();
}

async function described(world: World, ids: readonly string[]): Promise<readonly Uint8Array[]> {
  const { client } = world;
  return Promise.all(
    ids.map(async (id) => descriptionOf((await client.workflow.getHandle(id).describe()).raw)),
  );
}

async function listed({ client }: World): Promise<Uint8Array> {
  return List.encode(
    await client.workflowService.listWorkflowExecutions({ namespace: 'default', pageSize: 1_000 }),
  ).finish();
}

async function workflowIds({ client }: World): Promise<readonly string[]> {
  const ids = new Set<string>();
  for await (const { workflowId } of client.workflow.list()) ids.add(workflowId);
  return [...ids];
}
