import { setImmediate } from 'node:timers/promises';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { UnreadableFile } from '../unreadable-file.ts';

/**
 * An element of an XML file, by its local name: whoever writes `cbc:ID` and whoever writes `ID` mean the same.
 *
 * Text stays text: nothing here makes a number of an amount or of a number that begins with a zero.
 */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text of the element itself, trimmed, with its entities resolved. */
  readonly text: string;
  /** The line of its start tag, from 1. */
  readonly line: number;
  /** Such as `Invoice/PaymentMeans[2]/PaymentDueDate`: how people find it again. */
  readonly path: string;
}

/** An XML file as it was read. */
export interface XmlDocument {
  readonly root: XmlElement;
  /** The namespace of the root; empty when it declares none. */
  readonly namespace: string;
}

const depthMax = 60;
/** Some 25,000 lines of an invoice. They are checked at some five million characters a second, and nobody else is served meanwhile. */
const charsMax = 10_000_000;
const tagsMax = 1_000_000;
/** No text that we keep is so long. */
const attachedCharsMin = 10_000;

/**
 * Reads XML. Throws `UnreadableFile` for what is not well-formed, with its line.
 *
 * A file with a DTD or an entity of its own is refused before it is parsed: invoices have none, and attacks on whoever
 * reads XML (files of this machine, memory without end) are made of them. Characters, tags and levels are bounded.
 */
export async function readXml(whole: string, options: XmlOptions = {}): Promise<XmlDocument> {
  const text = withoutAttachments(whole);
  refuseDtd(text);
  refuseIllegal(text);
  refuseTooMuch(text);
  // Its successor is another package that does the same; this one comes with the parser.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) throw malformed(verdict.err.line, verdict.err.msg);
  await setImmediate();
  const nodes = parsed(text, options.without ?? []);
  await setImmediate();
  const [root, another] = nodes.filter((node) => nameOf(node) !== undefined);
  if (!root) throw malformed(1, 'There is no element.');
  if (another) throw malformed(new Lines(text).at(startOf(another)), 'A second root element begins here.');
  return { root: elementOf(root, '', new Lines(text)), namespace: namespaceOf(text, startOf(root)) };
}

export interface XmlOptions {
  /** Elements whose inside is checked but not read: the lines of long invoices. */
  readonly without?: readonly string[];
}

/** The children of that name, through several levels when names are joined by `/`. */
export function all(element: XmlElement | undefined, names: string): readonly XmlElement[] {
  if (!element) return [];
  return names
    .split('/')
    .reduce<readonly XmlElement[]>(
      (found, name) => found.flatMap((one) => one.children.filter((child) => child.name === name)),
      [element],
    );
}

/** The first of `all`. */
export function first(element: XmlElement | undefined, names: string): XmlElement | undefined {
  return all(element, names)[0];
}

function refuseDtd(text: string): void {
  const found = /<!\s*(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)\b/i.exec(text);
  if (!found) return;
  if (/^<!doctype\s+html/i.test(text.slice(found.index)))
    throw new UnreadableFile(
      'xml-not-an-invoice',
      'This is an HTML page, not an e-invoice.',
      'Import the XML file of the invoice (UBL 2.1 or CII), or its Factur-X PDF.',
    );
  throw new UnreadableFile(
    'xml-has-dtd',
    `Line ${new Lines(text).at(found.index)} holds <!${found[1]?.toUpperCase()}: files with a DTD or entities of their own are not read, because they can make a reader open other files.`,
    'Remove the <!DOCTYPE …> from the file, and write out the entities that it defines.',
  );
}

/** Characters that XML does not know, even escaped: they would upset the database and every page. */
const illegal = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

function refuseIllegal(text: string): void {
  const at = text.search(illegal);
  if (at >= 0)
    throw malformed(
      new Lines(text).at(at),
      `It holds the control character U+${(text.codePointAt(at) ?? 0).toString(16).padStart(4, '0').toUpperCase()}.`,
    );
}

/** Documents inside the document are long and tell us nothing; their lines are kept, so that lines stay what they are. */
function withoutAttachments(text: string): string {
  const kept: string[] = [];
  let from = 0;
  // By hand: one regular expression over many megabytes runs out of stack.
  for (let end = text.indexOf('>'); end >= 0;) {
    const next = text.indexOf('<', end);
    if (next < 0) break;
    if (next - end > attachedCharsMin) {
      const inside = text.slice(end + 1, next);
      if (!/[^A-Za-z0-9+/=\s]/.test(inside)) {
        kept.push(text.slice(from, end + 1), '\n'.repeat(inside.split('\n').length - 1));
        from = next;
      }
    }
    end = text.indexOf('>', next);
  }
  return kept.length === 0 ? text : kept.join('') + text.slice(from);
}

function refuseTooMuch(text: string): void {
  if (text.length > charsMax)
    throw new UnreadableFile(
      'xml-too-large',
      `The file has ${text.length} characters besides what is attached inside it; at most ${charsMax} are read.`,
      'An invoice with so many lines can be registered by POST /v1/invoices.',
    );
  let tags = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) tags += 1;
  if (tags > tagsMax)
    throw new UnreadableFile(
      'xml-too-large',
      `The file has ${tags} tags; at most ${tagsMax} are read.`,
      'An invoice with so many lines can be registered by POST /v1/invoices.',
    );
}

