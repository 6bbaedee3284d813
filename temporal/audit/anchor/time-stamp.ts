import { createHash, randomBytes, verify, X509Certificate } from 'node:crypto';
import type { Instant } from '../../../domain/time.ts';
import {
  dotted,
  element,
  elementIn,
  elementsIn,
  inside,
  integer,
  nothing,
  objectIdOf,
  octets,
  sequence,
  set,
  wholeNumber,
  yes,
} from './der.ts';
import type { Element } from './der.ts';

/** What a time-stamping authority says: these bytes were there at that moment. */
export interface TimeStamp {
  /** Of the authority's clock. */
  readonly at: Instant;
  /** Whose key signed it, as its certificate names it. */
  readonly by: string;
}

/** Object ids of RFC 3161, RFC 5652, RFC 5035 and RFC 5280. */
const ids = {
  sha256: '2.16.840.1.101.3.4.2.1',
  signedData: '1.2.840.113549.1.7.2',
  timeStampInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  timeStamping: '1.3.6.1.5.5.7.3.8',
} as const;

/** The hash that an algorithm works with; a plain RSA or EC one goes with the hash that is named beside it. */
const hashes: Readonly<Record<string, string>> = {
  [ids.sha256]: 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};

/** A request for a time-stamp of these bytes (RFC 3161 section 2.4.1), and the number by which its answer is known. */
export function timeStampRequest(bytes: Buffer): { readonly request: Buffer; readonly nonce: Buffer } {
  const nonce = wholeNumber(randomBytes(8));
  const imprint = element(
    sequence,
    element(sequence, objectIdOf(ids.sha256), nothing),
    element(octets, createHash('sha256').update(bytes).digest()),
  );
  return { request: element(sequence, element(integer, Buffer.of(1)), imprint, nonce, yes), nonce };
}

/**
 * Reads an answer and checks it: granted, of these bytes, signed by the certificate that it names, which is for that use and,
 * where authorities are given, was issued by one of them and valid then. Throws an Error that says what is wrong.
 *
 * `nonce` is that of the request, where it is known.
 */
export function readTimeStamp(
  answer: Buffer,
  bytes: Buffer,
  { nonce, authorities = [] }: { nonce?: Buffer; authorities?: readonly X509Certificate[] } = {},
): TimeStamp {
  const [status, token] = inside(elementIn(answer));
  const code = inside(status)[0]?.content.readInt8(0);
  if (code !== 0 && code !== 1) throw new Error(`the authority refused it with status ${code ?? 'unknown'}`);
  const [type, wrapped] = inside(token);
  if (!type || dotted(type) !== ids.signedData) throw new Error('it is no signed answer');
  const signed = inside(inside(wrapped, 0xa0)[0]);
  const [contentType, content] = inside(signed[2]);
  if (!contentType || dotted(contentType) !== ids.timeStampInfo) throw new Error('it is no time-stamp');
  const info = inside(content, 0xa0)[0];
  if (info?.tag !== octets) throw new Error('it says no time');
  const said = readInfo(info.content);
  if (!said.imprint.equals(createHash('sha256').update(bytes).digest()))
    throw new Error('it is the time-stamp of something else');
  if (nonce && !said.numbers.some((number) => number.equals(nonce)))
    throw new Error('it is the answer to another request');

  const included = signed.find(({ tag }) => tag === 0xa0)?.content ?? Buffer.alloc(0);
  const certificates = elementsIn(included).map(({ whole }) => new X509Certificate(whole));
  const signer = checkSignature(inside(inside(signed.at(-1), set)[0]), info.content, certificates);
  if (!signer.keyUsage.includes(ids.timeStamping))
    throw new Error('its certificate is not one for time-stamps');
  if (authorities.length > 0) checkIssued(signer, [...certificates, ...authorities], authorities, said.at);
  return { at: said.at, by: signer.subject.split('\n').join(', ') };
}

