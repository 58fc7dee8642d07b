import { z } from 'zod';

/** One echo, in answers and in streams. */
export const pingReplyShape = z.object({ seq: z.int(), host: z.string().nullable(), size: z.int().nullable(), ttl: z.int().nullable(), time_ms: z.number().nullable(), status: z.string() });

interface PingReply {
  seq: number;
  host: string | null;
  sizeBytes: number | null;
  ttl: number | null;
  timeMs: number | null;
  status: string | null;
}

export const toPingReply = (reply: PingReply): z.input<typeof pingReplyShape> => ({ seq: reply.seq, host: reply.host, size: reply.sizeBytes, ttl: reply.ttl, time_ms: reply.timeMs, status: reply.status ?? 'ok' });
