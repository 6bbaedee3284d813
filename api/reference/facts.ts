import { factKinds } from '../../domain/fact-kinds.ts';
import type { FactKind } from '../../domain/fact-kinds.ts';
import { authorInWords } from '../words.ts';

/** The catalogue of facts: what can happen to an invoice, who may state it, and what it changes. */
export function factsText(): string {
  const rows = Object.entries(factKinds).map(([type, kind]) => row(type, kind));
  return `# Facts

What can happen to an invoice. Each invoice has a numbered log of facts, from which its state, its next step and every
explanation are worked out. Written by \`npm run docs\` from \`domain/fact-kinds.ts\`.

A fact that can be refused is one that a person or a program asks for, and that makes no sense for every invoice at every
moment: [refusals.md](refusals.md) says why. What happened outside, and what Relance did itself, is recorded as it is.

| fact | stated by | can be refused | what it changes |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function row(type: string, { statedBy, refusable, changes }: FactKind): string {
  const authors = statedBy.map((kind) => authorInWords(kind, 'en')).join(', ');
  return `| \`${type}\` | ${authors} | ${refusable ? 'yes' : 'no'} | ${changes} |`;
}
