import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { outboxOnly } from '../activities/carriers/accounts.ts';
import type { Accounts } from '../activities/carriers/accounts.ts';
import type { Config } from '../config.ts';
import type { House } from '../db/house.ts';
import type { Instant } from '../domain/time.ts';
import { openArchive } from '../temporal/audit/archive/archive.ts';
import { noteAccesses } from './audit/access-notes.ts';
import { keepWhatIsToldOfPeople } from './audit/told-of-people.ts';
import { requireCaller } from './authentication.ts';
import { describeWhatIsCommon } from './every-route.ts';
import { answerMalformed, setHeaders } from './headers.ts';
import { answerHealth } from './health.ts';
import { hostCheck } from './host-check.ts';
import { readIdempotencyKey } from './idempotency.ts';
import { loggerAt } from './logging.ts';
import { loginSettings } from './login/settings.ts';
import { askForFactor, askForProof } from './login/step-up.ts';
import { describeApi } from './open-api.ts';
import { servePages } from './pages/index.ts';
import type { PayloadOpening } from './payload-opening.ts';
import { Police } from './policing.ts';
import { fieldPolicy, policy as ours } from './policy.ts';
import type { Policy } from './policy.ts';
import { accessoryRoutes } from './routes/accessories.ts';
import { approvalRoutes } from './routes/approvals.ts';
import { auditAccessRoutes } from './routes/audit-accesses.ts';
import { auditAsItWasRoutes } from './routes/audit-as-it-was.ts';
import { auditEntryRoutes } from './routes/audit-entries.ts';
import { auditQuestionRoutes } from './routes/audit-questions.ts';
import { auditAnchorRoutes } from './routes/audit-anchors.ts';
import { assignmentRoutes } from './routes/assignments.ts';
import { firmRoutes } from './routes/firms.ts';
import { litigationAccountingRoutes } from './routes/litigation-accounting.ts';
import { litigationPieceRoutes } from './routes/litigation-pieces.ts';
import { litigationRoutes } from './routes/litigation.ts';
import { partnerWordRoutes } from './routes/partner-words.ts';
import { answerPreflight } from './pages-of-temporal.ts';
import { bankDataRoutes } from './routes/bank-data.ts';
import { codecRoutes } from './routes/codec.ts';
import { answerWithProblem, logRefusals } from './problem.ts';
import { Metrics } from './metrics.ts';
import { limitRates } from './rate-limits.ts';
import type { RouteParts, Routes } from './route-parts.ts';
import { claimRoutes } from './routes/claims.ts';
import { correctionRoutes } from './routes/corrections.ts';
import { creditorRoutes } from './routes/creditors.ts';
import { debtorFactRoutes } from './routes/debtor-facts.ts';
import { erasureRoutes } from './routes/erasure.ts';
import { replayRoutes } from './routes/replay.ts';
import { insolvencyRoutes } from './routes/insolvency.ts';
import { insuranceRoutes } from './routes/insurance.ts';
import { legalClockRoutes } from './routes/legal-clocks.ts';
import { debtorRoutes } from './routes/debtors.ts';
import { discountRoutes } from './routes/discounts.ts';
import { disputePaperRoutes } from './routes/dispute-papers.ts';
import { disputeReadRoutes } from './routes/dispute-reads.ts';
import { disputeRoutes } from './routes/disputes.ts';
import { eventRoutes } from './routes/events.ts';
import { exportRoutes } from './routes/exports.ts';
import { importRoutes } from './routes/imports.ts';
import { invoiceFactRoutes } from './routes/invoice-facts.ts';
import { auditBundleRoutes } from './routes/audit-bundle.ts';
import { invoiceHistoryRoutes } from './routes/invoice-history.ts';
import { invoiceStoryRoutes } from './routes/invoice-story.ts';
import { invoiceRoutes } from './routes/invoices.ts';
import { invitationRoutes } from './routes/invitations.ts';
import { lawValueRoutes } from './routes/law-values.ts';
import { letterRoutes } from './routes/letters.ts';
import { pointToWhoStays } from './merged-debtors.ts';
import { mergeRoutes } from './routes/merges.ts';
import { messageRoutes } from './routes/messages.ts';
import { comeFromElsewhere } from './routes/oidc.ts';
import { ownLoginRoutes } from './routes/own-login.ts';
import { paymentRoutes } from './routes/payments.ts';
import { planRoutes } from './routes/plans.ts';
import { promiseRoutes } from './routes/promises.ts';
import { registrationRoutes } from './routes/registration.ts';
import { scenarioRoutes } from './routes/scenarios.ts';
import { comeAndGo } from './routes/session.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { settingRoutes } from './routes/settings.ts';
import { holdRoutes } from './routes/holds.ts';
import { stopRoutes } from './routes/stops.ts';
import { taskAndDraftRoutes } from './routes/tasks-and-drafts.ts';
import { userRoutes } from './routes/users.ts';
import { receiveWebhooks, refusedWebhooks } from './routes/webhooks.ts';
import { workRoutes } from './routes/work.ts';
import { answerUnknownAddresses } from './unknown-address.ts';

