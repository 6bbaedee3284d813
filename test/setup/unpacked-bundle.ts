import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { onTestFinished } from 'vitest';
import { manifestFiles, manifestLineOf } from '../../activities/compose/litigation-archive.ts';

/** What the verifier of a bundle said, and how it ended. */
export interface Verified {
  readonly code: number | null;
  readonly said: string;
}

// A test looks into any file; their shapes are the bundle's business.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Json = any;

/** A bundle as somebody without Relance has it: unpacked in an empty folder, where nothing of ours can be reached. */
export class UnpackedBundle {
  readonly folder: string;

  constructor(zip: Buffer) {
    this.folder = mkdtempSync(join(tmpdir(), 'bundle-'));
    onTestFinished(() => {
      rmSync(this.folder, { recursive: true });
    });
    for (const [name, bytes] of Object.entries(unzipSync(zip))) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), bytes);
    }
  }

  /** Runs its own verifier with Node and nothing else: no variable, no package, no network needed. */
  verify(...args: readonly string[]): Verified {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['verify.mjs', ...args], {
      cwd: this.folder,
      env: {},
      encoding: 'utf8',
    });
    return { code: status, said: `${stdout}${stderr}` };
  }

  names(): readonly string[] {
    return readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.folder.length + 1))
      .sort();
  }

  /** The one file that has this in its path. */
  named(part: string): string {
    const found = this.names().filter((name) => name.includes(part));
    if (found.length !== 1) throw new Error(`${part} names ${found.join(', ') || 'no file'}`);
    return found[0]!;
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  json(name: string): Json {
    return JSON.parse(this.read(name));
  }

  rows(name: string): Json[] {
    return this.read(name)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  }

  /** Forges a file: what is written of it is what `how` makes of its text. */
  forge(name: string, how: (text: string) => string): void {
    const before = this.read(name);
    const after = how(before);
    if (after === before) throw new Error(`${name} was not changed`);
    writeFileSync(join(this.folder, name), after);
  }

  forgeRows(name: string, how: (rows: Json[]) => Json[]): void {
    this.forge(name, () =>
      how(this.rows(name))
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(''),
    );
  }

  /** Writes the manifest anew over what lies here, as a forger who knows of it would. */
  coverUp(change: (about: Json) => object = (about) => about): void {
    const { files: _files, whole: _whole, ...about } = this.json('manifest.json');
    const listed = this.names()
      .filter((path) => path !== 'manifest.json' && path !== 'MANIFEST.sha256')
      .map((path) => manifestLineOf({ path, bytes: readFileSync(join(this.folder, path)) }));
    for (const { path, bytes } of manifestFiles(listed, change(about)))
      writeFileSync(join(this.folder, path), bytes);
  }
}
