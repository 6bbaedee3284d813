import type { FastifyInstance, FastifyReply } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Metric } from 'prom-client';
import { readFigures } from '../db/figures.ts';
import type { Figures } from '../db/figures.ts';
import type { House } from '../db/house.ts';

/** Figures are read at most this often, however many scrape. */
const keptMs = 10_000;

/**
 * Figures for operators, as Prometheus reads them.
 *
 * `/metrics` is open to everybody and tells of the machine alone: requests by route, refusals by code, what waits and for
 * how long. How many invoices are overdue and which accounts we have is business: `/v1/metrics` tells it to whoever has a
 * key. Labels are codes and routes with their placeholders, never an id: they hold no personal data and stay few.
 */
export class Metrics {
  readonly #open = new Registry();
  readonly #business = new Registry();
  readonly #house: House;
  readonly #show: (figures: Figures) => void;
  #read: { readonly at: number; readonly done: Promise<void> } | undefined;

  constructor(house: House, counters: readonly Metric[]) {
    this.#house = house;
    collectDefaultMetrics({ register: this.#open, prefix: 'relance_' });
    for (const counter of counters) this.#open.registerMetric(counter);
    this.#show = gauges(this.#open, this.#business);
  }

  /** For everybody; times the routes that are added after it. */
  serveOpen(app: FastifyInstance): void {
    timeRequests(app, this.#open);
    app.get('/metrics', { schema: { hide: true } }, (_, reply) => this.#answer(this.#open, reply));
  }

  /** For whoever has a key. */
  serveBusiness(app: FastifyInstance): void {
    app.get('/v1/metrics', { schema: { hide: true } }, (_, reply) => this.#answer(this.#business, reply));
  }

  async #answer(registry: Registry, reply: FastifyReply): Promise<string> {
    if (!this.#read || performance.now() - this.#read.at > keptMs) {
      const read = { at: performance.now(), done: readFigures(this.#house.db).then(this.#show) };
      this.#read = read;
      read.done.catch(() => (this.#read = undefined));
    }
    await this.#read.done;
    void reply.header('content-type', registry.contentType);
    return registry.metrics();
  }
}

function timeRequests(app: FastifyInstance, registry: Registry): void {
  const duration = new Histogram({
    name: 'relance_http_request_duration_seconds',
    help: 'Time from request to answer, by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    // A stream of events lasts as long as its client likes: it would only bend the histogram.
    if (request.routeOptions.url === '/v1/events') return;
    duration.observe(
      { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode },
      reply.elapsedTime / 1000,
    );
  });
}

function gauges(open: Registry, business: Registry): (figures: Figures) => void {
  const gauge = (registry: Registry, name: string, help: string, label: string): Gauge =>
    new Gauge({ name, help, labelNames: [label], registers: [registry] });
  const invoices = gauge(business, 'relance_invoices', 'Invoices by state.', 'state');
  const messages = gauge(business, 'relance_messages', 'Messages by state.', 'state');
  const tasks = gauge(business, 'relance_tasks_open', 'Open tasks by kind.', 'kind');
  const waiting = gauge(
    open,
    'relance_outbox_waiting',
    'Words to workflows that the relay has not delivered.',
    'lane',
  );
  const age = gauge(open, 'relance_outbox_oldest_seconds', 'Age of the oldest of them.', 'lane');
  const reports = new Gauge({
    name: 'relance_provider_events_waiting',
    help: 'Reports of providers that no worker has acted upon.',
    registers: [open],
  });
  const oldestReport = new Gauge({
    name: 'relance_provider_events_oldest_seconds',
    help: 'Age of the oldest of them.',
    registers: [open],
  });
  const away = gauge(
    business,
    'relance_account_away_seconds',
    'For how long the account of a provider is left alone: it is too busy, in trouble, or turns us away.',
    'account',
  );
  const lanes = ['people', 'bulk'];

  return (figures) => {
    for (const one of [invoices, messages, tasks, waiting, age, away]) one.reset();
    reports.set(figures.reports.count);
    oldestReport.set(figures.reports.oldestSeconds);
    for (const { state, count } of figures.invoices) invoices.set({ state }, count);
    for (const { state, count } of figures.messages) messages.set({ state }, count);
    for (const { kind, count } of figures.tasks) tasks.set({ kind }, count);
    for (const { account, awaySeconds } of figures.accounts) away.set({ account }, awaySeconds);
    for (const [index, lane] of lanes.entries()) {
      const found = figures.outbox.find((row) => row.lane === index);
      waiting.set({ lane }, found?.count ?? 0);
      age.set({ lane }, found?.oldestSeconds ?? 0);
    }
  };
}
