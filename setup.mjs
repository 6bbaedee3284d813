/**
 * What every `npm` command of Relance does first: makes sure that it can run, and goes on with it.
 *
 * On a fresh clone nothing is installed, so this file uses nothing but Node, and old versions of Node too can read it far
 * enough to be told that they are too old. It installs only when what npm last installed is not what package-lock.json
 * asks for.
 *
 *   node setup.mjs start [options]       everything on one machine (start.ts)
 *   node setup.mjs test [filter]         all checks, or the tests that match (test/run.ts)
 *   node setup.mjs run FILE [arguments]  one of our own programs
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const HOME = path.dirname(fileURLToPath(import.meta.url));
const NODE_MIN = [20, 19];
const INSTALL_MB = 1000; // node_modules takes 650 MB, and npm's own cache the rest.

await main(process.argv.slice(2));

async function main([command, ...args]) {
  refuseOldNode();
  await installIfNeeded();
  if (command === 'start') {
    const { start } = await ours('start.ts');
    process.exit(await start(args));
  }
  if (command === 'test') {
    const { runTests } = await ours('test/run.ts');
    process.exit(await runTests(args));
  }
  if (command === 'run' && args.length > 0) {
    const [file, ...rest] = args;
    // The program sees the command line that it would see if Node had started it.
    process.argv = [process.argv[0], path.join(HOME, file), ...rest];
    await ours(file);
    return;
  }
  giveUp('Usage: node setup.mjs start|test|run FILE [arguments]');
}

/** Imports a TypeScript file into this very process, so that signals and exit codes need no passing on. */
async function ours(file) {
  const { register } = await import('tsx/esm/api');
  register();
  return import(pathToFileURL(path.join(HOME, file)).href);
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1])) {
    giveUp(
      `Relance needs Node.js ${NODE_MIN.join('.')} or newer, and this is ${process.versions.node}.`,
      'Install a newer one from https://nodejs.org, or with your version manager, and run the command again.',
    );
  }
  if (process.platform === 'win32')
    giveUp('Relance runs on Linux and macOS.', 'On Windows, use it inside WSL.');
}

async function installIfNeeded() {
  if (isInstalled()) return;
  refuseFullDisk();
  console.log('Installing what Relance needs (once, one to three minutes) …');
  const { code, output } = await npm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) giveUp(`npm could not install (npm ci ended with ${code}).`, remedyFor(output));
}

/**
 * npm keeps a record of what it installed, which it writes last. It fits when each package of our lock file is there in
 * its version; packages for other platforms may be missing.
 */
function isInstalled() {
  try {
    const wanted = readJson('package-lock.json').packages;
    const installed = readJson('node_modules/.package-lock.json').packages;
    return Object.entries(wanted).every(
      ([place, { version, optional }]) =>
        place === '' ||
        (installed[place] === undefined ? optional === true : installed[place].version === version),
    );
  } catch {
    return false;
  }
}

function readJson(file) {
  return JSON.parse(fs.readFileSync(path.join(HOME, file), 'utf8'));
}

function refuseFullDisk() {
  const { bavail, bsize } = fs.statfsSync(HOME);
  const freeMb = Math.floor((bavail * bsize) / 1e6);
  if (freeMb < INSTALL_MB) {
    giveUp(
      `The disk of ${HOME} has ${freeMb} MB left; installing takes ${INSTALL_MB} MB.`,
      'Make room and try again.',
    );
  }
}

/** npm is the one that runs us, when we are run by npm; else the one on the PATH. */
function npm(args) {
  const execPath = process.env.npm_execpath;
  const isNpm = execPath !== undefined && /npm-cli\.c?js$/.test(execPath);
  const [program, programArgs] = isNpm ? [process.execPath, [execPath, ...args]] : ['npm', args];
  return new Promise((resolve) => {
    const child = spawn(program, programArgs, { cwd: HOME, stdio: ['ignore', 'inherit', 'pipe'] });
    let output = '';
    child.stderr.on('data', (chunk) => {
      output += chunk;
      process.stderr.write(chunk);
    });
    child.on('error', (fault) => resolve({ code: fault.code, output: String(fault) }));
    child.on('close', (code, signal) => resolve({ code: code ?? signal, output }));
  });
}

function remedyFor(output) {
  if (/ENOSPC/.test(output)) return 'The disk is full: make room and try again.';
  if (/EACCES|EPERM|EROFS/.test(output))
    return `${HOME} can not be written by this user: give it to him, or use the user who owns it.`;
  if (/ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/.test(output)) {
    return 'The package registry could not be reached: check the network, or the proxy and registry in your npm settings.';
  }
  if (/ENOENT.*npm|spawn npm/.test(output)) return 'npm is missing: it comes with Node.js, reinstall that.';
  return 'The lines above say why. Remove node_modules and try again if they do not help.';
}

function giveUp(...lines) {
  console.error(lines.join('\n'));
  process.exit(1);
}
