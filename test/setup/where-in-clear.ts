import type pg from 'pg';

/**
 * Every column of every table in which one of these words stands in clear, in small letters or capitals, as `table.column`.
 *
 * `sql` is a plain connection, which reads past everything that opens.
 */
export async function whereInClear(sql: pg.Client, words: readonly string[]): Promise<readonly string[]> {
  const { rows: columns } = await sql.query<{ name: string; column: string; type: string }>(
    `select table_name as name, column_name as column, data_type as type from information_schema.columns
     where table_schema = 'public' and table_name in (select tablename from pg_tables where schemaname = 'public')`,
  );
  const found: string[] = [];
  for (const { name, column, type } of columns) {
    const text = type === 'bytea' ? `encode("${column}", 'escape')` : `"${column}"::text`;
    const { rows } = await sql.query<{ count: string }>(
      `select count(*) from "${name}" where exists (select from unnest($1::text[]) word where position(lower(word) in lower(${text})) > 0)`,
      [words],
    );
    if (rows[0]?.count !== '0') found.push(`${name}.${column}`);
  }
  return found.sort();
}
