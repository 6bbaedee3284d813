import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const clone = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  scripts: Record<string, string>;
};

// A newcomer types what the README says; a command that was renamed stops him at his first minute.
describe('the README', () => {
  it('names only npm scripts that exist, and files that they run', () => {
    const named = [...readme.matchAll(/npm (?:run )?([a-z]+)/g)]
      .map(([, name]) => name ?? '')
      .filter((name) => name !== 'run');
    expect(named).not.toEqual([]);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);

    const files = named.flatMap((name) => /run (\S+\.ts)/.exec(scripts[name] ?? '')?.[1] ?? []);
    expect(files.filter((file) => !existsSync(`${clone}/${file}`))).toEqual([]);
  });

  it('names only commands that the command line knows', () => {
    const help = execFileSync('node', ['setup.mjs', 'run', 'api/command-line/relance.ts', 'help'], {
      cwd: clone,
      encoding: 'utf8',
    });
    const known = new Set(
      [...help.matchAll(/^ {2}([a-z-]+(?: [a-z-]+)?) {2,}/gm)].map(([, name]) => name ?? ''),
    );

    const typed = [...readme.matchAll(/npm run relance -- ([a-z-]+)(?: ([a-z-]+))?/g)].map(
      ([, first = '', second = '']) => (known.has(`${first} ${second}`) ? `${first} ${second}` : first),
    );
    expect(typed).not.toEqual([]);
    expect(typed.filter((command) => !known.has(command))).toEqual([]);
  });

  it('names only folders and files that are there', () => {
    const named = [...readme.matchAll(/`((?:[a-z-]+\/)+(?:[a-z-]+\.ts)?|[a-z]+\.(?:ts|mjs))`/g)]
      .map(([, name]) => name ?? '')
      .filter((name) => !name.startsWith('.'));
    const under = ['', 'domain/', 'db/', 'workflows/', 'activities/', 'api/', 'test/'];
    expect(named.filter((name) => !under.some((folder) => existsSync(`${clone}/${folder}${name}`)))).toEqual(
      [],
    );
  });
});
