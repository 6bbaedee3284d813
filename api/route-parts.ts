import type { Client } from '@temporalio/client';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Accounts } from '../activities/carriers/accounts.ts';
import type { House } from '../db/house.ts';
import type { Archive } from '../temporal/audit/archive/archive.ts';
import type { LoginSettings } from './login/settings.ts';
import type { PayloadOpening } from './payload-opening.ts';

/** What every route file gets. */
export interface RouteParts {
  readonly house: House;
  readonly temporal: Client | undefined;
  readonly archive: Archive;
  /** The file of the bundled workflows, as an image has it. */
  readonly workflowBundle: string | undefined;
  readonly listenUrl: string | undefined;
  readonly accounts: Accounts;
  readonly payloadOpening: PayloadOpening | undefined;
  readonly login: LoginSettings;
}

/** A file of routes under `/v1`; `app.ts` lists them all. */
export type Routes = FastifyPluginAsyncZod<RouteParts>;
