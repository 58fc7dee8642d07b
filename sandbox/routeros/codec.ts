/**
 * The sandbox's own codec for the RouterOS API: length-prefixed words, sentences ended by an empty word.
 *
 * Words are BYTE STRINGS (one character per byte, latin1). RouterOS stores bytes and knows no encoding, so what a client
 * wrote comes back bit for bit; `toBytes`/`toText` convert at the border to our own (UTF-8) side.
 */

const BEYOND_ASCII = /[\u0080-\uffff]/;

/** Text of ours → byte string as it lies on the wire. */
export function toBytes(text: string): string {
  return BEYOND_ASCII.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** Byte string from the wire → text; bytes that are not UTF-8 are read as latin1. */
export function toText(bytes: string): string {
  if (!BEYOND_ASCII.test(bytes)) return bytes;
  const raw = Buffer.from(bytes, 'latin1');
  const text = raw.toString('utf8');
  return text.includes('\ufffd') && !raw.includes('\ufffd') ? bytes : text;
}

/** A peer broke the framing: the connection cannot go on. */
export class ProtocolError extends Error {}

/** The length prefix of a word, 1 to 5 bytes, big-endian. */
export function encodeLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  if (length < 0x4000) return Buffer.from([0x80 | (length >> 8), length & 0xff]);
  if (length < 0x200000) return Buffer.from([0xc0 | (length >> 16), (length >> 8) & 0xff, length & 0xff]);
  const four = Buffer.alloc(4);
  four.writeUInt32BE(length);
  if (length < 0x10000000) {
    four[0] = four[0]! | 0xe0;
    return four;
  }
  return Buffer.concat([Buffer.from([0xf0]), four]);
}

/** One sentence as bytes, its final empty word included. */
export function encodeSentence(words: readonly string[]): Buffer {
  let size = 1;
  for (const word of words) size += (word.length < 0x80 ? 1 : 5) + word.length;
  const out = Buffer.allocUnsafe(size);
  let at = 0;
  for (const word of words) {
    if (word.length < 0x80) out[at++] = word.length;
    else at += encodeLength(word.length).copy(out, at);
    at += out.write(word, at, 'latin1');
  }
  out[at++] = 0;
  return out.subarray(0, at);
}

/** How many bytes the prefix beginning with `first` takes; throws on control bytes (0xF8…) and undefined ones (0xF1…). */
function prefixSize(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc0) return 2;
  if (first < 0xe0) return 3;
  if (first < 0xf0) return 4;
  if (first === 0xf0) return 5;
  throw new ProtocolError(`control byte 0x${first.toString(16)}`);
}

function readLength(buffer: Buffer, at: number, size: number): number {
  const first = buffer[at]!;
  if (size === 1) return first;
  if (size === 2) return ((first & 0x3f) << 8) | buffer[at + 1]!;
  if (size === 3) return ((first & 0x1f) << 16) | (buffer[at + 1]! << 8) | buffer[at + 2]!;
  if (size === 4) return buffer.readUInt32BE(at) & 0x0fffffff;
  return buffer.readUInt32BE(at + 1);
}

export interface DecoderLimits {
  /** Longest word accepted, bytes. */
  maxWord: number;
  /** Most words in one sentence. */
  maxWords: number;
  /** Most bytes in one sentence; default: as many as the words may have. */
  maxSentence?: number;
}

/**
 * A decoder of one direction of one connection. `push` takes any slice of the stream and gives the sentences it completes
 * (empty ones are dropped, as RouterOS does). Throws ProtocolError when the stream cannot go on.
 */
export function makeDecoder(limits: DecoderLimits): {
  push(chunk: Buffer): string[][];
  /** New limits from here on (a client that has logged in may say more). */
  relax(limits: DecoderLimits): void;
} {
  let { maxWord, maxWords, maxSentence = Infinity } = limits;
  let sentenceBytes = 0;
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  /** Bytes that must lie in `waiting` before another look can bring anything: keeps a long word in small pieces linear. */
  let needed = 1;
  let words: string[] = [];

  return {
    push(chunk) {
      waiting.push(chunk);
      waitingBytes += chunk.length;
      if (waitingBytes < needed) return [];
      const buffer = waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting);
      const sentences: string[][] = [];
      let at = 0;
      needed = 1;
      while (at < buffer.length) {
        const size = prefixSize(buffer[at]!);
        if (at + size > buffer.length) {
          needed = size;
          break;
        }
        const length = readLength(buffer, at, size);
        if (length > maxWord) throw new ProtocolError(`word of ${length} bytes is too long`);
        if (sentenceBytes + length > maxSentence) throw new ProtocolError('sentence is too long');
        if (at + size + length > buffer.length) {
          needed = size + length;
          break;
        }
        at += size;
        if (length > 0) {
          if (words.length >= maxWords) throw new ProtocolError('too many words in a sentence');
          words.push(buffer.toString('latin1', at, at + length));
          sentenceBytes += length;
          at += length;
        } else if (words.length > 0) {
          sentences.push(words);
          words = [];
          sentenceBytes = 0;
        }
      }
      waiting = at < buffer.length ? [buffer.subarray(at)] : [];
      waitingBytes = buffer.length - at;
      return sentences;
    },
    relax(wider) {
      ({ maxWord, maxWords, maxSentence = Infinity } = wider);
    },
  };
}
