import { randomUUID } from 'node:crypto';
import { askApproval } from '../../../db/approvals.ts';
import { atTheDesk } from '../../../db/desk.ts';
import { uuidv7 } from '../../../db/uuid.ts';
import type { Office } from '../../setup/office.ts';

/** How invoices name whoever they are bound to: of some, the collector and the seller by a mail address in capitals. */
export interface Bound {
  readonly collector: string;
  readonly salesOwner: string;
  readonly resolver: string | null;
  readonly firm: string | null;
}

const little = { amount: 100, currency: 'EUR' };

/**
 * Rows of every kind around one invoice, made when they are first asked for.
 *
 * Bound to the callers of the matrix, or to strangers. The debtor has a second invoice, the neighbour, that is always a
 * stranger's: who sees the debtor must not hear of it.
 */
export class Rows {
  readonly #office: Office;
  readonly #bound: Bound;
  readonly #made = new Map<string, Promise<string>>();
  /** What a caller who may not know of these rows must never read. */
  readonly secrets = new Set<string>();
  readonly neighbourSecrets = new Set<string>();
  number = '';

  constructor(office: Office, bound: Bound) {
    this.#office = office;
    this.#bound = bound;
  }

  /** The id of a row: of a parameter of an address, or of what a line of the policy is bound to. */
  id(name: string): Promise<string> {
    const before = this.#made.get(name);
    if (before) return before;
    const made = this.#make(name).then((id) => {
      this.secrets.add(id);
      return id;
    });
    this.#made.set(name, made);
    return made;
  }

  async #make(name: string): Promise<string> {
    const { house } = this.#office;
    switch (name) {
      case 'creditor':
        return this.#office.creditor();
      case 'debtor': {
        const debtor = `Débiteur ${randomUUID()}`;
        this.secrets.add(debtor);
        return this.#office.debtor({ name: debtor });
      }
      case 'invoice':
        return this.#invoice();
      case 'contact':
        return (
          await house.db
            .selectFrom('contact')
            .select('id')
            .where('debtor_id', '=', await this.#with('debtor'))
            .executeTakeFirstOrThrow()
        ).id;
      case 'promise':
        return this.#asked('promises', { date: '2026-03-10', amount: little }, 'promiseId');
      case 'dispute': {
        const id = await this.#asked('disputes', { reason: 'quality', amount: little }, 'disputeId');
        await house.db
          .updateTable('dispute')
          .set({ assigned_to: this.#bound.resolver })
          .where('id', '=', id)
          .execute();
        return id;
      }
      case 'dispute of another':
        return this.#asked('disputes', { reason: 'delivery', amount: little }, 'disputeId');
      case 'dispute document': {
        const [id, at] = [uuidv7(), new Date(await this.#office.clock.now())];
        const [disputeId, subject] = [await this.id('dispute'), await this.id('invoice')];
        const paper = { kind: 'dispute', name: 'bon.pdf', media_type: 'application/pdf' };
        await house.db
          .insertInto('document')
          .values({ id, ...paper, bytes: Buffer.from('%PDF-'), sha256: 'c'.repeat(64), subject, at })
          .execute();
        await house.db
          .insertInto('dispute_document')
          .values({ id, dispute_id: disputeId, way: 'from_debtor', added_by: 'test', at })
          .execute();
        return id;
      }
      case 'plan':
        return this.#done(
          'plans',
          { invoiceIds: [await this.id('invoice')], equal: { count: 3, firstOn: '2026-04-01' } },
          'id',
        );
      case 'hold':
        return this.#asked('holds', { reason: 'other' }, 'holdId');
      case 'debtor hold':
        await this.id('invoice');
        return this.#done(`debtors/${await this.id('debtor')}/holds`, { reason: 'other' }, 'holdId');
      case 'task': {
        const taskId = uuidv7();
        await this.#office.state(await this.id('invoice'), {
          type: 'taskOpened',
          taskId,
          task: 'insolvency',
          about: null,
          dueOn: '2026-03-10',
        });
        return taskId;
      }
      case 'approval':
        return this.#approval();
      case 'message':
        return this.#message('delivered');
      case 'draft':
        return this.#message('planned');
      case 'document': {
        const messageId = await this.id('message');
        const row = await house.db
          .selectFrom('message')
          .select('document_id')
          .where('id', '=', messageId)
          .executeTakeFirstOrThrow();
        return row.document_id ?? '';
      }
      case 'payment':
        return this.#done('payments', { ...(await this.#money()), valueDate: '2026-03-01' }, 'id');
      case 'credit note':
        return this.#done(
          'credit-notes',
          { ...(await this.#money()), number: randomUUID(), issueDate: '2026-03-01' },
          'id',
        );
      case 'stop':
        return this.#done(
          'stops',
          { scope: 'invoice', subjectId: await this.id('invoice'), reason: 'test' },
          'id',
        );
      case 'import':
        return this.#import();
      case 'user':
        return this.#done('users', { name: `User ${randomUUID()}`, role: 'accountant' }, 'user', 'id');
      case 'litigation': {
        const [id, at] = [uuidv7(), new Date(await this.#office.clock.now())];
        const [debtor_id, creditor_id] = [await this.#with('debtor'), await this.id('creditor')];
        const firm_id = this.#bound.firm ?? (await this.id('firm'));
        const handed = { firm_id, handed_at: at, handed_by: 'test' };
        await house.db
          .insertInto('litigation')
          .values({
            id,
            debtor_id,
            creditor_id,
            currency: 'EUR',
            state: 'handed',
            opened_at: at,
            opened_by: 'test',
            ...handed,
          })
          .execute();
        await house.db
          .insertInto('litigation_invoice')
          .values({ litigation_id: id, invoice_id: await this.id('invoice'), joined_at: at })
          .execute();
        return id;
      }
      case 'firm':
        return this.#done('firms', { name: `Étude ${randomUUID()}`, kind: 'lawyer' }, 'id');
      case 'merge': {
        const office = this.#office;
        const pair = { goneId: await office.debtor(), intoId: await office.debtor() };
        return this.#done('merges', pair, 'mergeId');
      }
      case 'key':
        return this.#done(`users/${this.#office.users.auditor}/keys`, {}, 'prefix');
      default:
        throw new Error(`no row is made for ${name}`);
    }
  }

  async #with(name: string): Promise<string> {
    await this.id('invoice');
    return this.id(name);
  }

  async #invoice(): Promise<string> {
    const { house } = this.#office;
    const { collector, salesOwner, resolver, firm } = this.#bound;
    const parties = { creditorId: await this.id('creditor'), debtorId: await this.id('debtor') };
    const made = await this.#office.invoice({ ...parties, collector, salesOwner });
    const neighbour = await this.#office.invoice({
      ...parties,
      number: `N-${randomUUID()}`,
      dueDate: '2026-01-10',
      collector: 'somebody else',
    });
    this.number = made.number;
    for (const secret of [neighbour.id, neighbour.number]) this.neighbourSecrets.add(secret);
    this.secrets.add(made.number);
    const at = new Date(await this.#office.clock.now());
    if (resolver !== null)
      await house.db
        .insertInto('dispute')
        .values({
          id: uuidv7(),
          invoice_id: made.id,
          contested_cents: 1,
          reason: 'price',
          state: 'resolved',
          outcome: 'unjustified',
          opened_at: at,
          opened_by: 'test',
          opened_on: '2026-02-02',
          department: 'sales',
          assigned_to: resolver,
        })
        .execute();
    if (firm !== null)
      await house.db
        .insertInto('hand_over')
        .values({ id: uuidv7(), invoice_id: made.id, firm_id: firm, handed_at: at, handed_by: 'test' })
        .execute();
    return made.id;
  }

  async #money(): Promise<object> {
    const debtorId = await this.#with('debtor');
    return { debtorId, creditorId: await this.id('creditor'), amount: little, allocations: [] };
  }

  async #asked(what: string, body: object, answer: string): Promise<string> {
    return this.#done(`invoices/${await this.id('invoice')}/${what}`, body, answer);
  }

  async #done(path: string, body: object, ...answer: readonly string[]): Promise<string> {
    const said = await this.#office.ask('POST', `/v1/${path}`, body, { as: 'admin' });
    const id = answer.reduce<unknown>(
      (value: unknown, name) => (value as Record<string, unknown>)[name],
      said.body,
    );
    if (typeof id !== 'string') throw new Error(`POST /v1/${path} answered ${said.status} ${said.text}`);
    return id;
  }

  /** Asked for by somebody who is no caller of the matrix. */
  async #approval(): Promise<string> {
    const { house } = this.#office;
    const invoiceId = await this.id('invoice');
    const lines = [{ invoiceId, amountCents: 1 }];
    const deed = { does: 'waive', on: '2026-03-02', reason: 'other' } as const;
    const by = { kind: 'user', id: randomUUID() } as const;
    const asked = await atTheDesk(house, [await this.id('debtor')], (desk) =>
      askApproval(desk, { act: 'waiver', lines, about: null, deed }, by),
    );
    if (asked.kind === 'refused') throw new Error(asked.refusal.message);
    return asked.approvalId;
  }

  async #message(state: 'delivered' | 'planned'): Promise<string> {
    const { db } = this.#office.house;
    const [messageId, requestId, documentId] = [uuidv7(), uuidv7(), uuidv7()];
    const at = new Date(await this.#office.clock.now());
    const invoiceId = await this.id('invoice');
    const of = { debtor_id: await this.id('debtor'), creditor_id: await this.id('creditor') };
    const said = { channel: 'email', level: 'reminder', template: 'reminder' } as const;
    await db
      .insertInto('contact_request')
      .values({
        id: requestId,
        invoice_id: invoiceId,
        ...of,
        ...said,
        step: state,
        occurrence: 1,
        mode: 'review',
        recipient: 'billing',
        state: state === 'planned' ? 'waiting' : 'done',
        asked_at: at,
      })
      .execute();
    if (state === 'delivered')
      await db
        .insertInto('document')
        .values({
          id: documentId,
          kind: 'letter',
          name: 'lettre.pdf',
          media_type: 'application/pdf',
          bytes: Buffer.from('%PDF'),
          sha256: 'b'.repeat(64),
          at,
        })
        .execute();
    await db
      .insertInto('message')
      .values({
        id: messageId,
        key: messageId,
        purpose: 'contact',
        ...of,
        ...said,
        language: 'fr',
        state,
        planned_at: at,
        state_at: at,
        figures: '{}',
        recipient: 'compta@debiteur.example',
        sha256: 'a'.repeat(64),
        ...(state === 'delivered'
          ? { claimed_at: at, document_id: documentId, body_html: '<p>Bonjour</p>' }
          : {}),
      })
      .execute();
    await db
      .insertInto('message_line')
      .values({
        message_id: messageId,
        invoice_id: invoiceId,
        request_id: requestId,
        fact: 1,
        balance_cents: 120_000,
        asked_cents: 120_000,
        open: true,
      })
      .execute();
    return messageId;
  }

  async #import(): Promise<string> {
    const id = uuidv7();
    const at = new Date(await this.#office.clock.now());
    await this.#office.house.db
      .insertInto('import')
      .values({
        id,
        sha256: randomUUID(),
        name: 'file.csv',
        state: 'applied',
        answers: '{}',
        reading: '{}',
        imported_by: this.#office.users.admin,
        at,
        applied_at: at,
      })
      .execute();
    return id;
  }
}
