import pg from 'pg';

/** The addresses by which the two roles reach the database; its name and their passwords are taken from them. */
export interface RoleUrls {
  /** As `relance_owner`, which migrates and owns the tables. */
  readonly ownerUrl: string;
  /** As `relance_app`, which the API and the workers use: it owns no table. */
  readonly appUrl: string;
}

/**
 * Makes the two roles and the database, as a superuser, and gives the roles the passwords of their addresses.
 *
 * Says again what must be true each time, so that one that was interrupted is finished by the next, and a password is
 * changed by changing the setting. Throws an Error that names the address which can't be right.
 */
export async function makeRolesAndDatabase(superUrl: string, { ownerUrl, appUrl }: RoleUrls): Promise<void> {
  const [owner, app] = [read(ownerUrl, 'relance_owner'), read(appUrl, 'relance_app')];
  const client = new pg.Client({ connectionString: superUrl });
  await client.connect();
  try {
    for (const { role, password } of [owner, app]) {
      const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
      await client.query(
        `${rowCount === 0 ? 'create' : 'alter'} role ${role} login password ${client.escapeLiteral(password)}`,
      );
    }
    const database = client.escapeIdentifier(owner.database);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [owner.database]);
    if (rowCount === 0) await client.query(`create database ${database} owner relance_owner`);
    await client.query(`revoke all on database ${database} from public`);
    await client.query(`grant connect, temporary on database ${database} to relance_app`);
  } finally {
    await client.end();
  }
}

function read(url: string, role: string): { role: string; password: string; database: string } {
  const { username, password, pathname } = new URL(url);
  const database = decodeURIComponent(pathname.slice(1));
  if (username !== role || password === '' || database === '')
    throw new Error(
      `give an address such as postgres://${role}:password@host:5432/relance, not one of "${username}"`,
    );
  return { role, password: decodeURIComponent(password), database };
}
