import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { Problem } from '../problem.ts';

/**
 * Passwords: which may be chosen, and how they are kept.
 *
 * Twelve to 128 characters of any kind, no rules about signs, and none that is among the first that anybody tries: not a
 * common password, nor one that grew by a few digits or by being typed twice, nor a name. Kept as Argon2id with the
 * parameters that OWASP advises (19 MiB, two passes, one lane).
 */
const charsMin = 12;
const charsMax = 128;

const argon2id = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** The hash to keep. */
export function hashOfPassword(password: string): Promise<string> {
  return hash(normal(password), argon2id);
}

/** Whether it is the password of that hash; without a hash it takes as long, and is not. */
export async function isPassword(password: string, kept: string | null): Promise<boolean> {
  nobodys ??= hashOfPassword(randomBytes(32).toString('base64'));
  const matches = await verify(kept ?? (await nobodys), normal(password));
  return matches && kept !== null;
}

/** What is compared for names that nobody has: made once, with the first login, known or not. */
let nobodys: Promise<string> | undefined;

/** Throws a Problem that names `field` when the password must not be chosen; `names` are what strangers know of its owner. */
export async function mustBeChoosable(
  password: string,
  names: readonly (string | null)[],
  field = 'password',
): Promise<void> {
  const chars = [...normal(password)].length;
  if (chars < charsMin)
    throw Problem.invalid(
      field,
      `has ${chars} characters`,
      `give at least ${charsMin}: a few words are easy to remember`,
    );
  if (chars > charsMax) throw Problem.invalid(field, `has ${chars} characters`, `give at most ${charsMax}`);
  if (await isGuessable(normal(password).toLowerCase(), names))
    throw Problem.invalid(
      field,
      'is one of the first that anybody would try',
      'choose another: three or four words that have nothing to do with each other are a good one',
    );
}

async function isGuessable(password: string, names: readonly (string | null)[]): Promise<boolean> {
  const common = await commonPasswords();
  const known = new Set(['relance', ...names.flatMap(wordsOf)]);
  const pieces = [password, onceOf(password), coreOf(password), onceOf(coreOf(password))].flatMap((piece) => [
    piece,
    inLetters(piece),
  ]);
  if (pieces.some((piece) => common.has(piece) || known.has(piece))) return true;
  return new Set(password).size < 5 || isRun(password);
}

/** A mail address is known in pieces too. */
function wordsOf(name: string | null): readonly string[] {
  const whole = (name ?? '').toLowerCase();
  return [whole, ...whole.split(/[^\p{L}\p{N}]+/u)].filter((word) => word.length > 2);
}

/** Without the digits and signs that were put before or behind: `Football2026!` is `football`. */
function coreOf(password: string): string {
  return password.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
}

/** What was typed again and again, typed once. */
function onceOf(password: string): string {
  for (let length = 1; length <= password.length / 2; length += 1)
    if (
      password.length % length === 0 &&
      password.slice(0, length).repeat(password.length / length) === password
    )
      return password.slice(0, length);
  return password;
}

const signs: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

function inLetters(piece: string): string {
  return piece.replace(/[013457@$!]/g, (sign) => signs[sign] ?? sign);
}

/** Neighbours of the alphabet, of the digits or of the keyboard, one after the other and round again. */
function isRun(password: string): boolean {
  const rows = [
    'abcdefghijklmnopqrstuvwxyz',
    '0123456789',
    'qwertyuiopasdfghjklzxcvbnm',
    'azertyuiopqsdfghjklmwxcvbn',
  ].map((row) => row.repeat(2));
  return rows.some((row) => row.includes(password) || [...row].reverse().join('').includes(password));
}

/** The list of zxcvbn-ts (49 000, MIT), read when the first password is chosen. */
async function commonPasswords(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  list ??= new Set(dictionary['passwords-common'] as readonly string[]);
  return list;
}

let list: ReadonlySet<string> | undefined;

/** One writing of each character, whichever keyboard it came from. */
function normal(password: string): string {
  return password.normalize('NFKC');
}
