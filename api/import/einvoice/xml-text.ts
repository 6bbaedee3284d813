import iconv from 'iconv-lite';
import { UnreadableFile } from '../unreadable-file.ts';

/** The characters of an XML file, and how they were found. */
export interface XmlText {
  /** With plain line feeds, without byte order mark. */
  readonly text: string;
  readonly encoding: string;
  readonly byteOrderMark: boolean;
  readonly why: string;
  /** What the file says of its encoding, when its bytes say otherwise. */
  readonly contradicts?: string;
}

/**
 * Turns the bytes of an XML file into text: by the byte order mark, else as it declares, else as UTF-8.
 *
 * Only encodings in which ASCII can't hide are read, because the search for a DTD that follows is a search in this text.
 * A byte that is no text in its encoding refuses the file: an accent read wrongly would become part of a name.
 */
export function xmlTextOf(bytes: Uint8Array): XmlText {
  const mark = markOf(bytes);
  const body = bytes.subarray(mark?.length ?? 0);
  const bare = mark ? undefined : utf16Without(bytes);
  const declared = declaredIn(bare ? iconv.decode(Buffer.from(body.subarray(0, 400)), bare) : ascii(body));
  const name = mark?.encoding ?? bare ?? encodingNamed(declared ?? 'utf-8');
  if (name === undefined) {
    throw new UnreadableFile(
      'xml-encoding',
      `The file declares the encoding "${declared}", which is not read.`,
      'Save it as UTF-8 and import that.',
    );
  }
  // Programs that write XML into memory as UTF-16 and then to disk as UTF-8 leave the first declaration in.
  const isUtf16Alone = !mark && !bare && name.startsWith('utf-16');
  const encoding = isUtf16Alone ? 'utf-8' : name;
  const why = mark
    ? 'its byte order mark'
    : bare
      ? 'every other byte is zero'
      : isUtf16Alone || declared === undefined
        ? 'the encoding of XML that says nothing else'
        : 'as it declares';
  const text = decoded(body, encoding, declared).replace(/\r\n?/g, '\n');
  const isAnother = declared !== undefined && encodingNamed(declared)?.slice(0, 6) !== encoding.slice(0, 6);
  return {
    text,
    encoding,
    byteOrderMark: mark !== undefined,
    why,
    ...(isAnother && { contradicts: declared }),
  };
}

/** Whether the bytes begin as XML does, whatever their encoding. */
export function beginsLikeXml(head: Uint8Array): boolean {
  const mark = markOf(head);
  const body = head.subarray(mark?.length ?? 0);
  const name = mark?.encoding ?? utf16Without(head);
  const text = name?.startsWith('utf-16') ? iconv.decode(Buffer.from(body), name) : ascii(body);
  return /^\s*<[?!A-Za-z_]/.test(text);
}

function decoded(body: Uint8Array, encoding: string, declared: string | undefined): string {
  if (encoding !== 'utf-8') return iconv.decode(Buffer.from(body), encoding);
  const text = new TextDecoder('utf-8').decode(body);
  const at = text.indexOf('\ufffd');
  if (at >= 0 && !isUtf8(body)) {
    const line = text.slice(0, at).split('\n').length;
    throw new UnreadableFile(
      'xml-encoding',
      `Line ${line} holds bytes that are no UTF-8, ${declared === undefined ? 'and the file declares no encoding' : `which the file declares ("${declared}")`}.`,
      'Declare the true encoding in its first line, such as encoding="ISO-8859-1", or save it as UTF-8.',
    );
  }
  return text;
}

function isUtf8(body: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(body);
    return true;
  } catch {
    return false;
  }
}

function markOf(bytes: Uint8Array): { encoding: string; length: number } | undefined {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', length: 3 };
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', length: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', length: 2 };
  return undefined;
}

/** UTF-16 without its mark shows itself by the zero beside `<`. */
function utf16Without(bytes: Uint8Array): string | undefined {
  const [a, b] = bytes;
  if (a === 0x3c && b === 0) return 'utf-16le';
  return a === 0 && b === 0x3c ? 'utf-16be' : undefined;
}

function declaredIn(head: string): string | undefined {
  return /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z][\w.\-]*)["']/.exec(head)?.[1];
}

function ascii(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 400)).toString('latin1');
}

function encodingNamed(name: string): string | undefined {
  return encodings.get(name.toLowerCase());
}

const encodings = new Map([
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['us-ascii', 'utf-8'],
  ['ascii', 'utf-8'],
  ['utf-16', 'utf-16le'],
  ['utf-16le', 'utf-16le'],
  ['utf-16be', 'utf-16be'],
  // What is written as Latin-1 comes from Windows: its signs between 0x80 and 0x9f are those of Windows-1252.
  ['iso-8859-1', 'windows-1252'],
  ['latin1', 'windows-1252'],
  ['windows-1252', 'windows-1252'],
  ['cp1252', 'windows-1252'],
  ['iso-8859-15', 'iso-8859-15'],
]);
