import type { Desk, InvoiceFile } from '../db/desk.ts';
import { tellPeople, withAddress } from './tell-people.ts';
import type { Told, Telling } from './tell-people.ts';

/** Tells those who come in for a firm that has these files, or the address of the firm where none of them has one. */
export async function tellPartner(
  desk: Desk,
  firmId: string,
  files: readonly InvoiceFile[],
  telling: Telling,
): Promise<void> {
  const people: readonly Told[] = (await withAddress(desk.tx, ['external_firm'])).filter(
    ({ firm_id: of }) => of === firmId,
  );
  const firm = await desk.tx
    .selectFrom('firm')
    .select(['id', 'name', 'email'])
    .where('id', '=', firmId)
    .executeTakeFirstOrThrow();
  const those: readonly Told[] =
    people.length > 0 || firm.email === null ? people : [{ ...firm, language: 'fr', isUser: false }];
  await tellPeople(desk, files, those, telling);
}
