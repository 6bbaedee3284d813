import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { openBytes, sealBytes } from '../sealed-bytes.ts';

/** The key of one person: all that is kept of him as proof is sealed with it. */
export interface PersonKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** A key of the ring, under the name that stands beside whatever it wraps. */
export interface WrappingKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** A key as its row keeps it; `key` is null once it was destroyed. */
export interface KeptKey {
  readonly id: string;
  readonly key: Buffer | null;
  readonly wrapped_by: string | null;
}

/** A key as far as it is there: one that was destroyed opens nothing for good, one that is missing was taken away. */
export type FoundKey = KeyObject | 'destroyed' | 'missing' | OutOfReach;

/** A key that is wrapped with one that is not in the ring. */
export interface OutOfReach {
  readonly wrappedBy: string;
}

/** The bytes of a person's key. */
export const keyBytes = 32;
/** A key that was destroyed elsewhere is forgotten here after so many milliseconds of the machine. */
const rememberedMs = 60_000;
const rememberedMax = 10_000;
const about = 'relance person key';

/**
 * The keys of persons as one open database knows them: the ring that wraps them, and those that were read of late.
 *
 * The first key of the ring wraps, all of them unwrap, so a copy of the database alone opens nothing. Without a ring keys
 * are kept as they are; those of before there was one go on so until they are wrapped anew.
 */
export class PersonKeys {
  readonly #ring: readonly WrappingKey[];
  #others: readonly WrappingKey[] = [];
  readonly #remembered = new Map<string, { readonly key: KeyObject; readonly until: number }>();

  constructor(ring: readonly WrappingKey[] = []) {
    this.#ring = ring;
  }

  /** Further keys that unwrap, and wrap nothing: for who looks at a house whose processes have another ring. */
  unwrapAlso(keys: readonly WrappingKey[]): void {
    this.#others = [...this.#others, ...keys];
  }

  /** The name of the key that wraps; null where there is no ring. */
  get wrapsWith(): string | null {
    return this.#ring[0]?.id ?? null;
  }

  /** The names of all keys that unwrap. */
  get inReach(): readonly string[] {
    return [...this.#ring, ...this.#others].map(({ id }) => id);
  }

  isInReach(wrappedBy: string | null): boolean {
    return wrappedBy === null || this.inReach.includes(wrappedBy);
  }

  /** A secret as its row is to keep it. */
  wrapped(id: string, secret: Buffer): { readonly key: Buffer; readonly wrapped_by: string | null } {
    const [first] = this.#ring;
    if (!first) return { key: secret, wrapped_by: null };
    return { key: sealBytes(first.key, [about, id], secret), wrapped_by: first.id };
  }

  /** The secret of a kept key; undefined when it was changed or destroyed, or what wraps it is not in reach. */
  unwrapped({ id, key: kept, wrapped_by: wrappedBy }: KeptKey): Buffer | undefined {
    if (kept === null) return undefined;
    if (wrappedBy === null) return kept.length === keyBytes ? kept : undefined;
    // Two houses may have keys of one name.
    for (const { key } of [...this.#ring, ...this.#others].filter((one) => one.id === wrappedBy)) {
      const secret = openBytes(key, [about, id], kept);
      if (secret) return secret;
    }
    return undefined;
  }

  /** Keys by their ids; those that are not remembered as `read` finds them. */
  async byId(
    ids: readonly string[],
    read: (ids: readonly string[]) => Promise<readonly KeptKey[]>,
  ): Promise<ReadonlyMap<string, FoundKey>> {
    const now = performance.now();
    const found = new Map<string, FoundKey>();
    for (const id of ids) {
      const known = this.#remembered.get(id);
      if (known && known.until > now) found.set(id, known.key);
    }
    const missing = ids.filter((id) => !found.has(id));
    if (missing.length === 0) return found;
    const rows = new Map((await read(missing)).map((row) => [row.id, row]));
    for (const id of missing) found.set(id, this.#found(rows.get(id)));
    return found;
  }

  #found(row: KeptKey | undefined): FoundKey {
    if (!row) return 'missing';
    if (row.key === null) return 'destroyed';
    if (row.wrapped_by !== null && !this.isInReach(row.wrapped_by)) return { wrappedBy: row.wrapped_by };
    const secret = this.unwrapped(row);
    return secret ? this.remember(row.id, secret) : 'missing';
  }

  /** Keeps a key that was just made or read for a minute, so that whoever reads many rows asks for it once. */
  remember(id: string, secret: Buffer): KeyObject {
    const key = createSecretKey(secret);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size >= rememberedMax && oldest !== undefined) this.#remembered.delete(oldest);
    this.#remembered.set(id, { key, until: performance.now() + rememberedMs });
    return key;
  }

  /** Forgets these keys, or all of them, before their minute is over. */
  forget(ids: Iterable<string> = [...this.#remembered.keys()]): void {
    for (const id of ids) this.#remembered.delete(id);
  }
}
