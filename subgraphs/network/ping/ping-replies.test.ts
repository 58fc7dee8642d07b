import { describe, expect, it } from 'vitest';
import { toReply, totalsOf } from './ping-replies.ts';

const at = new Date('2026-01-01T00:00:00Z');

describe('replies to a ping', () => {
  it('are read in the words of old and new routers', () => {
    expect(toReply({ seq: '0', host: '10.0.0.9', size: '56', ttl: '64', time: '1ms45us', sent: '1', received: '1', 'packet-loss': '0' }, 7, at)).toEqual({ seq: 7, host: '10.0.0.9', sizeBytes: 56, ttl: 64, timeMs: 1.045, status: null, at });
    expect(toReply({ host: '10.0.0.9', size: '56', ttl: '64', time: '12ms' }, 0, at)).toMatchObject({ timeMs: 12 });
    expect(toReply({ host: '10.0.0.9', time: '380us' }, 0, at)).toMatchObject({ timeMs: 0.38, ttl: null });
    expect(toReply({ seq: '1', host: '10.0.0.9', status: 'timeout', sent: '2', received: '1' }, 1, at)).toMatchObject({ status: 'timeout', timeMs: null });
    expect(toReply({ sent: '2', received: '1', 'packet-loss': '50' }, 2, at)).toBeNull();
  });

  it('are summed up, losses and all', () => {
    const reply = (time: string | null, seq: number) => toReply(time === null ? { host: 'h', status: 'timeout' } : { host: 'h', time }, seq, at)!;
    expect(totalsOf([reply('10ms', 0), reply(null, 1), reply('20ms', 2)])).toEqual({ sent: 3, received: 2, lossPercent: 33.3, minMs: 10, avgMs: 15, maxMs: 20 });
    expect(totalsOf([])).toEqual({ sent: 0, received: 0, lossPercent: 100, minMs: null, avgMs: null, maxMs: null });
    expect(totalsOf([reply(null, 0)])).toMatchObject({ received: 0, lossPercent: 100, minMs: null });
  });
});