/**
 * The whole API: what surrounds every request, and the list of all routes.
 *
 * Facts come in and state goes out; nothing here waits for Temporal or a worker, so it starts and goes on without
 * them. `server.ts` listens, tests call `inject`.
 */
export interface ApiParts {
  readonly house: House;
  readonly config: Config;
  /** For `/history` and readiness alone; may be down or absent. */
  readonly temporal?: Client;
  /** Where to listen for the relay's notices of new events; without it `/v1/events` looks every two seconds. */
  readonly listenUrl?: string;
  /** What the operator configured; without it everything goes to the built-in outbox. */
  readonly accounts?: Accounts;
  /** Who may do what; another one only to show that it matters. */
  readonly policy?: Policy;
  /** How sealed payloads are opened for people; without it they are not. */
  readonly payloadOpening?: PayloadOpening;
  /** The machine's time; tests move it. */
  readonly machine?: () => Instant;
  /** Where lines of the log go; standard output when absent. */
  readonly log?: (line: string) => void;
}

/** The routes under `/v1`, one file per subject: add a line for a new file. */
const routes: readonly Routes[] = [
  // State out.
  invoiceRoutes,
  invoiceStoryRoutes,
  invoiceHistoryRoutes,
  auditBundleRoutes,
  claimRoutes,
  debtorRoutes,
  mergeRoutes,
  messageRoutes,
  workRoutes,
  disputeReadRoutes,
  scenarioRoutes,
  eventRoutes,
  exportRoutes,
  codecRoutes,
  auditAccessRoutes,
  auditEntryRoutes,
  auditAsItWasRoutes,
  auditQuestionRoutes,
  auditAnchorRoutes,
  // Who works here, for whom, and within which limits.
  userRoutes,
  invitationRoutes,
  sessionRoutes,
  ownLoginRoutes,
  creditorRoutes,
  bankDataRoutes,
  holdRoutes,
  stopRoutes,
  settingRoutes,
  lawValueRoutes,
  // Facts in.
  registrationRoutes,
  importRoutes,
  paymentRoutes,
  correctionRoutes,
  promiseRoutes,
  planRoutes,
  discountRoutes,
  disputeRoutes,
  disputePaperRoutes,
  invoiceFactRoutes,
  debtorFactRoutes,
  erasureRoutes,
  replayRoutes,
  insolvencyRoutes,
  insuranceRoutes,
  legalClockRoutes,
  taskAndDraftRoutes,
  approvalRoutes,
  accessoryRoutes,
  letterRoutes,
  assignmentRoutes,
  firmRoutes,
  litigationRoutes,
  litigationPieceRoutes,
  partnerWordRoutes,
  litigationAccountingRoutes,
];

