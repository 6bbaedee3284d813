import { createHash } from 'node:crypto';

/**
 * The root of a Merkle tree over these leaves, as RFC 6962 section 2.1 hashes it, in hex.
 *
 * A leaf is hashed behind a zero byte and a node behind a one, so that no node can be passed off as a leaf; of nothing it is
 * the hash of nothing. Whoever has all the leaves, or one of them and the hashes beside its way up, finds the same root.
 */
export function merkleRoot(leaves: readonly string[]): string {
  if (leaves.length === 0) return createHash('sha256').digest('hex');
  return rootOf(leaves.map(hashOfLeaf)).toString('hex');
}

/** The hashes beside the way from a leaf up to the root, from the bottom, in hex. */
export function merklePath(leaves: readonly string[], index: number): readonly string[] {
  return pathOf(leaves.map(hashOfLeaf), index).map((hash) => hash.toString('hex'));
}

/** The root that a leaf at that place among so many has by this path. */
export function rootByPath(leaf: string, index: number, count: number, path: readonly string[]): string {
  const hashes = path.map((hash) => Buffer.from(hash, 'hex'));
  return climb(hashOfLeaf(leaf), index, count, hashes).toString('hex');
}

function rootOf(hashes: readonly Buffer[]): Buffer {
  const [only] = hashes;
  if (only && hashes.length === 1) return only;
  const split = splitOf(hashes.length);
  return hashOfNode(rootOf(hashes.slice(0, split)), rootOf(hashes.slice(split)));
}

function pathOf(hashes: readonly Buffer[], index: number): readonly Buffer[] {
  if (hashes.length <= 1) return [];
  const split = splitOf(hashes.length);
  const [left, right] = [hashes.slice(0, split), hashes.slice(split)];
  return index < split
    ? [...pathOf(left, index), rootOf(right)]
    : [...pathOf(right, index - split), rootOf(left)];
}

function climb(hash: Buffer, index: number, count: number, path: readonly Buffer[]): Buffer {
  const beside = path.at(-1);
  if (count <= 1 || !beside) return hash;
  const split = splitOf(count);
  const below = path.slice(0, -1);
  return index < split
    ? hashOfNode(climb(hash, index, split, below), beside)
    : hashOfNode(beside, climb(hash, index - split, count - split, below));
}

/** The largest power of two below `count`. */
function splitOf(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1));
}

function hashOfLeaf(leaf: string): Buffer {
  return createHash('sha256').update(Buffer.of(0)).update(leaf).digest();
}

function hashOfNode(left: Buffer, right: Buffer): Buffer {
  return createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest();
}
