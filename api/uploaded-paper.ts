import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import multipart from '@fastify/multipart';
import type { Paper } from '../db/dispute-file.ts';
import { fileInBody } from './file-in-body.ts';
import { Problem } from './problem.ts';

/**
 * A document that somebody hands in, checked before it is kept.
 *
 * What it is, its bytes say, never its name or its header; of its name nothing is kept that a disk, a browser or a reader
 * could stumble over, and its one extension is that of its bytes. Only what can be shown without running anything is
 * taken: no office files with macros, no archives, no pages.
 */
export const paperBytesMax = 10 * 1024 * 1024;

export const paperTypes = ['application/pdf', 'image/png', 'image/jpeg', 'text/plain'] as const;

/** Lets the routes of a scope read papers from their bodies, or from the one file of a form. */
export async function readsPapers(app: FastifyInstance): Promise<void> {
  await app.register(multipart, { limits: { files: 1, fields: 10, fileSize: paperBytesMax + 1 } });
  app.addContentTypeParser(
    [...paperTypes, 'text/csv', 'application/octet-stream'],
    (_request, _payload, done) => {
      done(null);
    },
  );
}

/** Reads the paper of a request. Throws 413 when it is too large, 400 when it is none of the types. */
export async function paperOf(request: FastifyRequest, name: string | undefined): Promise<Paper> {
  const { stream, filename } = await fileInBody(request, {
    unnamed: 'document',
    remedy: 'Add it as a file of the form, or send it as the body with its media type.',
  });
  const bytes = await readAtMost(stream, paperBytesMax);
  const kind = kindOf(bytes);
  if (!kind)
    throw Problem.invalid(
      'file',
      bytes.length === 0 ? 'The file is empty.' : 'Its bytes are no PDF, PNG, JPEG or plain text.',
      'Send it as one of these; of other files send a print as PDF.',
    );
  return { name: safeName(name ?? filename, kind.extension), mediaType: kind.mediaType, bytes };
}

async function readAtMost(stream: Readable, bytesMax: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > bytesMax) throw tooLarge(bytesMax);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

interface Kind {
  readonly mediaType: string;
  readonly extension: string;
}

const signatures: readonly (Kind & { readonly bytes: Buffer })[] = [
  { mediaType: 'application/pdf', extension: 'pdf', bytes: Buffer.from('%PDF-') },
  { mediaType: 'image/png', extension: 'png', bytes: Buffer.from('89504e470d0a1a0a', 'hex') },
  { mediaType: 'image/jpeg', extension: 'jpg', bytes: Buffer.from('ffd8ff', 'hex') },
];

/** What the bytes are; undefined for what is not taken. */
export function kindOf(bytes: Buffer): Kind | undefined {
  const signed = signatures.find((one) => bytes.subarray(0, one.bytes.length).equals(one.bytes));
  if (signed) return { mediaType: signed.mediaType, extension: signed.extension };
  return isPlainText(bytes) ? { mediaType: 'text/plain; charset=utf-8', extension: 'txt' } : undefined;
}

function isPlainText(bytes: Buffer): boolean {
  if (bytes.length === 0) return false;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return !/(?![\t\n\r])\p{Cc}/u.test(text);
  } catch {
    return false; // No text at all, which is the answer.
  }
}

/** Names that Windows keeps for its devices. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** The name without folders, invisible characters, signs that file systems use, and extensions that are not its own. */
export function safeName(given: string, extension: string): string {
  const last = given.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const stem = last
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '')
    .replace(/[<>:"|?*%]/g, '')
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    .replace(/\.+/g, '-')
    .replace(/\s+/g, ' ')
    .replace(/^[-\s]+|[-\s]+$/g, '');
  const short = [...stem].slice(0, 100).join('').trim();
  const name = short === '' ? 'document' : devices.test(short) ? `_${short}` : short;
  return `${name}.${extension}`;
}

function tooLarge(bytesMax: number): Problem {
  return new Problem({
    status: 413,
    code: 'file-too-large',
    title: 'The file is too large.',
    detail: `At most ${bytesMax / 1024 / 1024} MB are kept of a document.`,
    field: 'file',
    remedy: 'Send a smaller picture, or the pages that matter.',
  });
}