/** What TSTInfo says (RFC 3161 section 2.4.2); `numbers` are its whole numbers, the nonce among them. */
function readInfo(content: Buffer): { imprint: Buffer; at: Instant; numbers: readonly Buffer[] } {
  const parts = inside(elementIn(content));
  const [algorithm, imprint] = inside(parts[2]);
  const [id] = inside(algorithm);
  if (!id || dotted(id) !== ids.sha256 || !imprint) throw new Error('it is not over a SHA-256');
  const time = parts.find(({ tag }) => tag === 0x18)?.content.toString('latin1') ?? '';
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d(?:\.\d+)?)Z$/.exec(time) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(at)) throw new Error('it says no time');
  const numbers = parts.filter(({ tag }) => tag === integer).map(({ whole }) => whole);
  return { imprint: imprint.content, at, numbers };
}

/** The certificate whose key has signed what is said (RFC 5652 section 5.4); throws when none has. */
function checkSignature(
  signerInfo: readonly Element[],
  content: Buffer,
  certificates: readonly X509Certificate[],
): X509Certificate {
  const attributes = signerInfo.find(({ tag }) => tag === 0xa0);
  const signature = signerInfo.find(({ tag }) => tag === octets);
  const [digest, algorithm] = signerInfo.filter(({ tag }, place) => tag === sequence && place > 1);
  if (!attributes || !signature || !digest || !algorithm) throw new Error('it is not signed');
  const digestName = hashNamed(digest);
  if (digestName === undefined) throw new Error('it is hashed in a way that is not known here');
  const values = attributesIn(attributes);
  const stated = values.get(ids.messageDigest);
  if (!stated?.content.equals(createHash(digestName).update(content).digest()))
    throw new Error('what it says was changed after it was signed');
  const type = values.get(ids.contentType);
  if (!type || dotted(type) !== ids.timeStampInfo) throw new Error('it was signed as something else');

  const signer = certificates.find((certificate) => isNamed(certificate, values));
  if (!signer) throw new Error('it does not hold the certificate of its signer');
  // They are signed as a set, and stand under a tag of their own.
  const over = Buffer.concat([Buffer.of(set), attributes.whole.subarray(1)]);
  const hash = hashNamed(algorithm) ?? digestName;
  if (!verify(hash, over, signer.publicKey, signature.content))
    throw new Error('its signature is not that of its certificate');
  return signer;
}

function attributesIn(attributes: Element): ReadonlyMap<string, Element> {
  return new Map(
    elementsIn(attributes.content).flatMap((attribute) => {
      const [type, values] = inside(attribute);
      const [value] = inside(values, set);
      return type && value ? [[dotted(type), value] as const] : [];
    }),
  );
}

/** Whether the signed attributes name this certificate by its hash, as RFC 3161 section 2.4.2 wants it. */
function isNamed(certificate: X509Certificate, values: ReadonlyMap<string, Element>): boolean {
  const named = values.get(ids.signingCertificateV2) ?? values.get(ids.signingCertificate);
  const [first] = inside(inside(named)[0]);
  const parts = inside(first);
  const [algorithm] = parts;
  const byDefault = values.has(ids.signingCertificateV2) ? 'sha256' : 'sha1';
  const hash = (algorithm?.tag === sequence ? hashNamed(algorithm) : undefined) ?? byDefault;
  const stated = parts.find(({ tag }) => tag === octets);
  return stated?.content.equals(createHash(hash).update(certificate.raw).digest()) ?? false;
}

function hashNamed(algorithm: Element): string | undefined {
  const [id] = inside(algorithm);
  return id && hashes[dotted(id)];
}

/** That somebody whom we trust answers for the certificate, and did so then; throws otherwise. */
function checkIssued(
  signer: X509Certificate,
  known: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  at: Instant,
): void {
  let current = signer;
  for (let steps = 0; steps < 8; steps += 1) {
    if (at < Date.parse(current.validFrom) || at > Date.parse(current.validTo))
      throw new Error('its certificate was not valid at that time');
    if (trusted.some((one) => one.fingerprint256 === current.fingerprint256)) return;
    const issuer = known.find((one) => one.ca && current.checkIssued(one) && current.verify(one.publicKey));
    if (!issuer || issuer.fingerprint256 === current.fingerprint256) break;
    current = issuer;
  }
  throw new Error('its certificate was issued by nobody whom we trust');
}
