import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { describe, expect, inject, it } from 'vitest';

/**
 * Every sleeping file carries the whole bundle in memory. A library that slips in multiplies that, and whatever asks the
 * host (a clock, a zone, a random number) makes replays differ from host to host.
 */
const code = readFileSync(inject('workflowBundle'), 'utf8').replace(/\n\/\/# sourceMappingURL=.*/g, '');

describe('the bundle of the workflows', () => {
  it('stays below the size at which a sleeping file is cheap', () => {
    expect(code.length).toBeGreaterThan(100_000);
    // Measured at 725,000 characters, of which the SDK has 500,000.
    expect(code.length).toBeLessThan(780_000);
  });

  it('holds our domain and workflows, the SDK, and nothing else', () => {
    const modules = [
      ...new Set([...code.matchAll(/^\/\*{3}\/ "([^"]+)":?/gm)].map((match) => match[1] ?? '')),
    ];
    const packages = new Set(
      modules.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
    );
    const ours = new Set(
      modules.flatMap((path) =>
        path.includes('node_modules') ? [] : (/^\.\/([a-z]+)\//.exec(path)?.[1] ?? []),
      ),
    );

    expect([...packages].sort()).toEqual([
      '@temporalio/common',
      '@temporalio/workflow',
      'long',
      'ms',
      'nexus-rpc',
    ]);
    expect([...ours].sort()).toEqual(['domain', 'workflows']);
    expect(modules.filter((path) => isBuiltin(path))).toEqual([]);
  });
});
