import type { X509Certificate } from 'node:crypto';
import { readTimeStamp, timeStampRequest } from './time-stamp.ts';

/** A time-stamping authority (RFC 3161), and who must have issued its certificate; anybody when empty. */
export interface Authority {
  readonly url: string;
  readonly issuers: readonly X509Certificate[];
}

const answerMsMax = 20_000;
/** Answers with a whole chain of certificates come to about six thousand. */
const answerBytesMax = 100_000;

/** Has these bytes stamped with a time; the answer as it came, checked. Throws when it does not come or does not hold. */
export async function askForTimeStamp({ url, issuers }: Authority, bytes: Buffer): Promise<Buffer> {
  const { request, nonce } = timeStampRequest(bytes);
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
    body: new Uint8Array(request),
    redirect: 'error',
    signal: AbortSignal.timeout(answerMsMax),
  });
  if (!response.ok) throw new Error(`the time-stamping authority answers ${response.status}`);
  const answer = Buffer.from(await response.arrayBuffer());
  if (answer.length > answerBytesMax) throw new Error('the time-stamping authority answers too much');
  readTimeStamp(answer, bytes, { nonce, authorities: issuers });
  return answer;
}
