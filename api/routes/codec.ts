import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { matterKinds } from '../../domain/matter.ts';
import type { Payload } from '@temporalio/common';
import { noteOpening } from '../../db/opened-payloads.ts';
import { isSealed, PayloadNotOpened } from '../../temporal/sealing/sealed-payloads.ts';
import type { SealedPayloads } from '../../temporal/sealing/sealed-payloads.ts';
import type { Routes } from '../route-parts.ts';
import { inTransaction } from '../idempotency.ts';
import { answersReadBy } from '../pages-of-temporal.ts';
import { Problem } from '../problem.ts';

/**
 * Opens payloads for people who look at a workflow in Temporal's own pages, or with its command line.
 *
 * The protocol is Temporal's, a codec server's, which is why its names are not ours and the reference leaves it out. Off
 * where nothing is sealed. Behind the same login as all else, for those alone who may see everything; each opening is in
 * the journal before its payloads leave. What does not open is given back as it came. Nothing is ever sealed for anybody:
 * who could seal could speak to workflows as if he were Relance.
 */
const payloadsMax = 500;
const bodyBytesMax = 4 * 1024 * 1024;

/** A payload as protobuf's JSON has it: bytes in base64. */
const payload = z.looseObject({
  metadata: z.record(z.string().max(200), z.string().max(4_096)).optional(),
  data: z.string().optional(),
});
type WrittenPayload = z.infer<typeof payload>;

const asked = z.object({ payloads: z.array(payload).max(payloadsMax).default([]) });
const headers = z.looseObject({
  'x-namespace': z.string().max(255).optional(),
  'x-workflow-id': z
    .string()
    .regex(
      new RegExp(`^(${['invoice', 'debtor', ...matterKinds].join('|')})/[0-9a-f-]{36}$`),
      'give the whole name of the workflow, such as invoice/<id>, or leave it out',
    )
    .optional(),
});

export const codecRoutes: Routes = async (app, { house, payloadOpening }) => {
  const uiOrigin = payloadOpening?.uiOrigin;
  app.addHook('onRequest', answersReadBy(uiOrigin));

  app.post(
    '/codec/decode',
    {
      config: uiOrigin === undefined ? {} : { alsoFrom: uiOrigin },
      bodyLimit: bodyBytesMax,
      schema: {
        hide: true,
        headers,
        body: asked,
        response: { 200: z.object({ payloads: z.array(payload) }) },
      },
    },
    async (request) => {
      if (!payloadOpening) throw nothingSealed();
      const { codec, namespace } = payloadOpening;
      checkNamespace(request, namespace);
      const { payloads } = request.body;
      const found = await Promise.all(
        payloads.map(async (given) => ({ given, open: await openedBy(codec, given) })),
      );
      await inTransaction(house, (tx, now) =>
        noteOpening(tx, now, {
          by: request.caller.userId,
          payloads: payloads.length,
          opened: found.filter(({ open }) => open !== null).length,
          workflowId: request.headers['x-workflow-id'] ?? null,
        }),
      );
      return { payloads: found.map(({ given, open }) => open ?? given) };
    },
  );

  app.post('/codec/encode', { bodyLimit: bodyBytesMax, schema: { hide: true } }, () => {
    throw new Problem({
      status: 403,
      code: 'sealing-refused',
      title: 'Relance seals nothing for others.',
      detail: 'Whoever could seal a payload could tell a workflow what Relance never said.',
      remedy: 'State facts through the API: workflows hear them from there.',
    });
  });
};

function nothingSealed(): Problem {
  return new Problem({
    status: 404,
    code: 'nothing-sealed',
    title: 'Nothing is sealed here.',
    detail: 'PAYLOAD_KEYS_FILE names no keys: what Temporal keeps can be read as it is.',
    remedy: 'Set PAYLOAD_KEYS_FILE to seal what Temporal keeps from now on.',
  });
}

function checkNamespace(request: FastifyRequest, ours: string): void {
  const theirs = request.headers['x-namespace'];
  if (theirs === undefined || theirs === ours) return;
  throw new Problem({
    status: 404,
    code: 'namespace-unknown',
    title: 'Relance has no workflows in this namespace.',
    detail: 'The namespace in X-Namespace is not the one of TEMPORAL_NAMESPACE.',
    remedy: 'Look at the namespace in which Relance works.',
  });
}

/** The payload opened, or null when it was not sealed, or does not open. */
async function openedBy(codec: SealedPayloads, written: WrittenPayload): Promise<WrittenPayload | null> {
  const sealed = payloadFrom(written);
  if (!isSealed(sealed)) return null;
  try {
    const [open] = await codec.decode([sealed]);
    return open ? writtenFrom(open) : null;
  } catch (failure) {
    if (failure instanceof PayloadNotOpened) return null;
    throw failure;
  }
}

function payloadFrom({ metadata = {}, data = '' }: WrittenPayload): Payload {
  const fields = Object.entries(metadata).map(([name, value]) => [name, Buffer.from(value, 'base64')]);
  return {
    metadata: Object.fromEntries(fields) as Record<string, Buffer>,
    data: Buffer.from(data, 'base64'),
  };
}

function writtenFrom({ metadata, data }: Payload): WrittenPayload {
  const inBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const fields = Object.entries(metadata ?? {}).map(([name, value]) => [name, inBase64(value)]);
  return {
    metadata: Object.fromEntries(fields) as Record<string, string>,
    data: inBase64(data ?? Buffer.of()),
  };
}
