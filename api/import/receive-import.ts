import type { FastifyRequest } from 'fastify';
import { dayInZone } from '../../db/calendars.ts';
import { listCreditors } from '../../db/creditors.ts';
import { importOfFile, releaseImport } from '../../db/import-reads.ts';
import { stageImport } from '../../db/import-staging.ts';
import type { House } from '../../db/house.ts';
import { once } from '../../db/once.ts';
import { creditorNamed } from '../../db/sellers.ts';
import { sha256Of } from '../../db/sha256.ts';
import type { Eyes } from '../../db/visible.ts';
import type { CivilDate } from '../../domain/time.ts';
import { Problem } from '../problem.ts';
import { readEinvoice } from './einvoice/read-einvoice.ts';
import type { Answers } from './questions.ts';
import { readInvoiceFile } from './read-invoice-file.ts';
import { UnreadableFile } from './unreadable-file.ts';

export interface ImportWish {
  readonly name: string;
  readonly answers: Answers;
  /** Id or key of the creditor of invoices that name no seller. */
  readonly seller: string | undefined;
  readonly release: boolean;
}

export interface Received {
  readonly importId: string;
  /** The file had been read before, so nothing was done but its release, if that was wished. */
  readonly known: boolean;
}

/**
 * Reads a file and stages it; the workers go on from there.
 *
 * What the file leaves open is asked and nothing is stored. A file that was read before is left alone, under whatever
 * name it comes; read otherwise (other answers, another seller) it is another file.
 */
export async function receiveImport(
  request: FastifyRequest,
  house: House,
  path: string,
  wish: ImportWish,
): Promise<Received> {
  const creditor = wish.seller === undefined ? undefined : await creditorNamed(house.db, wish.seller);
  if (wish.seller !== undefined && !creditor)
    throw Problem.invalid(
      'seller',
      'No creditor has this id or key.',
      'Give one of those that GET /v1/creditors lists, or leave it out.',
    );
  const isPlain = Object.keys(wish.answers).length === 0 && creditor === undefined;

  const today = dayInZone(creditor?.zone ?? 'Europe/Paris', await house.clock.now());
  const file = await readable(() => readFileAt(path, wish.answers, today));
  const { reading } = file;
  const earlier = isPlain ? await importOfFile(house.db, reading.sha256) : undefined;
  if (earlier) return known(request, house, earlier, wish);
  if (reading.questions.length > 0) throw questionsOpen(reading.questions);
  if (!creditor && !file.namesSeller) await askForSeller(request.eyes, house);

  const fingerprint = isPlain
    ? reading.sha256
    : sha256Of(JSON.stringify([reading.sha256, wish.answers, creditor?.id ?? null]));
  const requestHash = sha256Of(JSON.stringify([request.url, fingerprint]));
  const key = request.once && { ...request.once, requestHash };
  const staging = {
    fingerprint,
    name: wish.name,
    creditorId: creditor?.id ?? null,
    answers: wish.answers,
    reading,
    release: wish.release,
    by: request.caller.userId,
  };
  const staged = await house.db
    .transaction()
    .execute((tx) => once(tx, key, () => stageImport(house, tx, staging, file.rows())));
  if (request.once && key) request.once.replayed = key.replayed;
  return staged.kind === 'known'
    ? known(request, house, staged.importId, wish)
    : { importId: staged.importId, known: false };
}

/** Nothing of a known file is read again, but its release is a wish of its own. */
async function known(
  request: FastifyRequest,
  house: House,
  importId: string,
  { release }: ImportWish,
): Promise<Received> {
  if (release) {
    const now = await house.clock.now();
    await house.db.transaction().execute((tx) => releaseImport(tx, now, importId, request.caller.userId));
  }
  return { importId, known: true };
}

/** An e-invoice, as its bytes say, or else a CSV. */
async function readFileAt(path: string, answers: Answers, today: CivilDate) {
  const einvoice = await readEinvoice({ path });
  if (einvoice) return einvoice;
  const file = await readInvoiceFile({ path }, answers, today);
  const namesSeller = file.reading.columns.some(({ field }) => field.startsWith('seller'));
  return { reading: file.reading, namesSeller, rows: () => file.rows() };
}

async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (fault) {
    if (!(fault instanceof UnreadableFile)) throw fault;
    const found = fault.headers ? ` Found: ${fault.headers.join(', ')}.` : '';
    throw new Problem({
      status: 400,
      code: fault.code,
      title: 'The file cannot be read.',
      detail: `${fault.message}${found}`,
      field: 'file',
      remedy: fault.remedy,
    });
  }
}

/** Of several creditors only a person knows which one sold what the file lists. */
async function askForSeller(eyes: Eyes, house: House): Promise<void> {
  const creditors = (await listCreditors(eyes, house.db)).filter(
    (creditor) => !creditor.demonstration && creditor.key !== 'unnamed',
  );
  if (creditors.length < 2) return;
  throw questionsOpen([
    {
      code: 'seller',
      question: 'The file names no seller, and there are several creditors: whose invoices are they?',
      choices: creditors.map((creditor) => ({
        answer: creditor.id,
        meaning: creditor.legal_name ?? creditor.key,
      })),
      examples: [],
      howToAnswer: 'Repeat the request with ?seller=<id>.',
    },
  ]);
}

interface Asked {
  readonly code: string;
  readonly column?: string;
  readonly question: string;
  readonly choices: readonly { readonly answer: string | number | null; readonly meaning: string }[];
  readonly examples: readonly string[];
  readonly howToAnswer: string;
}

function questionsOpen(questions: readonly Asked[]): Problem {
  return new Problem({
    status: 422,
    code: 'import-questions',
    title: 'The file leaves something open that only you know.',
    detail: questions.map(({ question }) => question).join(' '),
    remedy: questions[0]?.howToAnswer ?? 'Answer the questions.',
    errors: questions.map(({ code, column, question, choices, examples, howToAnswer }) => ({
      field: column ?? code,
      problem: examples.length > 0 ? `${question} Such as ${examples.join(', ')}.` : question,
      remedy: `${howToAnswer} ${choices.map(({ answer, meaning }) => `${answer}: ${meaning}`).join('; ')}.`,
    })),
    questions,
  });
}
