/**
 * RouterOS API framing: sentences of length-prefixed words, ended by a zero-length word
 * (https://help.mikrotik.com/docs/display/ROS/API). The decoder is fed chunks as they come and may be cut anywhere.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { RouterOsError } from './errors.ts';

/** One reply. RouterOS may send `.tag` second (now) or last (before 6.x), so attributes are collected by name. */
export interface Sentence {
  /** `!re`, `!done`, `!trap`, `!fatal`, `!empty` (7.18+), … ; empty when the sentence had no reply word. */
  reply: string;
  tag: string | null;
  attributes: Record<string, string>;
  /** Words that are neither reply, tag nor attribute: the plain reason of a `!fatal`. */
  words: string[];
  /** The bytes of those attributes that were not UTF-8, so that they can be written back unchanged. */
  raw: Record<string, Buffer> | null;
}

export interface CodecLimits {
  /** Longest word accepted, in bytes. */
  readonly maxWordBytes: number;
  /** Longest sentence accepted, in bytes of its words. */
  readonly maxSentenceBytes: number;
}

export const DEFAULT_LIMITS: CodecLimits = { maxWordBytes: 4 * 1024 * 1024, maxSentenceBytes: 16 * 1024 * 1024 };

export interface DecoderOptions {
  readonly limits?: Partial<CodecLimits>;
  /** WHATWG label of the code page for values that are not UTF-8 (WinBox 3 writes the PC's). Default `windows-1252`. */
  readonly fallbackEncoding?: string;
}

// Node's own slicing methods, without the encoding look-up of toString(); not in its typings.
type Sliceable = Buffer & { latin1Slice(start: number, end: number): string; utf8Slice(start: number, end: number): string };

const MAX_GUESSES = 64;
const EQUALS = 0x3d;
const BANG = 0x21;
const DOT = 0x2e;

/**
 * A streaming decoder. `push` calls `onSentence` synchronously for every sentence completed by the chunk and throws
 * `PROTOCOL` on bytes that cannot be RouterOS; after a throw the stream is out of step and must be closed.
 */
export class SentenceDecoder {
  readonly #onSentence: (sentence: Sentence) => void;
  readonly #limits: CodecLimits;
  readonly #fallbackLabel: string;
  #fallback: InstanceType<typeof TextDecoder> | null = null;
  #parts: Buffer[] = [];
  #partBytes = 0;
  // How many bytes must be there before parsing is worth another try (a long word cut in many chunks).
  #needed = 0;
  #sentence: Sentence | null = null;
  #sentenceBytes = 0;
  #ascii = true;
  // Rows of a menu carry the same names in the same order: the name seen last at a place saves making its string anew.
  readonly #guesses: Array<{ name: string; bytes: Buffer }> = [];
  #position = 0;

  constructor(onSentence: (sentence: Sentence) => void, options: DecoderOptions = {}) {
    this.#onSentence = onSentence;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#fallbackLabel = options.fallbackEncoding ?? 'windows-1252';
  }

  push(chunk: Buffer): void {
    let buffer = chunk;
    if (this.#partBytes > 0) {
      this.#parts.push(chunk);
      this.#partBytes += chunk.length;
      if (this.#partBytes < this.#needed) return;
      buffer = Buffer.concat(this.#parts, this.#partBytes);
      this.#parts = [];
      this.#partBytes = 0;
    }
    this.#ascii = isAscii(buffer);
    const rest = this.#consume(buffer as Sliceable);
    if (rest < buffer.length) {
      // A copy, so that a few bytes do not keep the whole chunk alive.
      const left = Buffer.from(buffer.subarray(rest));
      this.#parts = [left];
      this.#partBytes = left.length;
    }
  }

  /** Parses whole words; returns the offset of the first byte that is not consumed. */
  #consume(buffer: Sliceable): number {
    const end = buffer.length;
    let at = 0;
    while (at < end) {
      const first = buffer[at]!;
      let header: number;
      let length: number;
      if (first < 0x80) {
        header = 1;
        length = first;
      } else {
        header = first < 0xc0 ? 2 : first < 0xe0 ? 3 : first < 0xf0 ? 4 : 5;
        if (first > 0xf0) {
          throw new RouterOsError('PROTOCOL', first >= 0xf8
            ? `the router sent the reserved control byte 0x${first.toString(16)}`
            : `the router sent the undefined length byte 0x${first.toString(16)}`);
        }
        if (end - at < header) {
          this.#needed = header;
          return at;
        }
        length = header === 2 ? ((first & 0x3f) << 8) | buffer[at + 1]!
          : header === 3 ? ((first & 0x1f) << 16) | (buffer[at + 1]! << 8) | buffer[at + 2]!
            : header === 4 ? ((first & 0x0f) << 24) | (buffer[at + 1]! << 16) | (buffer[at + 2]! << 8) | buffer[at + 3]!
              : buffer.readUInt32BE(at + 1);
      }
      if (length > this.#limits.maxWordBytes) {
        throw new RouterOsError('PROTOCOL', `the router announced a word of ${length} bytes; the limit is ${this.#limits.maxWordBytes}`);
      }
      if (end - at < header + length) {
        this.#needed = header + length;
        return at;
      }
      at += header;
      if (length === 0) this.#finish();
      else this.#word(buffer, at, at + length);
      at += length;
    }
    return at;
  }

  #finish(): void {
    const sentence = this.#sentence;
    if (sentence === null) return; // an empty sentence is ignored
    this.#sentence = null;
    this.#sentenceBytes = 0;
    this.#position = 0;
    this.#onSentence(sentence);
  }

