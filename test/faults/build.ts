import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { protections } from './protections.ts';
import type { Protection } from './protections.ts';

const clone = fileURLToPath(new URL('../..', import.meta.url));
const rooms = ['activities', 'api', 'db', 'domain', 'processes', 'temporal', 'workflows', 'test/faults'];
const files = ['config.ts', 'worker.ts', 'package.json', 'tsconfig.json'];

/** A folder from which the processes of a test are started. */
export interface Build {
  readonly folder: string;
  /** Whether its workflows are those of the clone, so that the bundle of the run fits them. */
  readonly sameWorkflows: boolean;
  remove(): void;
}

/** The product as it is. */
export const asItIs: Build = { folder: clone, sameWorkflows: true, remove: () => undefined };

/**
 * A copy of the product with protections taken out, for tests that must fail without them.
 *
 * Nothing in the product knows of it: the copy's sources are changed, and a change that no longer finds its place is an
 * error, so that a control never passes by doing nothing.
 */
export function buildWithout(...names: readonly Protection[]): Build {
  const folder = mkdtempSync(join(tmpdir(), 'relance-without-'));
  for (const room of rooms) cpSync(join(clone, room), join(folder, room), { recursive: true });
  for (const file of files) cpSync(join(clone, file), join(folder, file));
  symlinkSync(join(clone, 'node_modules'), join(folder, 'node_modules'));
  try {
    const changed = names.flatMap((name) => takenOut(folder, name));
    const sameWorkflows = !changed.some((file) => /^(workflows|domain)\//.test(file));
    return { folder, sameWorkflows, remove: () => void rmSync(folder, { recursive: true, force: true }) };
  } catch (fault) {
    rmSync(folder, { recursive: true });
    throw fault;
  }
}

/** Takes a protection out of the sources in that folder; answers which files were changed. */
function takenOut(folder: string, name: Protection): readonly string[] {
  return protections[name].map(({ file, find, put }) => {
    const path = join(folder, file);
    const source = readFileSync(path, 'utf8');
    mustStandOnce(name, file, source, find);
    writeFileSync(
      path,
      source.replace(looseLayout(find), () => put),
    );
    return file;
  });
}

/** Throws where a protection, or a part of it, is not where it is taken out: one that has moved would be tested by nothing. */
export function mustStand(name: Protection): void {
  for (const { file, find } of protections[name])
    mustStandOnce(name, file, readFileSync(join(clone, file), 'utf8'), find);
}

function mustStandOnce(name: Protection, file: string, source: string, find: string): void {
  const places = [...source.matchAll(looseLayout(find))].length;
  if (places !== 1)
    throw new Error(`the protection ${name} is found ${places} times in ${file}, not once: ${find}`);
}

/** The text however it is broken into lines: blanks between words and signs, and a comma before a closing bracket, do not count. */
function looseLayout(text: string): RegExp {
  const tokens = text.match(/\w+|[^\s\w]/g) ?? [];
  const escaped = tokens.map((token) => token.replace(/[^\w]/g, '\\$&'));
  return new RegExp(
    escaped.map((token) => (/^\\[)\]}]$/.test(token) ? `,?\\s*${token}` : token)).join('\\s*'),
    'g',
  );
}
