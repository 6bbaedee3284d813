import { defineQuery } from '@temporalio/workflow';
import type { Collection } from '../domain/collection.ts';
import type { Decision } from '../domain/decision.ts';

/** The file as its workflow holds it; must equal the one in Postgres. */
export const stateQuery = defineQuery<Collection>('state');

/** What the workflow would answer to "what now?" at this moment, with its reasons. */
export const whyQuery = defineQuery<Decision>('why');
