import { describe, expect, it } from 'vitest';
import { mentions, missingMentions } from '../../domain/notice/mentions.ts';
import type { Mention, NoticeParticulars } from '../../domain/notice/mentions.ts';

const whole: NoticeParticulars = {
  creditor: {
    legalName: 'Ateliers Martin SAS',
    siren: '732829320',
    address: ['12 rue des Forges', '69003 Lyon'],
    country: 'FR',
    iban: 'FR1420041010050500013M02606',
    senderName: 'Service comptable',
  },
  debtor: {
    name: 'Dupont SA',
    siren: '552100554',
    kind: 'company',
    country: 'FR',
    address: ['3 place du Marché', '33000 Bordeaux'],
  },
  invoice: { number: 'F-1', issueDate: '2026-02-14', dueDate: '2026-03-16', askedCents: 120_000 },
  noticeDays: 8,
};

/** The particulars with one thing that nobody has told us. */
const lacking: Readonly<Record<Mention, NoticeParticulars>> = {
  'creditor.legalName': { ...whole, creditor: { ...whole.creditor, legalName: ' ' } },
  'creditor.siren': { ...whole, creditor: { ...whole.creditor, siren: null } },
  'creditor.address': { ...whole, creditor: { ...whole.creditor, address: [''] } },
  'creditor.iban': { ...whole, creditor: { ...whole.creditor, iban: null } },
  'creditor.senderName': { ...whole, creditor: { ...whole.creditor, senderName: null } },
  'debtor.name': { ...whole, debtor: { ...whole.debtor, name: '' } },
  'debtor.siren': { ...whole, debtor: { ...whole.debtor, siren: null } },
  'debtor.address': { ...whole, debtor: { ...whole.debtor, address: [] } },
  'invoice.number': { ...whole, invoice: { ...whole.invoice, number: '' } },
  'invoice.issueDate': { ...whole, invoice: { ...whole.invoice, issueDate: null } },
  'invoice.dueDate': { ...whole, invoice: { ...whole.invoice, dueDate: null } },
  'invoice.amount': { ...whole, invoice: { ...whole.invoice, askedCents: 0 } },
  deadline: { ...whole, noticeDays: 0 },
};

describe('a formal notice', () => {
  it('that says all it must lacks nothing', () => {
    expect(missingMentions(whole)).toEqual([]);
  });

  it.each(mentions)('that lacks %s is told so, and nothing else', (mention) => {
    expect(missingMentions(lacking[mention])).toEqual([mention]);
  });

  it('to a consumer or abroad names no SIREN of the debtor', () => {
    const unnumbered = { ...whole.debtor, siren: null };

    expect(missingMentions({ ...whole, debtor: { ...unnumbered, kind: 'consumer' } })).toEqual([]);
    expect(missingMentions({ ...whole, debtor: { ...unnumbered, country: 'DE' } })).toEqual([]);
  });
});
