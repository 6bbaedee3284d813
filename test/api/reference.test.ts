import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { copyPath, documents } from '../../api/reference/documents.ts';

describe('the committed reference', () => {
  it.each(documents.map((document) => [document.name, document] as const))(
    'docs/%s is what the code says: npm run docs writes it anew',
    async (_, document) => {
      expect(readFileSync(copyPath(document), 'utf8')).toBe(await document.text());
    },
  );
});
