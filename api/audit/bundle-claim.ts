import { lumpSumCurrency } from '../../db/claims.ts';
import type { Claim } from '../../db/claims.ts';
import { MissingLawValue } from '../../domain/law/law-value.ts';
import {
  computationInWords,
  interestInWords,
  lumpSumInWords,
  noticeInWords,
  rateInWords,
} from '../claim-words.ts';
import { dayInWords, moneyInWords } from '../words.ts';
import type { BundleFile } from './bundle-file.ts';
import type { Cell, Section } from './bundle-sections.ts';
import { bundleWords } from './bundle-words.ts';

/** What is claimed on the day, each line with its computation as it would be done by hand. */
export function claimed({ claim: found, language, today }: BundleFile): Section {
  const words = bundleWords[language];
  const section = {
    id: 'claim',
    title: words.claim(dayInWords(today, language)),
    columns: [
      { head: words.item, width: 150 },
      { head: words.computation, width: '*' },
      { head: words.sum, width: 76, isNumber: true },
    ],
  } as const;
  if (found instanceof MissingLawValue) return { ...section, note: words.claimUnknown, rows: [] };
  const { claim } = found;
  const notes = [
    interestInWords(claim.penalties.interest, language),
    ...claim.penalties.notices.map((notice) => noticeInWords(notice, language)),
  ].filter((text) => text !== '');
  return { ...section, note: [...notes, words.claimSources].join(' '), rows: claimRows(claim, language) };
}

function claimRows(claim: Claim, language: BundleFile['language']): readonly (readonly Cell[])[] {
  const words = bundleWords[language];
  const { penalties, currency } = claim;
  const money = (cents: number): string => moneyInWords(cents, currency, language);
  const row = (what: string, how: string, cents: number, isStrong = false): readonly Cell[] => [
    { text: what, isStrong },
    { text: how },
    { text: money(cents), isStrong },
  ];
  const waived = penalties.interestCents - penalties.interestPaidCents - penalties.interestDueCents;
  return [
    row(words.principal, '', penalties.principalCents),
    ...penalties.lines.map((line) => [
      {
        text: words.interest,
        notes: [`${dayInWords(line.from, language)} – ${dayInWords(line.to, language)}`],
      },
      { text: computationInWords(line, currency, language), notes: [rateInWords(line.rate, language)] },
      { text: money(line.cents) },
    ]),
    ...(penalties.interestPaidCents === 0 ? [] : [row(words.interestPaid, '', -penalties.interestPaidCents)]),
    ...(waived === 0 ? [] : [row(words.interestWaived, '', -waived)]),
    [
      { text: words.lumpSum },
      {
        text: lumpSumInWords(penalties.lumpSum.reason, language),
        notes: [penalties.lumpSum.source ?? ''],
      },
      { text: moneyInWords(penalties.lumpSum.cents, lumpSumCurrency, language) },
    ],
    row(words.total, '', claim.totalCents, true),
  ];
}
