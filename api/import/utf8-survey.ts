/**
 * What the bytes of a file say about their encoding, counted while they pass.
 *
 * It validates UTF-8 strictly (no overlong forms, no surrogates), counts each byte above 127, and keeps the first bytes
 * and a sample of the accented places; nothing else is held, whatever the size of the file.
 */
export class Utf8Survey {
  bytes = 0;
  /** Valid UTF-8 sequences of two or more bytes. */
  sequences = 0;
  /** Bytes that belong to no valid sequence. */
  invalid = 0;
  head: Uint8Array = new Uint8Array(0);

  readonly #high = new Uint32Array(256);
  #sample: Uint8Array[] = [];
  #sampled = 0;
  #need = 0;
  #seen = 0;
  #low = 0x80;
  #top = 0xbf;
  #lettersInARow = 0;
  #inLongRun = 0;

  read(piece: Uint8Array): void {
    if (this.head.length < headBytes) {
      this.head = Buffer.concat([this.head, piece.subarray(0, headBytes - this.head.length)]);
    }
    this.bytes += piece.length;
    for (const [at, byte] of piece.entries()) {
      if (byte < 0x80) {
        if (this.#need > 0) this.#breakOff();
        this.#lettersInARow = 0;
        continue;
      }
      this.#high[byte] = this.count(byte) + 1;
      this.#lettersInARow = byte >= 0xc0 ? this.#lettersInARow + 1 : 0;
      if (this.#lettersInARow >= 3) this.#inLongRun++;
      if (this.#sampled < sampleBytes) this.#take(piece, at);
      this.#step(byte);
    }
  }

  end(): void {
    if (this.#need > 0) this.#breakOff();
  }

  /** How often a byte occurs; bytes below 128 are not counted. */
  count(byte: number): number {
    return this.#high[byte] ?? 0;
  }

  /** Pieces of the file around bytes above 127. */
  sample(): Uint8Array {
    return Buffer.concat(this.#sample);
  }

  nulsInHead(): number {
    return this.head.filter((byte) => byte === 0).length;
  }

  /** Whether bytes occur that Windows-1252 has and the ISO 8859 family keeps for control codes. */
  usesWindowsBytes(): boolean {
    return this.#high.subarray(0x80, 0xa0).some((count) => count > 0);
  }

  /** Whether Windows-1252 gives letters and signs of Western Europe, and not long runs of them as other scripts would. */
  looksWestern(): boolean {
    let total = 0;
    let western = 0;
    for (let byte = 0x80; byte < 0x100; byte++) {
      total += this.count(byte);
      if (westernBytes.has(byte)) western += this.count(byte);
    }
    return western >= 0.9 * total && this.#inLongRun <= 0.2 * total;
  }

  #step(byte: number): void {
    if (this.#need > 0) {
      if (byte >= this.#low && byte <= this.#top) {
        this.#low = 0x80;
        this.#top = 0xbf;
        this.#seen++;
        if (--this.#need === 0) this.sequences++;
        return;
      }
      this.#breakOff();
    }
    this.#seen = 1;
    if (byte >= 0xc2 && byte <= 0xdf) this.#need = 1;
    else if (byte >= 0xe0 && byte <= 0xef) this.#need = 2;
    else if (byte >= 0xf0 && byte <= 0xf4) this.#need = 3;
    else this.invalid++;
    if (byte === 0xe0) this.#low = 0xa0;
    if (byte === 0xed) this.#top = 0x9f;
    if (byte === 0xf0) this.#low = 0x90;
    if (byte === 0xf4) this.#top = 0x8f;
  }

  #breakOff(): void {
    this.invalid += this.#seen;
    this.#need = 0;
    this.#low = 0x80;
    this.#top = 0xbf;
  }

  #take(piece: Uint8Array, at: number): void {
    const last = this.#sample.at(-1);
    if (last && last.buffer === piece.buffer && last.byteOffset + last.length > piece.byteOffset + at) return;
    const part = piece.subarray(Math.max(0, at - 12), at + 20);
    this.#sample.push(part);
    this.#sampled += part.length;
  }
}

const headBytes = 4096;
const sampleBytes = 16 * 1024;

/**
 * Bytes that Western invoices use in Windows-1252. Left out on purpose: `¹ ³ ¿ ¾` and the like, which are the commonest
 * letters of Polish and Czech files, and `Ž ‚ Š`, which are é and è of the Macintosh and of DOS.
 */
const westernBytes = new Set([
  ...[0x80, 0x85, 0x8c, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99, 0x9c, 0x9f],
  ...[0xa0, 0xa3, 0xa4, 0xa7, 0xa9, 0xab, 0xad, 0xae, 0xb0, 0xb2, 0xb4, 0xb5, 0xb7, 0xba, 0xbb],
  ...[...Array(64).keys()]
    .map((offset) => 0xc0 + offset)
    .filter((byte) => ![0xd0, 0xd7, 0xde, 0xf0, 0xf7, 0xfe].includes(byte)),
]);
