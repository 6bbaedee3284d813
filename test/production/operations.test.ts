import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig, settingNames } from '../../config.ts';
import { invariants } from '../../db/invariants.ts';
import { clone, composeWith, variablesAsked, variablesOffered } from './compose-file.ts';

const page = readFileSync(join(clone, 'docs/operations.md'), 'utf8');
const secrets = Object.fromEntries([...variablesAsked().required].map((name) => [name, 'secret']));
const { services } = composeWith({ ...variablesOffered(), ...secrets });

/** The rows of the table of settings: name and default. */
const rows = new Map(
  [...page.matchAll(/^\| `([A-Z0-9_]+)` \| (?:`([^`]*)`|none) \|/gm)].map(([, name = '', value]) => [
    name,
    value,
  ]),
);

/** The services in the words of a command: not its options, and nothing of the program that runs inside. */
function servicesIn(words: readonly string[]): readonly string[] {
  const program = words.findIndex((word) => ['node', 'psql', 'pg_dump', 'pg_restore'].includes(word));
  const before = program === -1 ? words : words.slice(0, program);
  return before.filter(
    (word, place) => word && !word.startsWith('-') && !['-e', '--scale'].includes(before[place - 1] ?? ''),
  );
}

// Read at three in the morning: a command that does not exist is worse than none.
describe('the page for operators', () => {
  it('names every setting, each with its default', () => {
    const defaults = readConfig({ DATABASE_URL: 'postgres://relance_app:x@127.0.0.1:5432/relance' });
    const shown = (value: unknown): string | undefined =>
      value === undefined || value === null || (Array.isArray(value) && value.length === 0)
        ? undefined
        : typeof value === 'string'
          ? value
          : JSON.stringify(value);

    expect([...rows.keys()].sort()).toEqual([...settingNames].sort());
    for (const [name, value] of rows)
      if (name !== 'DATABASE_URL')
        expect([name, value]).toEqual([name, shown(defaults[name as keyof typeof defaults])]);
  });

  it('names every variable of .env.example', () => {
    const unnamed = Object.keys(variablesOffered()).filter((name) => !page.includes(name));

    expect(unnamed.filter((name) => !/PASSWORD$/.test(name))).toEqual([]);
  });

  it('names only commands that the command line knows', () => {
    const help = execFileSync('node', ['--import', 'tsx', 'api/command-line/relance.ts', 'help'], {
      cwd: clone,
      encoding: 'utf8',
    });
    const known = new Set(
      [...help.matchAll(/^ {2}([a-z-]+(?: [a-z-]+)?) {2,}/gm)].map(([, name = '']) => name),
    );

    const typed = [...page.matchAll(/(?:^|`)relance ([a-z-]+)(?: ([a-z-]+))?/gm)].map(
      ([, first = '', second = '']) => (known.has(`${first} ${second}`) ? `${first} ${second}` : first),
    );
    expect(new Set(typed).size).toBeGreaterThan(5);
    expect(typed.filter((command) => !known.has(command))).toEqual([]);
  });

  it('names only services of the compose file, and files and folders that are there', () => {
    const named = [
      ...page.matchAll(/docker compose (?:exec|run|stop|restart|logs|up) ([^`\n#<>]*)/g),
    ].flatMap(([, words = '']) => servicesIn(words.trim().split(/\s+/)));
    expect(named).toEqual(expect.arrayContaining(['postgres', 'worker', 'api', 'temporal']));
    expect(named.filter((name) => !(name in services))).toEqual([]);

    const files = [...page.matchAll(/\b((?:[a-z-]+\/)*[a-z-]+\.ts|(?:test|docs)\/[a-z/-]+)/g)].map(
      ([, file = '']) => file,
    );
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((file) => !existsSync(join(clone, file)))).toEqual([]);
  });

  it('names only npm commands that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8')) as { scripts: object };
    const named = [...page.matchAll(/`npm (?:run )?([a-z]+)/g)].map(([, name = '']) => name);

    expect(named).toContain('test');
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('watches only figures that are shown', () => {
    const sources = readdirSync(join(clone, 'api'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    );
    const shown = sources.map((name) => readFileSync(join(clone, 'api', name), 'utf8')).join('\n');
    const watched = [...page.matchAll(/\b(relance_[a-z_]+)\b/g)]
      .map(([, name = '']) => name)
      .filter((name) => !['relance_app', 'relance_owner'].includes(name));

    expect(watched.length).toBeGreaterThan(4);
    expect(watched.filter((name) => !shown.includes(`'${name}'`))).toEqual([]);
  });

  it('names only invariants that verify looks at', () => {
    const named = [...page.matchAll(/\b(I\d\d)\b/g)].map(([, id = '']) => id);

    expect(named.filter((id) => !(id in invariants))).toEqual([]);
  });
});
