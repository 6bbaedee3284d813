import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOffice } from '../setup/office.ts';
import type { Office } from '../setup/office.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

describe('sales, a resolver and an external firm', () => {
  // They have a part of the files; nothing cuts lists and pages to that part yet.
  it('read no file, list or page, and only who they are', async () => {
    await office.app.ready();
    const { paths } = office.app.swagger() as { paths: Record<string, Record<string, unknown>> };
    const read = Object.entries(paths)
      .filter(([path, methods]) => 'get' in methods && path.startsWith('/v1/'))
      .map(([path]) => path.replace(/\{[^}]+\}/g, '01890000-0000-7000-8000-000000000000'));
    const pages = ['/outbox', '/outbox/01890000-0000-7000-8000-000000000000', '/i/F-1', '/metrics'];

    const open: string[] = [];
    for (const as of ['sales', 'resolver', 'external_firm'] as const)
      for (const url of [...read, ...pages])
        if ((await office.ask('GET', url, undefined, { as })).status !== 403) open.push(`${as} ${url}`);

    expect(read.length).toBeGreaterThan(20);
    expect(open).toEqual(['sales /v1/me', 'resolver /v1/me', 'external_firm /v1/me']);
  });
});
