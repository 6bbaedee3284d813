import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { audit } from '../../audit.ts';
import { openOffice } from '../setup/office.ts';
import { UnpackedBundle } from '../setup/unpacked-bundle.ts';

describe('`audit bundle`', () => {
  it('writes a file that verifies, without Temporal too, leaves a trace, and writes over nothing', async () => {
    const office = await openOffice();
    const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
    onTestFinished(async () => {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true });
      await office.close();
    });
    const { id, number } = await office.invoice();
    vi.stubEnv('DATABASE_URL', office.database.url);
    vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:9');
    const out = join(folder, 'file.zip');
    const said: string[] = [];
    const ask = (...args: readonly string[]) =>
      audit(['bundle', ...args, '--out', out], (line) => void said.push(line));

    expect(await ask(number, '--language', 'en')).toBe(0);
    const bundle = new UnpackedBundle(readFileSync(out));
    const { code, said: verdict } = bundle.verify();

    expect(said).toEqual([out]);
    expect(code).toBe(0);
    expect(verdict).toContain('The engine did not answer');
    expect(verdict).toContain('WHAT CAN BE VERIFIED HOLDS');
    const { whole } = bundle.json('manifest.json');
    const { body } = await office.ask('GET', `/v1/audit/accesses?invoice=${id}`, undefined, {
      as: 'auditor',
    });
    const noted = JSON.stringify(body);
    expect(noted).toContain('audit bundle');
    expect(noted).toContain(`whole=${String(whole)}`);
    await expect(ask(number)).rejects.toThrow(/EEXIST/);
    await expect(ask('F-none')).rejects.toThrow('No invoice bears the number F-none.');
    await expect(ask(number, '--third-persons', 'some')).rejects.toThrow('is none of full, masked, left_out');
  });
});
