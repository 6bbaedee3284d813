import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig, readTemporalSettings } from '../../../config.ts';
import { readKeyRing } from '../../../temporal/sealing/key-ring.ts';

const fresh = (): string => randomBytes(32).toString('base64');

const folder = mkdtempSync(join(tmpdir(), 'relance-keys-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function inFile(text: string): string {
  const file = join(folder, randomBytes(6).toString('hex'));
  writeFileSync(file, text);
  return file;
}

describe('the key ring', () => {
  it('is read from lines, blanks or commas, in their order, with remarks', () => {
    const [one, two, three] = [fresh(), fresh(), fresh()];

    const ring = readKeyRing(`# seals\n2026-11:${one}   # since November\n\n2026-05:${two},old.1:${three}\n`);

    expect(ring.map(({ id }) => id)).toEqual(['2026-11', '2026-05', 'old.1']);
    expect(ring.map(({ key }) => key.export().toString('base64'))).toEqual([one, two, three]);
  });

  const twin = fresh();
  it.each([
    ['without a key', '  # nothing yet\n', 'there is no key'],
    ['with a short key', `a:${randomBytes(16).toString('base64')}`, 'a has 16 bytes, and a key has 32'],
    ['with a long key', `a:${randomBytes(48).toString('base64')}`, 'a has 48 bytes, and a key has 32'],
    ['with a key of zeros', `a:${Buffer.alloc(32).toString('base64')}`, 'a was not made by chance'],
    [
      'with a typed key',
      `a:${Buffer.from('passwordpasswordpasswordpassword').toString('base64')}`,
      'a was not',
    ],
    ['with two keys of one name', `a:${fresh()} a:${fresh()}`, 'two keys named a'],
    ['with one key under two names', `a:${twin} b:${twin}`, 'b is the same key as a'],
    ['with a key without a name', fresh(), 'entry 1 is not written as name:key'],
    ['with a name alone', `a:${fresh()} b:`, 'entry 2 is not written as name:key'],
    [
      'with a key that is no base64',
      `a:${fresh()} b:${'é'.repeat(44)}`,
      'entry 2 is not written as name:key',
    ],
  ])('is refused %s, with the remedy', (_, text, problem) => {
    expect(() => readKeyRing(text)).toThrow(problem);
    expect(() => readKeyRing(text)).toThrow(/openssl rand -base64 32|give each a name/);
  });

  it('shows no key to whoever logs it, nor in what it refuses', () => {
    const secret = fresh();

    expect(inspect(readKeyRing(`a:${secret}`), { depth: 9, showHidden: true })).not.toContain(secret);
    for (const wrong of [secret, `a:${secret} a:${secret}`, `a:${secret}x`, `a ${secret}`])
      expect(() => readKeyRing(wrong)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(secret.slice(0, 20)) as string }),
      );
  });
});

describe('a process', () => {
  const given = { DATABASE_URL: 'postgres://relance_app:x@127.0.0.1:5432/relance' };

  it('takes its keys from a file, and says what is wrong with it by the name of the setting', () => {
    const file = inFile(`2026-11:${fresh()}\n`);

    expect(readConfig({ ...given, PAYLOAD_KEYS_FILE: file }).PAYLOAD_KEYS_FILE?.[0].id).toBe('2026-11');
    expect(readTemporalSettings({ PAYLOAD_KEYS_FILE: file }).PAYLOAD_KEYS_FILE?.[0].id).toBe('2026-11');
  });

  it.each([
    ['a wrong key', { PAYLOAD_KEYS_FILE: inFile('a:AAAA') }, /PAYLOAD_KEYS_FILE: .*a has 3 bytes/],
    ['a file that is not there', { PAYLOAD_KEYS_FILE: '/nowhere/keys' }, /PAYLOAD_KEYS_FILE: give the path/],
    ['a file of something else', { PAYLOAD_KEYS_FILE: 'LICENSE' }, /PAYLOAD_KEYS_FILE: .*entry 1 is not/],
    ['nothing to open with', { PAYLOADS_SEALED_ONLY: 'true' }, /PAYLOADS_SEALED_ONLY: give the keys too/],
  ])('does not start with %s', (_, settings, problem) => {
    expect(() => readConfig({ ...given, ...settings })).toThrow(problem);
  });
});
