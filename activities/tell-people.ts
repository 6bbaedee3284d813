import type { Selectable } from 'kysely';
import { dayInZone } from '../db/calendars.ts';
import type { Tx } from '../db/database.ts';
import type { Desk, InvoiceFile } from '../db/desk.ts';
import type { UserTable } from '../db/schema.ts';
import { uuidv7 } from '../db/uuid.ts';
import { askedCentsOf, contestedCentsOf } from '../domain/collection.ts';
import type { InternalNotice, InternalTemplateKey, InvoiceLine, Language } from '../domain/message.ts';
import type { Role } from '../domain/role.ts';
import { daysBetween } from '../domain/time.ts';
import type { CivilDate } from '../domain/time.ts';

export type Person = Selectable<UserTable>;

/** Whom a mail is for: a user, or a firm for whom nobody comes in. */
export type Told = Pick<Person, 'id' | 'name' | 'email' | 'language'> & { readonly isUser?: false };

/** What our own people are told about files of one debtor and creditor. */
export interface Telling {
  /** Said once to each person under this key, however often it is planned. */
  readonly key: string;
  readonly template: InternalTemplateKey;
  readonly titles: Readonly<Record<Language, string>>;
  readonly dueOn?: CivilDate;
}

/** Plans a mail to each of our own people; returns how many are told. The door of the debtor sends it. */
export async function tellPeople(
  desk: Desk,
  files: readonly InvoiceFile[],
  people: readonly Told[],
  { key, template, titles, dueOn }: Telling,
): Promise<number> {
  const [first] = files;
  if (!first || people.length === 0) return 0;
  const creditor = await desk.tx
    .selectFrom('creditor')
    .selectAll()
    .where('id', '=', first.collection.creditorId)
    .executeTakeFirstOrThrow();
  const debtor = await desk.tx
    .selectFrom('debtor')
    .select('name')
    .where('id', '=', first.debtorId)
    .executeTakeFirstOrThrow();
  const today = dayInZone(creditor.zone, desk.now);
  const at = new Date(desk.now);
  const lines = await linesOf(desk, files, today);

  for (const person of people) {
    const language: Language = person.language === 'en' ? 'en' : 'fr';
    const notice: InternalNotice = {
      template,
      language,
      today,
      creditorName: creditor.legal_name ?? creditor.key,
      recipientName: person.name,
      debtorName: debtor.name,
      title: titles[language],
      ...(dueOn === undefined ? {} : { dueDate: dueOn }),
      lines,
    };
    await desk.tx
      .insertInto('message')
      .values({
        id: uuidv7(),
        key: `internal/${key}/${person.id}`,
        purpose: 'internal',
        creditor_id: creditor.id,
        debtor_id: first.debtorId,
        user_id: person.isUser === false ? null : person.id,
        channel: 'email',
        language,
        template: notice.template,
        state: 'planned',
        planned_at: at,
        state_at: at,
        figures: JSON.stringify(notice),
        recipient: person.email ?? '',
        sha256: '',
      })
      .onConflict((clash) => clash.column('key').doNothing())
      .execute();
  }
  desk.poke(first.debtorId);
  return people.length;
}

async function linesOf(
  desk: Desk,
  files: readonly InvoiceFile[],
  today: CivilDate,
): Promise<readonly InvoiceLine[]> {
  const rows = await desk.tx
    .selectFrom('invoice')
    .select(['id', 'number', 'term', 'due_date', 'order_number'])
    .where(
      'id',
      'in',
      files.map(({ id }) => id),
    )
    .orderBy('due_date')
    .orderBy('id')
    .execute();
  return rows.flatMap((row) => {
    const file = files.find(({ id }) => id === row.id);
    return file
      ? {
          number: row.number,
          term: row.term,
          dueDate: row.due_date,
          ...(row.order_number ? { orderNumber: row.order_number } : {}),
          amountCents: file.collection.amountCents,
          balanceCents: file.collection.balanceCents,
          contestedCents: contestedCentsOf(file.collection),
          askedCents: askedCentsOf(file.collection),
          currency: file.collection.currency,
          daysLate: daysBetween(row.due_date, today),
          stepTaken: true,
        }
      : [];
  });
}

/** Those of these roles whom a mail reaches. */
export function withAddress(tx: Tx, roles: readonly Role[]): Promise<readonly Person[]> {
  return tx
    .selectFrom('app_user')
    .selectAll()
    .where('role', 'in', roles)
    .where('email', 'is not', null)
    .where('disabled_at', 'is', null)
    .orderBy('id')
    .execute();
}
