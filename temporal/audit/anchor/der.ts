/** One element of DER (ITU-T X.690): its tag, its content, and all of its bytes as they stand. */
export interface Element {
  readonly tag: number;
  readonly content: Buffer;
  readonly whole: Buffer;
}

/** Reads the elements that stand one behind the other in these bytes; throws when they are no DER. */
export function elementsIn(bytes: Buffer): readonly Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at] ?? 0;
    const [length, behind] = lengthAt(bytes, at + 1);
    const end = behind + length;
    if ((tag & 0x1f) === 0x1f || end > bytes.length) throw new Error('it is cut off or no DER');
    elements.push({ tag, content: bytes.subarray(behind, end), whole: bytes.subarray(at, end) });
    at = end;
  }
  return elements;
}

/** The element that these bytes are. */
export function elementIn(bytes: Buffer): Element {
  const [first] = elementsIn(bytes);
  if (!first) throw new Error('it is empty');
  return first;
}

/** The elements inside one; throws when it has another tag. */
export function inside(element: Element | undefined, tag = sequence): readonly Element[] {
  if (element?.tag !== tag) throw new Error(`it lacks an element with tag ${tag}`);
  return elementsIn(element.content);
}

export const sequence = 0x30;
export const set = 0x31;
export const integer = 0x02;
export const octets = 0x04;
const objectId = 0x06;
const boolean = 0x01;

/** An element with this tag and content. */
export function element(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const digits = length < 0x80 ? [] : bytesOf(length);
  const size = length < 0x80 ? [length] : [0x80 | digits.length, ...digits];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

export const yes = element(boolean, Buffer.of(0xff));
export const nothing = element(0x05);

/** A whole number that is not negative, from its bytes. */
export function wholeNumber(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? Buffer.of(0) : bytes.subarray(start);
  return element(integer, (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits);
}

/** `2.16.840.1.101.3.4.2.1` as an element. */
export function objectIdOf(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const arcs = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return element(objectId, Buffer.from(arcs));
}

/** An object id as people write it. */
export function dotted({ tag, content }: Element): string {
  if (tag !== objectId) throw new Error('it lacks an object id');
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [first = 0, ...rest] = arcs;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...rest].join('.');
}

function lengthAt(bytes: Buffer, at: number): readonly [number, number] {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return [first, at + 1];
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw new Error('it is no DER');
  return [bytes.readUIntBE(at + 1, count), at + 1 + count];
}

function bytesOf(size: number): number[] {
  const digits: number[] = [];
  for (let left = size; left > 0; left = Math.floor(left / 256)) digits.unshift(left % 256);
  return digits;
}
