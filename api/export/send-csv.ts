import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { Language } from '../../domain/message.ts';
import { byteOrderMark, csvRow, csvStyle } from './csv.ts';
import type { Cell, Separator } from './csv.ts';

/** A list as a file: its head, its rows page by page, and how it is called. */
export interface CsvFile {
  /** Without its ending. */
  readonly name: string;
  readonly language: Language;
  readonly separator: Separator | undefined;
  readonly head: readonly string[];
  readonly pages: AsyncGenerator<readonly (readonly Cell[])[]>;
  /** Whether whoever asked may still have it: asked before each page but the first. */
  readonly isLetIn: () => Promise<boolean>;
}

/**
 * Sends a list as CSV, page by page as it is read: however long it is, no more than a page is in memory.
 *
 * What fails before the first row is answered as everywhere. Later the transfer is broken off, so that nobody takes a part
 * for the whole; also when its asker loses his session, his key or his rights while it runs.
 */
export async function sendCsv(reply: FastifyReply, file: CsvFile): Promise<FastifyReply> {
  const text = textOf(file);
  const first = await text.next();
  const whole = async function* (): AsyncGenerator<string> {
    if (first.done !== true) yield first.value;
    yield* text;
  };
  return reply
    .header('content-type', 'text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${file.name}.csv"`)
    .send(Readable.from(whole(), { highWaterMark: 1 }));
}

async function* textOf({ language, separator, head, pages, isLetIn }: CsvFile): AsyncGenerator<string> {
  const style = csvStyle(language, separator);
  let text = byteOrderMark + csvRow(head, style);
  let isFirst = true;
  for await (const page of pages) {
    if (!isFirst && !(await isLetIn())) throw new Error('whoever takes an export is no longer let in');
    isFirst = false;
    yield text + page.map((row) => csvRow(row, style)).join('');
    text = '';
  }
  if (text !== '') yield text;
}
