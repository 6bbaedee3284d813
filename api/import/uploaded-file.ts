import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Transform } from 'node:stream';
import { Problem } from '../problem.ts';

/** The largest file that is read; about two million invoices. */
export const fileBytesMax = 256 * 1024 * 1024;

/**
 * A file that came in by HTTP, on this machine's disk for as long as it is read.
 *
 * Formats are decided over whole columns, so a file is read more than once, and a long one must not fill the memory.
 */
export class UploadedFile {
  readonly path: string;
  readonly #folder: string;

  private constructor(folder: string, path: string) {
    this.#folder = folder;
    this.path = path;
  }

  /** Receives the whole file; 413 when it is too large. */
  static async receive(stream: Readable): Promise<UploadedFile> {
    const folder = await mkdtemp(join(tmpdir(), 'relance-import-'));
    const file = new UploadedFile(folder, join(folder, 'file.csv'));
    try {
      await pipeline(stream, limited(), createWriteStream(file.path, { mode: 0o600 }));
      return file;
    } catch (fault) {
      await file.remove();
      throw fault;
    }
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function limited(): Transform {
  let bytes = 0;
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      bytes += piece.length;
      if (bytes > fileBytesMax) done(tooLarge());
      else done(null, piece);
    },
  });
}

function tooLarge(): Problem {
  return new Problem({
    status: 413,
    code: 'file-too-large',
    title: 'The file is too large.',
    detail: `At most ${fileBytesMax / 1024 / 1024} MB are read at once.`,
    remedy: 'Cut the file in parts, each with the row of headers.',
  });
}