  #word(buffer: Sliceable, start: number, end: number): void {
    const sentence = (this.#sentence ??= { reply: '', tag: null, attributes: {}, words: [], raw: null });
    this.#sentenceBytes += end - start;
    if (this.#sentenceBytes > this.#limits.maxSentenceBytes) {
      throw new RouterOsError('PROTOCOL', `the router sent a sentence longer than ${this.#limits.maxSentenceBytes} bytes`);
    }
    const first = buffer[start]!;
    if (first === EQUALS) {
      let split = start + 1;
      const guess = this.#guesses[this.#position++];
      let name: string;
      if (guess !== undefined && matches(buffer, start + 1, end, guess.bytes)) {
        split += guess.bytes.length;
        name = guess.name;
      } else {
        while (split < end && buffer[split] !== EQUALS) split++;
        name = this.#text(buffer, start + 1, split);
        if (this.#position <= MAX_GUESSES) this.#guesses[this.#position - 1] = { name, bytes: Buffer.from(buffer.subarray(start + 1, split)) };
      }
      const valueStart = split < end ? split + 1 : end;
      if (this.#ascii) {
        sentence.attributes[name] = buffer.latin1Slice(valueStart, end);
        return;
      }
      const bytes = buffer.subarray(valueStart, end);
      if (isUtf8(bytes)) sentence.attributes[name] = buffer.utf8Slice(valueStart, end);
      else {
        sentence.attributes[name] = this.#decodeFallback(bytes);
        (sentence.raw ??= {})[name] = Buffer.from(bytes);
      }
    } else if (first === BANG && sentence.reply === '') {
      sentence.reply = buffer.latin1Slice(start, end);
    } else if (first === DOT && end - start >= 5 && buffer.latin1Slice(start, start + 5) === '.tag=') {
      sentence.tag = buffer.latin1Slice(start + 5, end);
    } else {
      sentence.words.push(this.#text(buffer, start, end));
    }
  }

  #text(buffer: Sliceable, start: number, end: number): string {
    if (this.#ascii) return buffer.latin1Slice(start, end);
    const bytes = buffer.subarray(start, end);
    return isUtf8(bytes) ? buffer.utf8Slice(start, end) : this.#decodeFallback(bytes);
  }

  #decodeFallback(bytes: Buffer): string {
    this.#fallback ??= new TextDecoder(this.#fallbackLabel);
    return this.#fallback.decode(bytes);
  }
}

/** Whether `name` stands at `start`, followed by an equals sign or the end of the word. */
function matches(buffer: Buffer, start: number, end: number, name: Buffer): boolean {
  const after = start + name.length;
  if (after > end || (after < end && buffer[after] !== EQUALS)) return false;
  for (let i = 0; i < name.length; i++) if (buffer[start + i] !== name[i]) return false;
  return true;
}

/** A word to send: text goes out as UTF-8, bytes as they are. */
export type Word = string | Uint8Array;

/** One sentence with its closing zero word. An empty word would end the sentence early, so it is refused. */
export function encodeSentence(words: readonly Word[]): Buffer {
  let total = 1;
  const sizes: number[] = [];
  for (const word of words) {
    const size = typeof word === 'string' ? Buffer.byteLength(word) : word.length;
    if (size === 0) throw new RouterOsError('PROTOCOL', 'an empty word cannot be sent: it would end the sentence');
    sizes.push(size);
    total += size + headerSize(size);
  }
  const out = Buffer.allocUnsafe(total);
  let at = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const size = sizes[i]!;
    at = writeLength(out, at, size);
    if (typeof word === 'string') out.write(word, at, size, 'utf8');
    else out.set(word, at);
    at += size;
  }
  out[at] = 0;
  return out;
}

function headerSize(length: number): number {
  return length < 0x80 ? 1 : length < 0x4000 ? 2 : length < 0x200000 ? 3 : length < 0x10000000 ? 4 : 5;
}

function writeLength(out: Buffer, at: number, length: number): number {
  switch (headerSize(length)) {
    case 1: return out.writeUInt8(length, at);
    case 2: return out.writeUInt16BE(length | 0x8000, at);
    case 3: return out.writeUIntBE(length | 0xc00000, at, 3);
    case 4: return out.writeUInt32BE((length | 0xe0000000) >>> 0, at);
    default:
      out.writeUInt8(0xf0, at);
      return out.writeUInt32BE(length, at + 1);
  }
}