function malformed(line: number, problem: string): UnreadableFile {
  return new UnreadableFile(
    'xml-malformed',
    `Line ${line} of the XML is not well-formed: ${problem}`,
    'Export the invoice again; a file that was cut off or edited by hand must be mended at that line.',
  );
}

type Node = Record<string, unknown>;

const metaSymbol = XMLParser.getMetaDataSymbol() as unknown as string;
const textKey = '#text';
const literalKey = '#cdata';
const attributesKey = ':@';

function parsed(text: string, without: readonly string[]): readonly Node[] {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    removeNSPrefix: true,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    // Entities are resolved below: only those of XML itself, and never inside CDATA.
    processEntities: false,
    cdataPropName: literalKey,
    ignoreDeclaration: true,
    ignorePiTags: true,
    captureMetaData: true,
    maxNestedTags: depthMax,
    stopNodes: without.map((name) => `..${name}`),
  });
  try {
    return parser.parse(text) as Node[];
  } catch (fault) {
    const message = fault instanceof Error ? fault.message : String(fault);
    if (/nested/i.test(message))
      throw new UnreadableFile(
        'xml-too-deep',
        `The elements of the file are nested more than ${depthMax} deep, which no invoice is.`,
        'Check that it is an e-invoice (UBL 2.1 or CII).',
      );
    throw malformed(1, message);
  }
}

function nameOf(node: Node): string | undefined {
  return Object.keys(node).find((key) => ![textKey, literalKey, attributesKey].includes(key));
}

function startOf(node: Node): number {
  return (node[metaSymbol] as { startIndex?: number } | undefined)?.startIndex ?? 0;
}

function elementOf(node: Node, at: string, lines: Lines): XmlElement {
  const name = nameOf(node) ?? '';
  const path = at === '' ? name : at;
  const line = lines.at(startOf(node));
  const inside = node[name] as readonly Node[];
  const counts = new Map<string, number>();
  for (const child of inside) {
    const called = nameOf(child);
    if (called !== undefined) counts.set(called, (counts.get(called) ?? 0) + 1);
  }
  const met = new Map<string, number>();
  const children: XmlElement[] = [];
  let text = '';
  for (const child of inside) {
    const called = nameOf(child);
    if (textKey in child) text += resolved(String(child[textKey]), line);
    else if (literalKey in child) text += textsOf(child[literalKey] as readonly Node[]);
    else if (called !== undefined) {
      const place = (met.get(called) ?? 0) + 1;
      met.set(called, place);
      const suffix = (counts.get(called) ?? 1) > 1 ? `[${place}]` : '';
      children.push(elementOf(child, `${path}/${called}${suffix}`, lines));
    }
  }
  const attributes = Object.entries((node[attributesKey] as Record<string, unknown> | undefined) ?? {});
  return {
    name,
    attributes: new Map(attributes.map(([key, value]) => [key, resolved(String(value), line).trim()])),
    children,
    text: text.trim(),
    line,
    path,
  };
}

function textsOf(nodes: readonly Node[]): string {
  return nodes.map((node) => (typeof node[textKey] === 'string' ? node[textKey] : '')).join('');
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The five entities of XML and characters by their number; there can be no others, since there is no DTD. */
function resolved(text: string, line: number): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([^;&\s]{0,40});?/g, (whole, body: string) => {
    const code = /^#x([0-9a-f]{1,6})$/i.exec(body)?.[1] ?? undefined;
    const number =
      code === undefined ? Number(/^#(\d{1,7})$/.exec(body)?.[1] ?? Number.NaN) : parseInt(code, 16);
    const sign = whole.endsWith(';') ? (named[body] ?? signOf(number)) : undefined;
    if (sign === undefined) throw malformed(line, `It holds ${whole}, which stands for nothing.`);
    return sign;
  });
}

function signOf(number: number): string | undefined {
  if (!(number > 0 && number <= 0x10ffff) || (number >= 0xd800 && number <= 0xdfff)) return undefined;
  const sign = String.fromCodePoint(number);
  return illegal.test(sign) ? undefined : sign;
}

/** The namespace to which the root's own prefix, or no prefix, is bound by its start tag. */
function namespaceOf(text: string, from: number): string {
  const tag = /<([\w.\-]+:)?[\w.\-]+((?:[^>"']|"[^"]*"|'[^']*')*)>/.exec(text.slice(from, from + 20_000));
  const prefix = tag?.[1]?.slice(0, -1);
  const attribute = prefix === undefined ? 'xmlns' : `xmlns:${prefix.replace(/\./g, '\\.')}`;
  const bound = new RegExp(`(?:^|\\s)${attribute}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag?.[2] ?? '');
  return (bound?.[1] ?? bound?.[2] ?? '').trim();
}

/** Which line a place in the text is on. */
class Lines {
  readonly #breaks: number[] = [];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#breaks.push(at);
  }

  at(index: number): number {
    let [low, high] = [0, this.#breaks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#breaks[middle] ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  }
}
