import { parseDuration } from '../routeros/normalise.ts';
import type { Row } from '../routeros/session.ts';

/** One echo, or its absence. */
export interface PingReply {
  seq: number;
  /** Who answered; null when nobody was asked. */
  host: string | null;
  sizeBytes: number | null;
  ttl: number | null;
  timeMs: number | null;
  /** Null for a plain reply; else the router's word (`timeout`, `net-unreachable`), or `offline`, `unreachable`. */
  status: string | null;
  at: Date;
}

/** What a number of echoes amounts to. */
export interface PingTotals {
  sent: number;
  received: number;
  lossPercent: number;
  minMs: number | null;
  avgMs: number | null;
  maxMs: number | null;
}

/** A row of `/tool/ping`; null for one that only sums up. */
export function toReply(row: Row, seq: number, at: Date): PingReply | null {
  if (!row['host'] && !row['time'] && !row['status']) return null;
  return { seq, host: row['host'] || null, sizeBytes: whole(row['size']), ttl: whole(row['ttl']), timeMs: milliseconds(row['time']), status: row['status'] || null, at };
}

/** Counted by us: releases differ in which of their rows hold totals. */
export function totalsOf(replies: readonly PingReply[]): PingTotals {
  const times = replies.map(({ timeMs }) => timeMs).filter((time) => time !== null);
  const sent = replies.length;
  const received = replies.filter(({ status, timeMs }) => status === null && timeMs !== null).length;
  return {
    sent,
    received,
    lossPercent: sent === 0 ? 100 : Math.round(((sent - received) / sent) * 1_000) / 10,
    minMs: times.length ? Math.min(...times) : null,
    avgMs: times.length ? Math.round((times.reduce((sum, time) => sum + time, 0) / times.length) * 1_000) / 1_000 : null,
    maxMs: times.length ? Math.max(...times) : null,
  };
}

function whole(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}

/** `1ms45us` → 1.045 */
function milliseconds(text: string | undefined): number | null {
  const seconds = parseDuration(text);
  return seconds === null ? null : Math.round(seconds * 1_000_000) / 1_000;
}
