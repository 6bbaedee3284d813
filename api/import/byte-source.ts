import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/**
 * Where the bytes of a file come from: memory, a path, or anything that can be opened anew.
 *
 * Formats are decided over whole columns, so a file is read more than once; a source must give the same bytes each time.
 */
export type ByteSource = Uint8Array | { readonly path: string } | (() => AsyncIterable<Uint8Array>);

/** A hundred rows: between two pieces others get their turn. */
const pieceBytes = 16 * 1024;

/** The bytes from the start, in pieces; a later call starts again. Errors of the file system pass through. */
export async function* bytesOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  if (typeof source === 'function') {
    yield* source();
  } else if (source instanceof Uint8Array) {
    for (let at = 0; at < source.length; at += pieceBytes) yield source.subarray(at, at + pieceBytes);
  } else {
    yield* createReadStream(source.path, { highWaterMark: pieceBytes });
  }
}

/** The SHA-256 of the bytes, in hexadecimal: how a file that was already read is known again. */
export async function hashOf(source: ByteSource): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of bytesOf(source)) hash.update(piece);
  return hash.digest('hex');
}
