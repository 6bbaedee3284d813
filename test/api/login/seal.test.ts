import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sealWith } from '../../../api/login/seal.ts';
import { readConfig } from '../../../config.ts';

const [old, fresh] = [randomBytes(32), randomBytes(32)];

describe('a sealed secret', () => {
  it('opens for whom it was sealed, and for nobody else', () => {
    const { seal, open } = sealWith([old]);
    const sealed = seal('JBSWY3DPEHPK3PXP', 'claire');

    expect(open(sealed, 'claire')).toBe('JBSWY3DPEHPK3PXP');
    expect(sealed).not.toContain('JBSWY3DPEHPK3PXP');
    expect(() => open(sealed, 'paul')).toThrow();
  });

  it('never reads the same twice, and opens no more once a sign of it was changed', () => {
    const { seal, open } = sealWith([old]);
    const [one, other] = [seal('secret', 'claire'), seal('secret', 'claire')];

    expect(one).not.toBe(other);
    for (let at = 'v1.'.length; at < one.length; at += 1) {
      const sign = one[at] === 'A' ? 'B' : 'A';
      // The last sign of base64 holds bits that nobody reads.
      if (one[at] !== '.' && at < one.length - 1)
        expect(() => open(one.slice(0, at) + sign + one.slice(at + 1), 'claire')).toThrow();
    }
  });

  it('opens with the key that sealed it as long as that is among ours, and is sealed with the first', () => {
    const before = sealWith([old]).seal('secret', 'claire');
    const ring = sealWith([fresh, old]);
    const after = ring.seal('secret', 'claire');

    expect([ring.open(before, 'claire'), ring.open(after, 'claire')]).toEqual(['secret', 'secret']);
    expect(sealWith([fresh]).open(after, 'claire')).toBe('secret');
    expect(() => sealWith([fresh]).open(before, 'claire')).toThrow('not among ours');
  });
});

describe('the settings of the login', () => {
  const read = (given: Record<string, string>) =>
    readConfig({ DATABASE_URL: 'postgres://relance_app:x@127.0.0.1:5432/relance', ...given });
  const oidc = {
    OIDC_ISSUER: 'https://login.example',
    OIDC_CLIENT_ID: 'relance',
    OIDC_CLIENT_SECRET: 'a-long-enough-secret',
  };

  it.each([
    ['PLAIN_HTTP', { PLAIN_HTTP: 'true', HOST: '0.0.0.0' }],
    ['PLAIN_HTTP', { PLAIN_HTTP: 'true', HOST: '192.168.1.4' }],
    ['PLAIN_HTTP', { PLAIN_HTTP: 'true', PUBLIC_URL: 'https://relance.example' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'http://relance.example' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://relance.example/path' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'relance.example' }],
    ['LOGIN_KEYS', { LOGIN_KEYS: 'too short' }],
    ['LOGIN_KEYS', { LOGIN_KEYS: '0'.repeat(64) }],
    ['LOGIN_KEYS', { LOGIN_KEYS: 'deadbeef'.repeat(8) }],
    ['SESSION_HOURS', { SESSION_HOURS: '1000' }],
    ['SESSION_IDLE_MINUTES', { SESSION_IDLE_MINUTES: '0' }],
    ['OIDC_CLIENT_SECRET', { OIDC_ISSUER: oidc.OIDC_ISSUER, OIDC_CLIENT_ID: 'relance' }],
    ['OIDC_ISSUER', { ...oidc, OIDC_ISSUER: 'http://login.example' }],
    ['OIDC_CLIENT_SECRET', { ...oidc, OIDC_CLIENT_SECRET: 'short' }],
  ])('keep a process from starting that would be unsafe: %s in %j', (name, given) => {
    expect(() => read(given as Record<string, string>)).toThrow(new RegExp(`^  ${name}: `, 'm'));
  });

  it('are safe when nothing is given, and as given otherwise', () => {
    expect(read({})).toMatchObject({ PLAIN_HTTP: false, SESSION_IDLE_MINUTES: 30, SESSION_HOURS: 12 });
    expect(read({ PLAIN_HTTP: 'true' }).PLAIN_HTTP).toBe(true);
    expect(read({ PUBLIC_URL: 'https://relance.example/', ...oidc })).toMatchObject({
      PUBLIC_URL: 'https://relance.example',
      OIDC_ISSUER: 'https://login.example',
    });
    const [first, second] = [randomBytes(32), randomBytes(32)];
    expect(read({ LOGIN_KEYS: `${first.toString('hex')},${second.toString('hex')}` }).LOGIN_KEYS).toEqual([
      first,
      second,
    ]);
  });
});
