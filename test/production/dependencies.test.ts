import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const clone = fileURLToPath(new URL('../..', import.meta.url));
/** Tests run without npm on the PATH; a bill of materials does not. */
const hasNpm = spawnSync('npm', ['--version']).status === 0;
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
  'dependencies' | 'devDependencies',
  Record<string, string>
>;

/** Versions that others need (docs/dependencies.md), a tool that is run, and the driver that the tests of pages are to use. */
const needNoImport = [
  'fastify-plugin',
  'html-entities',
  'openapi-types',
  'playwright-core',
  'prettier',
  'protobufjs',
];

describe('the packages that we depend on', () => {
  it('have each a line that says what for, and no line is left of one that is gone', () => {
    const named = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(
      ([, name]) => name,
    );

    expect(named.sort()).toEqual([...Object.keys(dependencies), ...Object.keys(devDependencies)].sort());
  });

  it('are each imported somewhere, or named as what needs no import', () => {
    const files = execFileSync('git', ['ls-files', '*.ts', '*.mjs', '*.cjs'], {
      cwd: clone,
      encoding: 'utf8',
    });
    const sources = files
      .trim()
      .split('\n')
      .filter((path) => path !== 'test/production/dependencies.test.ts' && existsSync(`${clone}${path}`))
      .map(read)
      .join('\n');
    const isImported = (name: string): boolean => new RegExp(`['"]${name}(/[^'"]*)?['"]`).test(sources);

    const idle = [...Object.keys(dependencies), ...Object.keys(devDependencies)].filter(
      (name) => !name.startsWith('@types/') && !isImported(name),
    );

    expect(idle.sort()).toEqual(needNoImport);
  });

  it('are locked to the bytes that we know, from the public registry', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { resolved?: string; integrity?: string; link?: boolean; inBundle?: boolean }>;
    };
    const loose = Object.entries(packages).filter(
      ([place, { resolved, integrity, inBundle }]) =>
        place !== '' &&
        inBundle !== true &&
        (!integrity?.startsWith('sha512-') || (resolved !== undefined && !resolved.startsWith('https://'))),
    );

    expect(Object.keys(packages).length).toBeGreaterThan(300);
    expect(loose.map(([place]) => place)).toEqual([]);
  });

  it.skipIf(!hasNpm)('are all in the bill of materials, each with its licence', () => {
    const bill = JSON.parse(
      execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
        cwd: clone,
        encoding: 'utf8',
        maxBuffer: 1e8,
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    ) as { bomFormat: string; components: { name: string; group?: string; licenses?: unknown[] }[] };
    const names = new Set(bill.components.map(({ group, name }) => (group ? `${group}/${name}` : name)));

    expect(bill.bomFormat).toBe('CycloneDX');
    expect(Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !names.has(name))).toEqual(
      [],
    );
    // Both are MIT and Unlicense by the file that they bring, and do not say so in their package.json.
    expect(bill.components.filter(({ licenses }) => !licenses?.length).map(({ name }) => name)).toEqual([
      'png-js',
      'unionfs',
    ]);
  });
});
