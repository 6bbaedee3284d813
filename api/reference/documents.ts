import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { factsText } from './facts.ts';
import { openApiText } from './openapi.ts';
import { policyText } from './policy.ts';
import { refusalsText } from './refusals.ts';
import { statesText } from './states.ts';

export interface ReferenceDocument {
  readonly name: string;
  /** What the code says today. */
  readonly text: () => string | Promise<string>;
}

/**
 * The reference in `docs/`, for those who read it without running anything.
 *
 * The committed files are copies of what the code says, so nobody edits them: a test compares each with its text.
 */
export const documents: readonly ReferenceDocument[] = [
  { name: 'openapi.json', text: openApiText },
  { name: 'facts.md', text: factsText },
  { name: 'refusals.md', text: refusalsText },
  { name: 'states.md', text: statesText },
  { name: 'policy.md', text: policyText },
];

/** Where the committed copy lies. */
export function copyPath({ name }: ReferenceDocument): string {
  return fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
}

// As a program (`npm run docs`) it writes the copies anew.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const document of documents) {
    writeFileSync(copyPath(document), await document.text());
    process.stdout.write(`Written: docs/${document.name}\n`);
  }
}
