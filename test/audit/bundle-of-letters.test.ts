import { buffer } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundleOf } from '../../api/audit/bundle.ts';
import { openArchive } from '../../temporal/audit/archive/archive.ts';
import { settingsWith } from '../setup/settings.ts';
import { UnpackedBundle } from '../setup/unpacked-bundle.ts';
import { livedIn } from './lived-in.ts';

describe('a letter that was taken back from its desk', () => {
  it('is in the file of its invoice, as it was drawn up, and proved; left out, it is named', async () => {
    const { office, letter } = await livedIn();
    onTestFinished(() => office.close());
    const { house } = office;
    const at = { house, archive: openArchive(house.db, settingsWith()), client: null };
    const asked = { language: 'en', thirdPersons: 'full', by: 'operator' } as const;
    const zip = await buffer((await bundleOf(at, letter.id, asked)).pieces);
    const [bundle, forged] = [new UnpackedBundle(zip), new UnpackedBundle(zip)];
    forged.forge(forged.named('letter-reminder/headers.json'), (json) => {
      const headers = JSON.parse(json) as { content: object };
      return JSON.stringify({ ...headers, content: { ...headers.content, letter: null } });
    });
    forged.coverUp();

    const { code, said } = bundle.verify();

    expect(bundle.json(bundle.named('letter-reminder/headers.json'))).toMatchObject({
      outcome: 'cancelled',
      reason: 'figures_changed',
    });
    expect(bundle.read(bundle.named('letter.pdf'))).toMatch(/^%PDF/);
    expect(said).toContain('1 proven by the journal (content and recipient)');
    expect(said).not.toContain('✗');
    expect(code).toBe(0);
    expect(forged.verify()).toMatchObject({
      code: 1,
      said: expect.stringContaining('the journal proves another message'),
    });
  });
});
