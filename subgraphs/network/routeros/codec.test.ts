import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { SentenceDecoder, encodeSentence, type Sentence, type DecoderOptions } from './codec.ts';
import { frame } from './test-peer.ts';

function decode(chunks: Buffer[], options?: DecoderOptions): Sentence[] {
  const out: Sentence[] = [];
  const decoder = new SentenceDecoder((s) => out.push(s), options);
  for (const chunk of chunks) decoder.push(chunk);
  return out;
}

describe('RouterOS framing', () => {
  it('encodes every length class as the manual says', () => {
    for (const length of [1, 0x7f, 0x80, 0x3fff, 0x4000, 0x1fffff, 0x200000]) {
      const word = 'x'.repeat(length);
      expect(encodeSentence([word]).equals(frame(word))).toBe(true);
    }
  });

  it('refuses to send an empty word, which would end the sentence early', () => {
    expect(() => encodeSentence(['/ppp/secret/add', ''])).toThrow(/empty word/);
  });

  it('delivers the same sentences wherever the bytes are cut, byte by byte included', () => {
    const long = 'v'.repeat(300);
    const bytes = Buffer.concat([
      frame('!re', '.tag=1', '=.id=*1', '=name=ада', `=comment=${long}`, '=empty=', '=eq=a=b=c', '=multi=line1\nline2'),
      frame('!done', '.tag=1'),
      frame('!re', '=name=last', '.tag=2'),
      frame('!fatal', 'session terminated on request'),
    ]);
    const whole = decode([bytes]);
    expect(whole.map((s) => [s.reply, s.tag])).toEqual([['!re', '1'], ['!done', '1'], ['!re', '2'], ['!fatal', null]]);
    expect(whole[0]!.attributes).toEqual({ '.id': '*1', name: 'ада', comment: long, empty: '', eq: 'a=b=c', multi: 'line1\nline2' });
    expect(whole[3]!.words).toEqual(['session terminated on request']);
    for (let cut = 1; cut < bytes.length; cut++) expect(decode([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(whole);
    for (const size of [1, 2, 3, 7]) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      expect(decode(chunks)).toEqual(whole);
    }
  });

  it('round-trips any words through any cuts', () => {
    fc.assert(fc.property(
      fc.array(fc.dictionary(fc.stringMatching(/^[a-z-]{1,12}$/), fc.string({ maxLength: 400, unit: 'grapheme' })), { maxLength: 8 }),
      fc.integer({ min: 1, max: 50 }),
      (rows, size) => {
        const bytes = Buffer.concat(rows.map((row) => encodeSentence(['!re', '.tag=x', ...Object.entries(row).map(([k, v]) => `=${k}=${v}`)])));
        const chunks: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
        expect(decode(chunks).map((s) => s.attributes)).toEqual(rows.map((row) => ({ ...row })));
      },
    ), { numRuns: 100 });
  });

  it('ignores empty sentences and keeps a row without attributes', () => {
    expect(decode([Buffer.of(0, 0), frame('!re'), frame('!done')]).map((s) => s.reply)).toEqual(['!re', '!done']);
  });

  it('reads UTF-8 where it is valid and the fallback code page where it is not, keeping the bytes', () => {
    const win = Buffer.concat([Buffer.from('=comment=Jos'), Buffer.of(0xe9)]);
    const [row] = decode([frame('!re', win, '=name=José')]);
    expect(row!.attributes).toEqual({ comment: 'José', name: 'José' });
    expect(row!.raw).toEqual({ comment: Buffer.concat([Buffer.from('Jos'), Buffer.of(0xe9)]) });
    const cyrillic = Buffer.concat([Buffer.from('=comment='), Buffer.of(0xc2, 0xe0, 0xf1, 0xff)]);
    expect(decode([frame('!re', cyrillic)], { fallbackEncoding: 'windows-1251' })[0]!.attributes['comment']).toBe('Вася');
  });

  it('refuses control bytes, undefined lengths and words or sentences beyond the limits', () => {
    expect(() => decode([Buffer.of(0xf8)])).toThrow(/control byte/);
    expect(() => decode([Buffer.of(0xf3)])).toThrow(/undefined length/);
    expect(() => decode([Buffer.of(0xf0, 0xff, 0xff, 0xff, 0xff)])).toThrow(/limit/);
    expect(() => decode([frame('!re', `=a=${'x'.repeat(200)}`)], { limits: { maxWordBytes: 100 } })).toThrow(/limit/);
    expect(() => decode([frame('!re', ...Array.from({ length: 50 }, () => '=a=xxxxxxxxx'))], { limits: { maxSentenceBytes: 300 } })).toThrow(/sentence longer/);
  });

  it('takes a long word in many chunks without joining them each time', () => {
    const word = `=data=${'z'.repeat(2_000_000)}`;
    const bytes = frame('!re', word);
    const chunks: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += 1000) chunks.push(bytes.subarray(at, at + 1000));
    expect(decode(chunks)[0]!.attributes['data']!.length).toBe(2_000_000);
  });
});