export async function buildApi({
  house,
  config,
  temporal,
  listenUrl,
  accounts = outboxOnly,
  policy = ours,
  payloadOpening,
  machine,
  log,
}: ApiParts): Promise<FastifyInstance> {
  const login = loginSettings(config, machine);
  const app = Fastify({
    logger: loggerAt(config.LOG_LEVEL, log),
    genReqId: () => randomUUID(),
    // The longest body is a payment over 500 invoices; files come in by a way of their own.
    bodyLimit: 64 * 1024,
    // A long file of invoices on a slow line takes its time.
    requestTimeout: 300_000,
    connectionTimeout: 300_000,
    keepAliveTimeout: 65_000,
    // Kept-alive connections would else keep the process from ending; what is being answered is.
    forceCloseConnections: 'idle',
    frameworkErrors: answerMalformed,
    trustProxy: trusted(config.TRUSTED_PROXIES),
    routerOptions: { maxParamLength: 255 },
  });
  app.setErrorHandler(answerWithProblem);
  logRefusals(app);
  letGoOnClose(app);
  await setHeaders(app, { tls: config.BEHIND_TLS });
  app.addHook('onRequest', hostCheck(config.ALLOWED_HOSTS));
  const limits = await limitRates(app, config.RATE_LIMIT_PER_MINUTE, login);
  answerUnknownAddresses(app);

  const refused = refusedWebhooks();
  const metrics = new Metrics(house, [refused]);
  metrics.serveOpen(app);
  await describeApi(app);
  await app.register(async (scope) => {
    speakInShapes(scope);
    answerHealth(scope, { house, temporal });
  });
  const police = new Police(policy, fieldPolicy);
  await app.register((scope) => servePages(scope, { house, login }, police, limits));
  await app.register(async (scope) => {
    speakInShapes(scope);
    describeWhatIsCommon(scope, { ofCallers: false });
    comeAndGo(scope, { house, login });
    comeFromElsewhere(scope, { house, login });
  });
  await app.register(async (scope) => {
    speakInShapes(scope);
    receiveWebhooks(scope, { house, accounts, refused });
    if (payloadOpening?.uiOrigin !== undefined)
      answerPreflight(scope, '/v1/codec/decode', payloadOpening.uiOrigin);
  });
  await app.register(async (scope) => {
    speakInShapes(scope);
    requireCaller(scope, { db: house.db, login });
    limits.countCallers(scope);
    askForFactor(scope);
    pointToWhoStays(scope, house.db);
    police.keep(scope, house.db);
    keepWhatIsToldOfPeople(scope);
    noteAccesses(scope, house);
    askForProof(scope, login);
    describeWhatIsCommon(scope);
    scope.addHook('preHandler', readIdempotencyKey);
    metrics.serveBusiness(scope);
    const parts: RouteParts = {
      house,
      temporal,
      archive: openArchive(house.db, config),
      workflowBundle: config.RELANCE_WORKFLOW_BUNDLE,
      listenUrl,
      accounts,
      payloadOpening,
      login,
    };
    for (const plugin of routes) await scope.register(plugin, { ...parts, prefix: '/v1' });
  });
  police.everyLineHasItsRoute();
  return app;
}

/** Whose word is taken for where a request comes from: without a known proxy nobody's but the connection's. */
function trusted(proxies: readonly string[]): string[] | false {
  return proxies.length > 0 ? [...proxies] : false;
}

/**
 * A connection that falls idle while the server closes would keep the process for as long as the client keeps it; and Node
 * does not count as idle what never asked anything, such as a browser opens ahead.
 */
function letGoOnClose(app: FastifyInstance): void {
  let closing = false;
  const silent = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  app.server.on('request', ({ socket }: IncomingMessage) => silent.delete(socket));
  app.addHook('preClose', async () => {
    closing = true;
    for (const socket of silent) socket.destroy();
  });
  app.addHook('onSend', async (_, reply) => {
    if (closing) void reply.header('connection', 'close');
  });
}

/** The schemas of this scope are zod's; plugins of others bring JSON schemas, so each scope of ours says so itself. */
function speakInShapes(scope: FastifyInstance): void {
  scope.setValidatorCompiler(validatorCompiler);
  scope.setSerializerCompiler(serializerCompiler);
}
