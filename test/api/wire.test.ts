import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
let port: number;
beforeAll(async () => {
  office = await openOffice();
  await office.app.listen({ host: '127.0.0.1', port: 0 });
  port = (office.app.server.address() as AddressInfo).port;
});
afterAll(() => office.close());

/** Everything that comes back for these bytes until the server closes. */
async function answerTo(...lines: readonly string[]): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  await once(socket, 'connect');
  socket.write(lines.join('\r\n'));
  return text(socket);
}

const statusesIn = (answer: string) =>
  [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));

describe('the bytes of a request', () => {
  // Where the proxy before us ends a request in another place than we do, a stranger's bytes begin the next one's.
  it.each([
    ['a length beside chunks', 'Content-Length: 5', 'Transfer-Encoding: chunked'],
    ['chunks beside a length', 'Transfer-Encoding: chunked', 'Content-Length: 5'],
    ['two lengths', 'Content-Length: 5', 'Content-Length: 0'],
    ['a length that is none', 'Content-Length: +5', 'X-Pad: x'],
    ['chunks inside something else', 'Transfer-Encoding: chunked, identity', 'X-Pad: x'],
  ])('with %s are refused, and nothing behind them is a request', async (_, first, second) => {
    const answer = await answerTo(
      'POST /v1/stops HTTP/1.1',
      'Host: localhost',
      'Content-Type: application/json',
      first,
      second,
      '',
      '0',
      '',
      'GET /healthz HTTP/1.1',
      'Host: localhost',
      'Connection: close',
      '',
      '',
    );

    expect(statusesIn(answer)).toEqual([400]);
  });

  it('that are two honest requests get two answers, so that the refusals above say something', async () => {
    const one = ['GET /healthz HTTP/1.1', 'Host: localhost'];

    const answer = await answerTo(...one, '', ...one, 'Connection: close', '', '');

    expect(statusesIn(answer)).toEqual([200, 200]);
  });
});

describe('TRACE', () => {
  it.each(['/', '/healthz', '/v1/me', '/docs/'])('sends nothing back of what was sent: %s', async (path) => {
    const answer = await answerTo(
      `TRACE ${path} HTTP/1.1`,
      'Host: localhost',
      'Cookie: a=planted-secret',
      'Connection: close',
      '',
      '',
    );

    expect(statusesIn(answer)).toEqual([expect.toSatisfy((status) => [404, 405].includes(status as number))]);
    expect(answer).not.toContain('planted-secret');
  });
});

describe('a folder', () => {
  it.each([
    '/docs/static',
    '/docs/static/',
    '/docs/static/..%2f',
    '/docs/static/%2e%2e/',
    '/docs/static/../',
  ])('is never listed: %s', async (url) => {
    const { body } = await office.app.inject({ url });

    // Files that lie there and that no page names.
    expect(body).not.toMatch(/oauth2-redirect/);
  });

  it('of the reference serves such files by their names', async () => {
    const { statusCode } = await office.app.inject({ url: '/docs/static/oauth2-redirect.html' });

    expect(statusCode).toBe(200);
  });
});

describe('text', () => {
  it.each([
    ['/i/F-0', 'text/html; charset=utf-8'],
    ['/outbox', 'text/html; charset=utf-8'],
    ['/style.css', 'text/css; charset=utf-8'],
    ['/icon.svg', 'image/svg+xml; charset=utf-8'],
    ['/docs/', 'text/html; charset=utf-8'],
    ['/openapi.json', 'application/json; charset=utf-8'],
    ['/v1/me', 'application/json; charset=utf-8'],
    ['/v1/nothing', 'application/problem+json; charset=utf-8'],
    ['/metrics', 'text/plain; version=0.0.4; charset=utf-8'],
  ])('says its type and its charset: %s', async (url, type) => {
    const { headers } = await office.app.inject({
      url,
      headers: { authorization: `Bearer ${office.keys.admin}` },
    });

    expect(headers['content-type']).toBe(type);
  });
});
