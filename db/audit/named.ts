import type { Db } from '../database.ts';

/** How people, invoices and creditors are called today, by id; ids of nothing are left out. */
export interface Named {
  readonly people: ReadonlyMap<string, string>;
  readonly invoices: ReadonlyMap<string, string>;
}

const isId = (id: string): boolean => /^[0-9a-f-]{36}$/.test(id);

/** Names for a page of findings. Entries hold ids alone, so that names can go and proofs stay. */
export async function namedIn(
  db: Db,
  ids: { readonly people: readonly string[]; readonly invoices: readonly string[] },
): Promise<Named> {
  const [people, invoices] = [ids.people.filter(isId), ids.invoices.filter(isId)].map((all) => [
    ...new Set(all),
  ]);
  const users =
    people === undefined || people.length === 0
      ? []
      : await db.selectFrom('app_user').select(['id', 'name']).where('id', 'in', people).execute();
  const numbers =
    invoices === undefined || invoices.length === 0
      ? []
      : await db.selectFrom('invoice').select(['id', 'number']).where('id', 'in', invoices).execute();
  return {
    people: new Map(users.map(({ id, name }) => [id, name])),
    invoices: new Map(numbers.map(({ id, number }) => [id, number])),
  };
}
