import type { FastifyReply } from 'fastify';

/**
 * Sends the bytes of a document or picture that we keep.
 *
 * They come from templates and uploads, so a browser may never take them for a page of ours: the type is fixed, nothing
 * is sniffed, and nothing in them may run or load anything.
 */
export function sendDocument(
  reply: FastifyReply,
  document: {
    readonly name: string;
    readonly media_type: string;
    readonly bytes: Buffer;
    readonly sha256?: string;
  },
  disposition: 'attachment' | 'inline',
): FastifyReply {
  if (document.sha256 !== undefined) void reply.header('x-content-sha256', document.sha256);
  return reply
    .header('content-type', document.media_type)
    .header('content-disposition', `${disposition}; ${fileName(document.name)}`)
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', disposition === 'inline' ? shownPolicy : keptPolicy)
    .header('cross-origin-resource-policy', 'same-origin')
    .send(document.bytes);
}

const keptPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";
/** A browser's own reader of PDFs is a page with scripts, which a sandbox would leave blank. */
const shownPolicy = "frame-ancestors 'self'";

/** The name as RFC 6266 writes it: plain for old readers, whole for all others. */
function fileName(name: string): string {
  const plain = name.normalize('NFKD').replace(/[^A-Za-z0-9._-]+/g, '-') || 'document';
  const whole = encodeURIComponent(name).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename="${plain}"; filename*=UTF-8''${whole}`;
}
