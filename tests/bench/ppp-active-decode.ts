import { createRequire } from 'node:module';
import { encodeSentence } from '#sandbox/routeros/codec.ts';
import { SentenceDecoder } from '#subgraphs/network/routeros/codec.ts';
import { toLiveSession } from '#subgraphs/network/routeros/live-model.ts';
import type { Benchmark } from './benchmark.ts';
import { compare, median, ratiosOf, short } from './measure.ts';

const require = createRequire(import.meta.url);
const { Receiver } = require('node-routeros/dist/connector/Receiver.js') as { Receiver: new (socket: unknown) => { read(tag: string, callback: (packet: string[]) => void): void; processRawData(data: Buffer): void } };
const { Channel } = require('node-routeros/dist/Channel.js') as { Channel: new (connector: unknown) => { on(event: 'data', listener: (row: Record<string, string>) => void): void; processPacket(packet: string[]): void } };

const ROWS = 50_000;
/** What a socket hands over at once. */
const CHUNK = 65_536;
const TAG = 'bench';

/** `/ppp/active/print` of a big concentrator, as it comes from the socket. */
function wire(rows: number): Buffer[] {
  const sentences: Buffer[] = [];
  for (let at = 0; at < rows; at += 1) {
    const mac = `02:00:${[16, 8, 0].map((shift) => ((at >> shift) & 255).toString(16).padStart(2, '0').toUpperCase()).join(':')}:01`;
    sentences.push(
      encodeSentence(['!re', `.tag=${TAG}`, `=.id=*${(0x80100000 + at).toString(16).toUpperCase()}`, `=name=subscriber-${at}`, '=service=pppoe', `=caller-id=${mac}`, `=address=10.${64 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`, `=uptime=${at % 20}d${at % 24}h${at % 60}m7s`, '=encoding=', `=session-id=0x${(0x81100000 + at).toString(16)}`, '=limit-bytes-in=0', '=limit-bytes-out=0', '=radius=false']),
    );
  }
  sentences.push(encodeSentence(['!done', `.tag=${TAG}`]));
  const all = Buffer.concat(sentences);
  return Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, at) => all.subarray(at * CHUNK, (at + 1) * CHUNK));
}

export const pppActiveDecode: Benchmark = {
  name: 'ppp-active-decode',
  limit: 'receiver and channel of unmodified node-routeros on the same bytes',
  notes: `node-routeros copies the buffer for each word and hands rows on through several emitters; ours walks the buffer once.`,
  async run({ quick }) {
    const size = quick ? ROWS / 10 : ROWS;
    const chunks = wire(size);
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const check = (count: number) => {
      if (count !== size) throw new Error(`${count} rows instead of ${size}`);
      return size;
    };
    const decode = (onRow: (row: Record<string, string>) => void) => {
      let count = 0;
      const decoder = new SentenceDecoder(({ reply, attributes }) => {
        if (reply !== '!re') return;
        count += 1;
        onRow(attributes);
      });
      for (const chunk of chunks) decoder.push(chunk);
      return check(count);
    };
    const now = new Date();
    const measured = await compare(
      {
        headend: () => {
          const rows: Array<Record<string, string>> = [];
          return decode((row) => rows.push(row));
        },
        model: () => {
          const rows: unknown[] = [];
          return decode((row) => rows.push(toLiveSession(row, 'RECONCILE', now)));
        },
        library: () => {
          const receiver = new Receiver({});
          const channel = new Channel({ stopRead() {} });
          const rows: unknown[] = [];
          channel.on('data', (row) => rows.push(row));
          receiver.read(TAG, (packet) => channel.processPacket(packet));
          for (const chunk of chunks) receiver.processRawData(Buffer.from(chunk));
          return size;
        },
      },
      quick ? { repetitions: 3, ms: 0 } : { repetitions: 7, ms: 0 },
    );
    const rate = (of: { rates: number[] }) => `${short(median(of.rates) / 1000)} thousand rows a second`;
    return [
      { what: `${size} rows of /ppp/active (${short(bytes / 2 ** 20)} MB) to rows`, against: 'node-routeros', ratios: ratiosOf(measured.headend.rates, measured.library.rates), figures: `${rate(measured.headend)} (node-routeros ${rate(measured.library)})` },
      { what: 'the same to live sessions (durations, MACs, dates)', against: 'node-routeros, raw rows', ratios: ratiosOf(measured.model.rates, measured.library.rates), figures: rate(measured.model) },
    ];
  },
};
