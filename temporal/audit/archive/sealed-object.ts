import { gunzipSync, gzipSync } from 'node:zlib';
import type { KeyRing } from '../../sealing/key-ring.ts';
import { openBytes, sealBytes } from '../../../db/sealed-bytes.ts';

/** Whose history an object holds; it opens as no other's. */
export interface ObjectOf {
  readonly workflowId: string;
  readonly runId: string;
}

/** Bytes as they go to a store. */
export interface StoredObject {
  readonly bytes: Buffer;
  /** The name of the key that sealed it; null: in clear. */
  readonly sealedWith: string | null;
}

const first = 'relance archive 1';
const inClear = 'in clear';

/**
 * How a history lies in a store: one line that says how, then the history as JSON, compressed and sealed.
 *
 * The line names the key: `relance archive 1 2026-11`. What is sealed is bound to its namespace, workflow and run. Without
 * a ring, it is compressed and in clear, as Temporal has it then.
 */
export class ArchiveSeal {
  readonly #ring: KeyRing | undefined;
  readonly #namespace: string;

  constructor(ring: KeyRing | undefined, namespace: string) {
    this.#ring = ring;
    this.#namespace = namespace;
  }

  /** The name of the key that seals today; null where nothing is sealed. */
  get keyId(): string | null {
    return this.#ring?.[0].id ?? null;
  }

  seal(of: ObjectOf, json: string): StoredObject {
    const packed = gzipSync(json);
    if (!this.#ring) return { bytes: Buffer.concat([lineOf(inClear), packed]), sealedWith: null };
    const [{ id, key }] = this.#ring;
    const sealed = sealBytes(key, this.#boundTo(of, id), packed);
    return { bytes: Buffer.concat([lineOf(id), sealed]), sealedWith: id };
  }

  /** The JSON, or why there is none, as it reads after the name of the object. */
  open(of: ObjectOf, bytes: Buffer): { readonly json: string } | { readonly shut: string } {
    const end = bytes.indexOf('\n');
    const line = bytes.subarray(0, Math.max(0, end)).toString();
    if (!line.startsWith(`${first} `)) return { shut: 'is no history as we keep them' };
    const packed = this.#unsealed(of, line.slice(first.length + 1), bytes.subarray(end + 1));
    if (typeof packed === 'string') return { shut: packed };
    try {
      return { json: gunzipSync(packed).toString() };
    } catch {
      return { shut: 'does not unpack' };
    }
  }

  #unsealed(of: ObjectOf, how: string, rest: Buffer): Buffer | string {
    if (how === inClear) return rest;
    const found = this.#ring?.find(({ id }) => id === how);
    if (!found)
      return `is sealed with the key ${shown(how)}, which is not among PAYLOAD_KEYS_FILE: put it back`;
    return (
      openBytes(found.key, this.#boundTo(of, how), rest) ??
      `does not open with the key ${how}: it was changed, or is that of another run`
    );
  }

  #boundTo({ workflowId, runId }: ObjectOf, keyId: string): readonly string[] {
    return [first, this.#namespace, workflowId, runId, keyId];
  }
}

function lineOf(how: string): Buffer {
  return Buffer.from(`${first} ${how}\n`);
}

/** A name comes from outside, and goes into messages. */
function shown(id: string): string {
  return /^[\w.-]{1,64}$/.test(id) ? id : 'of a strange name';
}
