import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../domain/role.ts';
import { withExamples } from './description.ts';
import type { Description } from './description.ts';
import { startRelance } from './relance.ts';
import type { Relance } from './relance.ts';
import { findSchemathesis } from './schemathesis.ts';
import { tryEverything } from './stranger.ts';
import { thingsThatExist } from './things.ts';

const found = findSchemathesis();
if ('missing' in found) console.warn(`The API is not fuzzed: ${found.missing}.`);

/** `npm run fuzz` tries as three people and takes its time; `npm test` tries as the one who may do all. */
const all = process.env['FUZZ'] === 'all';
const identities: readonly Role[] = all ? ['admin', 'collector', 'auditor'] : ['admin'];
// It ends by itself after a minute; a busy machine may take longer.
const secondsMax = all ? 900 : 300;

describe.skipIf('missing' in found)(
  'a stranger who tries everything that the reference allows, and the opposite',
  () => {
    const python = 'python' in found ? found.python : '';
    let relance: Relance;
    beforeAll(async () => {
      relance = await startRelance();
    }, 180_000);
    afterAll(() => relance.stop(), 60_000);

    it.each(identities)(
      'meets no fault, no breach of the reference and no open door with the key of an %s',
      { timeout: (secondsMax + 120) * 1_000 },
      async (role) => {
        const { url, folder } = relance;
        const description = await describedBy(relance);

        const outcome = await tryEverything({
          ...{ python, url, folder, description, secondsMax },
          name: role,
          key: await relance.hire(role),
        });

        expect(outcome.failures).toBe('');
        expect(outcome.operations).toBe(countOf(description));
        expect(outcome.requests).toBeGreaterThan(1_000);
      },
    );

    it(
      'leaves a house in order: nobody has logged a fault, and every invariant holds',
      { timeout: 180_000 },
      async () => {
        expect(relance.faults()).toEqual([]);
        expect(await relance.broken()).toEqual([]);
      },
    );

    // Without it, a fuzzer that looks at nothing would be as content.
    it(
      'would be heard: a reference that promises what is not so is found out',
      { timeout: 60_000 },
      async () => {
        const { paths } = await reference(relance.url);
        const health = structuredClone(paths['/healthz']) as unknown as Lie;
        health.get.responses['200'].content['application/json'].schema.properties.status.const = 'splendid';
        const lie = {
          openapi: '3.1.0',
          info: { title: 'A lie', version: '1' },
          paths: { '/healthz': health },
        };

        const { failures } = await tryEverything({
          ...{ python, url: relance.url, folder: relance.folder, name: 'lie', secondsMax: 20, key: 'none' },
          description: lie as unknown as Description,
        });

        expect(failures).toContain('splendid');
      },
    );
  },
);

interface Lie {
  readonly get: {
    readonly responses: {
      readonly '200': {
        readonly content: {
          readonly 'application/json': {
            readonly schema: { readonly properties: { readonly status: { const: string } } };
          };
        };
      };
    };
  };
}

async function reference(url: string): Promise<Description> {
  return (await (await fetch(`${url}/openapi.json`)).json()) as Description;
}

/** Each identity finds things of its own, whatever the one before did to his. */
async function describedBy(relance: Relance): Promise<Description> {
  const maker = await relance.hire('admin');
  return withExamples(await reference(relance.url), await thingsThatExist(relance.as(maker)));
}

function countOf({ paths }: Description): number {
  return Object.values(paths).flatMap((operations) => Object.keys(operations)).length;
}
