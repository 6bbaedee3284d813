import type { InjectOptions } from 'fastify';
import type { Answer, Office } from './office.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** A browser before the office: it keeps the cookies that it is given, and says where its requests come from. */
export interface Browser {
  readonly cookies: Map<string, string>;
  ask(method: Method, url: string, body?: object, headers?: Record<string, string>): Promise<Answer>;
  /** Sends a form as a page does. */
  send(url: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Answer>;
  /** The cookies as the header that it sends. */
  header(): string;
}

/** What a browser says that sends the request of a page of ours. */
export const fromOurPage = { 'sec-fetch-site': 'same-origin', origin: 'http://localhost' } as const;

export function openBrowser(office: Pick<Office, 'app'>, ip = '192.0.2.1'): Browser {
  const cookies = new Map<string, string>();
  const header = (): string => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const request = async (options: InjectOptions): Promise<Answer> => {
    const own = cookies.size === 0 ? {} : { cookie: header() };
    const response = await office.app.inject({
      remoteAddress: ip,
      ...options,
      headers: { host: 'localhost', 'user-agent': 'Firefox/140', ...own, ...options.headers },
    });
    for (const { name, value, maxAge } of response.cookies)
      if (maxAge === 0) cookies.delete(name);
      else cookies.set(name, value);
    const isJson = String(response.headers['content-type']).includes('json');
    return {
      status: response.statusCode,
      body: isJson ? response.json<unknown>() : undefined,
      headers: response.headers,
      text: response.body,
    };
  };
  return {
    cookies,
    header,
    ask: (method, url, body, headers = fromOurPage) =>
      request({ method, url, headers, ...(body === undefined ? {} : { payload: body }) }),
    send: (url, form, headers = fromOurPage) =>
      request({
        method: 'POST',
        url,
        headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams(form).toString(),
      }),
  };
}
