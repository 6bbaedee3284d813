import { z } from 'zod';

/**
 * Every setting, read from the environment and checked once.
 *
 * A process that can't work says so at its start, naming each wrong variable and the remedy, not at its first mail.
 */
const settings = z.object({
  /** Postgres, as the application's role. */
  DATABASE_URL: z.url({
    protocol: /^postgres(ql)?$/,
    error: 'give the address of Postgres, such as postgres://relance_app:secret@127.0.0.1:5432/relance',
  }),
  /** The Temporal server, host and port. */
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s:]+:\d+$/, 'give host:port, such as 127.0.0.1:7233')
    .default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number({ error: 'give a port between 1 and 65535' }).int().min(1).max(65535).default(8080),
  /** Names under which browsers may reach the API, comma separated; loopback names always may. */
  ALLOWED_HOSTS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((host) => host.trim())
        .filter(Boolean),
    ),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Messages per second that the delivery queue lets out. */
  DELIVERIES_PER_SECOND: z.coerce.number().positive().max(1000).default(20),
  /** Workflow starts and bulk signals per second. */
  BULK_PER_SECOND: z.coerce.number().positive().max(5000).default(150),
  /** How long a wake-up may be overdue, in real seconds, before the sweep wakes the file again. */
  SWEEP_AFTER_SECONDS: z.coerce.number().positive().default(900),
  SWEEP_EVERY_SECONDS: z.coerce.number().positive().default(60),
  WORKER_METRICS_PORT: z.coerce.number().int().min(0).max(65535).default(0),
  /** Sleeping workflows kept in memory, about 0.3 MB each; the others are replayed when they wake. */
  CACHED_WORKFLOWS: z.coerce.number().int().min(10).default(1000),
});

export type Config = z.infer<typeof settings>;

/** Reads the settings; throws an Error whose message lists each wrong variable with its remedy. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const result = settings.safeParse(environment);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`Relance cannot start with these settings:\n${problems.join('\n')}`);
}
