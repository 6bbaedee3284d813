import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { readKeyRing } from '../../../temporal/sealing/key-ring.ts';
import {
  isSealed,
  keyIdOf,
  PayloadNotOpened,
  SealedPayloads,
} from '../../../temporal/sealing/sealed-payloads.ts';

const [first, second] = ['one', 'two'].map((id) => `${id}:${randomBytes(32).toString('base64')}`);
const ringOf = (...entries: (string | undefined)[]) => readKeyRing(entries.join('\n'));
const codec = new SealedPayloads(ringOf(first), 'default');

async function sealed(value: unknown, by = codec): Promise<Payload> {
  const [payload] = await by.encode([defaultPayloadConverter.toPayload(value)]);
  return payload!;
}

async function openedBy(by: SealedPayloads, payload: Payload): Promise<unknown> {
  const [found] = await by.decode([payload]);
  return defaultPayloadConverter.fromPayload(found!);
}

/** The same payload with one byte of its data changed. */
function changedAt(payload: Payload, place: number): Payload {
  const data = Buffer.from(payload.data!);
  data[place < 0 ? data.length + place : place]! ^= 1;
  return { ...payload, data };
}

describe('a sealed payload', () => {
  it.each([
    ['an object', { debtor: 'Claire Petit', cents: 120_000 }],
    ['a text', 'é'.repeat(1_000)],
    ['nothing', undefined],
    ['null', null],
    ['bytes', new Uint8Array([0, 1, 255])],
  ])('opens to what it was: %s', async (_, value) => {
    expect(await openedBy(codec, await sealed(value))).toEqual(value);
  });

  it('shows neither the value nor how it was written', async () => {
    const payload = await sealed({ debtor: 'Claire Petit' });

    const text = Buffer.concat([payload.data!, ...Object.values(payload.metadata!)]).toString('latin1');
    expect(text).not.toMatch(/Claire|debtor|json/);
    expect(isSealed(payload)).toBe(true);
    expect(keyIdOf(payload)).toBe('one');
  });

  it('is another one each time', async () => {
    const payloads = await Promise.all(Array.from({ length: 50 }, () => sealed('the same')));

    expect(new Set(payloads.map(({ data }) => Buffer.from(data!).toString('hex'))).size).toBe(50);
  });

  it.each([
    ['its nonce', (payload: Payload) => changedAt(payload, 0)],
    ['its text', (payload: Payload) => changedAt(payload, 15)],
    ['its tag', (payload: Payload) => changedAt(payload, -1)],
    ['its end', (payload: Payload) => ({ ...payload, data: payload.data!.subarray(0, 20) })],
    ['all of it', (payload: Payload) => ({ ...payload, data: new Uint8Array() })],
    [
      'its layout',
      (payload: Payload) => ({
        ...payload,
        metadata: { ...payload.metadata, 'sealing-version': Buffer.from('2') },
      }),
    ],
  ])('does not open when %s was changed', async (_, change) => {
    await expect(codec.decode([change(await sealed('a value'))])).rejects.toThrow(PayloadNotOpened);
  });

  it('does not open in another namespace', async () => {
    await expect(new SealedPayloads(ringOf(first), 'other').decode([await sealed(1)])).rejects.toThrow(
      'comes from another namespace',
    );
  });

  it('does not open under the name of another key', async () => {
    const payload = await sealed(1);
    const renamed = {
      ...payload,
      metadata: { ...payload.metadata, 'encryption-key-id': Buffer.from('two') },
    };

    await expect(new SealedPayloads(ringOf(first, second), 'default').decode([renamed])).rejects.toThrow(
      PayloadNotOpened,
    );
  });

  it('is sealed by the first key and opened by all', async () => {
    const both = new SealedPayloads(ringOf(second, first), 'default');

    expect(await openedBy(both, await sealed('old'))).toBe('old');
    expect(keyIdOf(await sealed('new', both))).toBe('two');
    await expect(codec.decode([await sealed('new', both)])).rejects.toThrow(
      'sealed with the key two, which is not among the keys of this process (one): put it back',
    );
  });

  it('is no condition: what was begun in clear opens, unless only sealed ones may', async () => {
    const plain = defaultPayloadConverter.toPayload('in clear');

    expect(await openedBy(codec, plain)).toBe('in clear');
    await expect(
      new SealedPayloads(ringOf(first), 'default', { sealedOnly: true }).decode([plain]),
    ).rejects.toThrow('PAYLOADS_SEALED_ONLY');
  });
});
