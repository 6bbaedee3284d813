import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { KeyRing, SealingKey } from './key-ring.ts';
import { openBytes, sealBytes } from '../../db/sealed-bytes.ts';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

/** What a payload says of itself in clear. The first two are what Temporal's own samples write, and its pages show. */
const metadataNames = {
  encoding: 'encoding',
  keyId: 'encryption-key-id',
  version: 'sealing-version',
} as const;
const sealedEncoding = 'binary/encrypted';
const version = '1';

/** A payload that can't be opened: nothing is wrong with its workflow, so whoever needs it tries again later. */
export class PayloadNotOpened extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PayloadNotOpened';
  }
}

/**
 * Seals and opens everything that travels through Temporal: inputs, results, signals, queries, memos, summaries, errors.
 *
 * A sealed payload holds the whole original, with what said how to read it, as `iv | ciphertext | tag`; in clear stand the
 * name of the key and the version of this layout. It is bound to its namespace and its key, and not to its workflow: of the
 * workflow the SDK tells a codec only as an experiment, and not always (failed tasks, completions by token, a codec server);
 * a schedule seals for another id than it starts. Nor is it needed: who could move a payload to another workflow could as
 * well drop it, and every fact is numbered, and each step decided in Postgres, whatever a workflow was told.
 *
 * What came before sealing opens as it is, unless `sealedOnly`. Never throws anything but `PayloadNotOpened`.
 */
export class SealedPayloads implements PayloadCodec {
  readonly #ring: KeyRing;
  readonly #namespace: string;
  readonly #sealedOnly: boolean;

  constructor(ring: KeyRing, namespace: string, { sealedOnly = false } = {}) {
    this.#ring = ring;
    this.#namespace = namespace;
    this.#sealedOnly = sealedOnly;
  }

  async encode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => this.#seal(payload));
  }

  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => this.#open(payload));
  }

  #seal(payload: Payload): Payload {
    const [{ id, key }] = this.#ring;
    const data = sealBytes(key, this.#boundTo(id), PayloadMessage.encode(payload).finish());
    return {
      metadata: {
        [metadataNames.encoding]: Buffer.from(sealedEncoding),
        [metadataNames.keyId]: Buffer.from(id),
        [metadataNames.version]: Buffer.from(version),
      },
      data,
    };
  }

  #open(payload: Payload): Payload {
    if (!isSealed(payload)) {
      if (this.#sealedOnly)
        throw new PayloadNotOpened('a payload is not sealed, and PAYLOADS_SEALED_ONLY lets in no such one');
      return payload;
    }
    const layout = textIn(payload, metadataNames.version);
    if (layout !== version)
      throw new PayloadNotOpened(
        `a payload is sealed in the layout ${layout || 'of another program'}, and only ${version} is known here`,
      );
    const { id, key } = this.#keyOf(payload);
    const plain = openBytes(key, this.#boundTo(id), Buffer.from(payload.data ?? []));
    if (!plain) throw spoilt(id);
    return PayloadMessage.decode(plain);
  }

  #keyOf(payload: Payload): SealingKey {
    const id = textIn(payload, metadataNames.keyId);
    const found = this.#ring.find((key) => key.id === id);
    if (found) return found;
    throw new PayloadNotOpened(
      `a payload is sealed with the key ${shown(id)}, which is not among the keys of this process (${this.#ring.map((key) => key.id).join(', ')}): put it back`,
    );
  }

  #boundTo(keyId: string): readonly string[] {
    return ['relance payload', version, this.#namespace, keyId];
  }
}

/** Whether a payload is sealed, by us or by another. */
export function isSealed(payload: Payload): boolean {
  return textIn(payload, metadataNames.encoding) === sealedEncoding;
}

/** The name of the key that a sealed payload needs. */
export function keyIdOf(payload: Payload): string {
  return textIn(payload, metadataNames.keyId);
}

function textIn({ metadata }: Payload, name: string): string {
  return Buffer.from(metadata?.[name] ?? []).toString('utf8');
}

function spoilt(id: string): PayloadNotOpened {
  return new PayloadNotOpened(
    `a payload does not open with the key ${id}: it was changed, comes from another namespace, or another key has that name now`,
  );
}

/** A name comes from outside, and goes into messages and logs. */
function shown(id: string): string {
  return /^[\w.-]{1,64}$/.test(id) ? id : 'of a strange name';
}
