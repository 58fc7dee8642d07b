import { randomBytes } from 'node:crypto';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True when the text has the shape of a UUID (any version). */
export function isUuid(text: unknown): text is string {
  return typeof text === 'string' && UUID.test(text);
}

let lastMs = 0;
let sequence = 0;

/**
 * A UUIDv7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then a 12-bit counter that rises within one millisecond
 * (method 1 of §6.2), then 62 random bits. Ids made in one process sort in the order they were made, which keeps keyset
 * pages and index inserts in order. Made here and never in SQL, because PostgreSQL has no uuidv7() before 18.
 */
export function uuidv7(now: number = Date.now()): string {
  if (now > lastMs) {
    lastMs = now;
    sequence = randomBytes(2).readUInt16BE() & 0x7ff; // start low enough that the counter has room to rise
  } else if (++sequence > 0xfff) {
    // More than the counter holds in one millisecond, or the clock stepped back: borrow the next millisecond.
    lastMs += 1;
    sequence = 0;
  }
  const bytes = randomBytes(16);
  bytes.writeUIntBE(lastMs, 0, 6);
  bytes.writeUInt16BE(0x7000 | sequence, 6);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
