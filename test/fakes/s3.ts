import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A store that speaks S3, on this machine: one bucket, which remembers what was put.
 *
 * It checks each signature itself, as AWS describes Signature Version 4 ("Authenticating Requests (AWS Signature Version
 * 4)", Amazon S3 API Reference): canonical request, string to sign, derived key. A request that is signed otherwise, or
 * whose bytes are not those that were signed, is refused as S3 refuses it.
 */
export class FakeS3 {
  readonly bucket = 'relance-archive';
  readonly region = 'eu-west-3';
  readonly keyId = 'AKIAFAKE';
  readonly secret = 'a+secret/with=signs';
  readonly objects = new Map<string, Buffer>();
  readonly refused: string[] = [];
  /** What it answers to writes in place of taking them. */
  writesFailWith: { readonly status: number; readonly code: string } | null = null;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  static async open(): Promise<FakeS3> {
    const fake = new FakeS3();
    await new Promise<void>((resolve) => fake.#server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const say = (status: number, code: string): void => {
      if (status >= 400) this.refused.push(code);
      response.writeHead(status).end(status >= 400 ? `<Error><Code>${code}</Code></Error>` : '');
    };
    const { pathname } = new URL(request.url ?? '', this.endpoint);
    const [, bucket, ...rest] = pathname.split('/');
    const key = rest.map(decodeURIComponent).join('/');
    const wrong = this.#wrongOf(request, pathname, body);
    if (wrong) return void say(403, wrong);
    if (bucket !== this.bucket) return void say(404, 'NoSuchBucket');
    if (request.method === 'PUT') {
      if (this.writesFailWith) return void say(this.writesFailWith.status, this.writesFailWith.code);
      this.objects.set(key, body);
      return void say(200, '');
    }
    if (request.method === 'DELETE') {
      this.objects.delete(key);
      return void say(204, '');
    }
    const found = this.objects.get(key);
    if (!found) return void say(404, 'NoSuchKey');
    response.writeHead(200).end(found);
  }

  #wrongOf(request: IncomingMessage, pathname: string, body: Buffer): string | null {
    const { authorization = '' } = request.headers;
    const [, keyId, scope = '', names = '', signature = ''] =
      /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(
        authorization,
      ) ?? [];
    if (keyId !== this.keyId) return 'InvalidAccessKeyId';
    const header = (name: string): string => String(request.headers[name] ?? '').trim();
    const [time, digest] = [header('x-amz-date'), header('x-amz-content-sha256')];
    if (digest !== sha256(body)) return 'XAmzContentSHA256Mismatch';
    if (scope !== `${time.slice(0, 8)}/${this.region}/s3/aws4_request`) return 'AuthorizationHeaderMalformed';
    for (const needed of ['host', 'x-amz-date', 'x-amz-content-sha256'])
      if (!names.split(';').includes(needed)) return 'AccessDenied';
    const canonical = [
      request.method,
      pathname,
      '',
      ...names.split(';').map((name) => `${name}:${header(name)}`),
      '',
      names,
      digest,
    ].join('\n');
    const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(Buffer.from(canonical))].join('\n');
    const key = [time.slice(0, 8), this.region, 's3', 'aws4_request'].reduce<Buffer>(
      (part, word) => hmac(part, word),
      Buffer.from(`AWS4${this.secret}`),
    );
    const right = hmac(key, toSign);
    return timingSafeEqual(right, Buffer.from(signature, 'hex')) ? null : 'SignatureDoesNotMatch';
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
