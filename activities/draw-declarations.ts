import { dayInZone } from '../db/calendars.ts';
import { claimUnder } from '../db/claims.ts';
import type { Db, Tx } from '../db/database.ts';
import { securitiesOf } from '../db/debtor-reads.ts';
import { totalsOf } from '../db/declaration-reads.ts';
import type { DeclarationRead, InsolvencyRead } from '../db/declaration-reads.ts';
import { contactFrom } from '../db/door.ts';
import type { House } from '../db/house.ts';
import { declaredCasesOf } from '../db/insolvency-claims.ts';
import type { DeclaredClaim } from '../db/insolvency-claims.ts';
import { collectionFrom } from '../db/journal.ts';
import { lawIn } from '../db/law.ts';
import { piecesOfInvoices } from '../db/litigation-pieces.ts';
import { contestedCentsOf } from '../domain/collection.ts';
import { contactFor } from '../domain/contact.ts';
import type { InterestLine } from '../domain/law/interest-run.ts';
import { MissingLawValue, orMissing } from '../domain/law/law-value.ts';
import { noticePresented } from '../domain/notice/notice-presented.ts';
import type { CivilDate, Instant } from '../domain/time.ts';
import type { Declaration, StatedInDeclaration } from './compose/declaration.ts';

/** A part of the claims, for a partner who may know of no others. */
export interface CutTo {
  readonly reference: string;
  readonly invoiceIds: readonly string[];
}

/**
 * What one creditor has declared and has still to declare in an insolvency, each as the document that states it.
 *
 * Sums are those of `readInsolvency` and of nothing else. Interest is shown line by line where its lines make up what is
 * stated; where a part of it was paid, waived or declared before, the sum alone is.
 */
export async function drawDeclarations(
  db: Db | Tx,
  house: House,
  { row, declarations }: InsolvencyRead,
  creditorId: string,
  now: Instant,
  cutTo: CutTo | null = null,
): Promise<readonly Declaration[]> {
  const own = declarations.filter((one) => one.creditorId === creditorId);
  const creditor = await db
    .selectFrom('creditor')
    .selectAll()
    .where('id', '=', creditorId)
    .executeTakeFirstOrThrow();
  const debtor = await debtorIn(db, row.debtor_id);
  const today = dayInZone(creditor.zone, now);
  const proofs = await proofsOf(
    db,
    house,
    own.flatMap(({ claims }) => claims),
    row.judgment_on,
    today,
  );
  const sent = own.flatMap(({ sentOn }) => sentOn ?? []).sort();
  return own.flatMap((one): readonly Declaration[] => {
    const claims = one.claims.filter(({ invoiceId }) => cutTo?.invoiceIds.includes(invoiceId) ?? true);
    if (claims.length === 0) return [];
    return [
      {
        today,
        sentOn: one.sentOn,
        completes: sent.filter((day) => one.sentOn === null || day < one.sentOn),
        partOf: cutTo && claims.length < one.claims.length ? cutTo.reference : null,
        lastDay: lastDayOf(one),
        creditor: {
          name: creditor.legal_name ?? creditor.key,
          siren: creditor.siren,
          addressLines: creditor.address,
          country: creditor.country,
          vatNumber: creditor.vat_number,
          registration: creditor.registration,
          contactLines: [creditor.sender_name, creditor.phone, creditor.reply_to].flatMap((it) => it ?? []),
        },
        debtor: debtor.party,
        procedure: {
          kind: row.kind,
          judgmentOn: row.judgment_on,
          publishedOn: row.published_on,
          court: row.court,
          administrator: row.administrator,
        },
        guarantee: debtor.guarantee,
        claims: claims.map((claim) => ({ ...claim, ...proofs.of(claim) })),
        totals: totalsOf(claims),
        pieces: proofs.ofAll,
      },
    ];
  });
}

/** Its name in an archive, or on a disk. */
export function nameOfDeclaration({ sentOn }: Pick<Declaration, 'sentOn'>): string {
  return sentOn === null ? 'declaration-a-envoyer.pdf' : `declaration-du-${sentOn}.pdf`;
}

function lastDayOf({ dates }: DeclarationRead) {
  return dates?.declaration ?? null;
}

async function debtorIn(
  db: Db | Tx,
  id: string,
): Promise<Pick<Declaration, 'guarantee'> & { party: Declaration['debtor'] }> {
  const { name, siren, country } = await db
    .selectFrom('debtor')
    .select(['name', 'siren', 'country'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const rows = await db.selectFrom('contact').selectAll().where('debtor_id', '=', id).orderBy('id').execute();
  const addressLines = contactFor(rows.map(contactFrom), 'letter', 'billing')?.addressLines ?? [];
  const { guarantee: what, guaranteeUntil: until } = await securitiesOf(db, id);
  return {
    party: { name, siren, addressLines, country },
    guarantee: what === null ? null : { what, until },
  };
}

type Proof = Omit<StatedInDeclaration, keyof DeclaredClaim>;

/** What proves each claim; a piece that was handed in for all of them is named once. */
async function proofsOf(
  db: Db | Tx,
  house: House,
  claims: readonly DeclaredClaim[],
  judgmentOn: CivilDate,
  today: CivilDate,
) {
  const ids = [...new Set(claims.map(({ invoiceId }) => invoiceId))];
  const pieces = await piecesOfInvoices(db, ids);
  const isOfAll = (documentId: string | null): boolean =>
    ids.every((id) => pieces.some((one) => one.invoiceId === id && one.documentId === documentId));
  const named = (all: typeof pieces) => all.map(({ piece, name }) => ({ piece, name }));
  const lines = await interestOf(db, ids, judgmentOn);
  const files = new Map<string, Pick<Proof, 'contestedCents' | 'noticePresentedOn'>>();
  for (const { id, collection: stored } of await storedIn(db, ids)) {
    const file = await collectionFrom(db, house.rules, stored);
    files.set(id, {
      contestedCents: contestedCentsOf(file),
      noticePresentedOn: noticePresented(file, today),
    });
  }
  return {
    ofAll: named(pieces.filter(({ invoiceId, documentId }) => invoiceId === ids[0] && isOfAll(documentId))),
    of: ({ invoiceId, interestCents }: DeclaredClaim): Proof => {
      const own = lines.get(invoiceId) ?? [];
      const isWhole = own.reduce((sum, { cents }) => sum + cents, 0) === interestCents;
      return {
        contestedCents: 0,
        noticePresentedOn: null,
        ...files.get(invoiceId),
        interestLines: isWhole ? own : [],
        pieces: named(pieces.filter((one) => one.invoiceId === invoiceId && !isOfAll(one.documentId))),
      };
    },
  };
}

/** The lines of which interest up to the judgment is made; none where a value of the law is missing. */
async function interestOf(
  db: Db | Tx,
  ids: readonly string[],
  judgmentOn: CivilDate,
): Promise<ReadonlyMap<string, readonly InterestLine[]>> {
  const law = await lawIn(db);
  const cases = await declaredCasesOf(db, ids, judgmentOn);
  return new Map(
    cases.flatMap((one) => {
      const claim = orMissing(() => claimUnder(law, one));
      return claim instanceof MissingLawValue ? [] : [[one.invoiceId, claim.penalties.lines] as const];
    }),
  );
}

async function storedIn(db: Db | Tx, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return db.selectFrom('invoice').select(['id', 'collection']).where('id', 'in', ids).execute();
}
