import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../../setup/database.ts';

describe('our own Postgres', () => {
  let database: FreshDatabase;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());

  it('orders and compares text as UTF-8 with one locale, the same on each machine', async () => {
    const [row] = await ask(
      database.url,
      "select current_setting('server_encoding') as encoding, upper('é') as upper",
    );

    expect(row).toEqual({ encoding: 'UTF8', upper: 'É' });
  });

  it('gives each caller of freshDatabase a database of its own', async () => {
    const other = await freshDatabase();
    await ask(database.ownerUrl, 'create table mine (n int)');

    const found = await ask(
      other.ownerUrl,
      "select from information_schema.tables where table_name = 'mine'",
    );

    expect(found).toEqual([]);
    await other.drop();
  });

  // The API and the workers connect as this role: it must not be able to rewrite the journal's rules.
  it('does not let the role of the application make or own tables', async () => {
    const attempt = ask(database.url, 'create table theirs (n int)');

    await expect(attempt).rejects.toThrow('permission denied for schema public');
  });
});

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}
