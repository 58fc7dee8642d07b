import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeLength, encodeSentence, makeDecoder, ProtocolError, toBytes, toText } from './codec.ts';

const limits = { maxWord: 2 ** 29, maxWords: 10_000 };
const word = fc.uint8Array({ minLength: 1, maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('latin1'));

describe('the codec', () => {
  it.each([
    [0x7f, '7f'],
    [0x80, '8080'],
    [0x3fff, 'bfff'],
    [0x4000, 'c04000'],
    [0x1fffff, 'dfffff'],
    [0x200000, 'e0200000'],
    [0xfffffff, 'efffffff'],
    [0x10000000, 'f010000000'],
  ])('writes the length %i as %s', (length, hex) => {
    expect(encodeLength(length).toString('hex')).toBe(hex);
  });

  it('reads back any sentences, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.array(word, { minLength: 1, maxLength: 8 }), { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (sentences, cuts) => {
        const stream = Buffer.concat(sentences.map(encodeSentence));
        const decoder = makeDecoder(limits);
        const got: string[][] = [];
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const size = cuts[turn % cuts.length]!;
          got.push(...decoder.push(stream.subarray(at, at + size)));
          at += size;
        }
        expect(got).toEqual(sentences);
      }),
    );
  });

  it('reads words of every prefix size', () => {
    for (const length of [0x7f, 0x80, 0x3fff, 0x4000, 0x200000]) {
      const sentence = ['x'.repeat(length)];
      expect(makeDecoder(limits).push(encodeSentence(sentence))).toEqual([sentence]);
    }
  });

  it('accepts prefixes longer than needed', () => {
    expect(makeDecoder(limits).push(Buffer.from([0xf0, 0, 0, 0, 1, 0x61, 0x80, 1, 0x62, 0]))).toEqual([['a', 'b']]);
  });

  it('ignores empty sentences', () => {
    expect(makeDecoder(limits).push(Buffer.from([0, 0, 1, 0x61, 0, 0]))).toEqual([['a']]);
  });

  it.each([0xf1, 0xf7, 0xf8, 0xff])('gives up on the byte 0x%i', (byte) => {
    expect(() => makeDecoder(limits).push(Buffer.from([byte]))).toThrow(ProtocolError);
  });

  it('gives up on a word or a sentence that is too long, before it has come', () => {
    expect(() => makeDecoder({ maxWord: 100, maxWords: 5 }).push(Buffer.from([0x80, 101]))).toThrow(ProtocolError);
    expect(() => makeDecoder({ maxWord: 100, maxWords: 1 }).push(encodeSentence(['a', 'b']))).toThrow(ProtocolError);
  });

  it('keeps the bytes of names in any encoding', () => {
    expect(toText(toBytes('Łukasz 北京'))).toBe('Łukasz 北京');
    expect(toText('Jos\xe9')).toBe('José');
  });
});
