import type { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

/** A file as it comes in: its bytes, still to be read, and the name that its sender gave it. */
export interface FileInBody {
  readonly stream: Readable;
  readonly filename: string;
}

/**
 * The file of a request: its whole body, or the one file of a multipart form.
 *
 * Throws a Problem with the remedy given when a form holds no file or is none: what a form looks like is its sender's
 * mistake, and the parser's errors do not say so.
 */
export async function fileInBody(
  request: FastifyRequest,
  { unnamed, remedy }: { readonly unnamed: string; readonly remedy: string },
): Promise<FileInBody> {
  if (!request.isMultipart()) return { stream: request.raw, filename: unnamed };
  const part = await request.file().catch((fault: unknown) => {
    if (fault instanceof Error && !('statusCode' in fault))
      throw Problem.invalid('file', 'The form cannot be read.', remedy);
    throw fault;
  });
  if (!part) throw Problem.invalid('file', 'The form holds no file.', remedy);
  return { stream: part.file, filename: part.filename || unnamed };
}
