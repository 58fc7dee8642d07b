import { randomBytes } from 'node:crypto';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True when the text has the shape of a UUID (any version). */
export function isUuid(text: unknown): text is string {
  return typeof text === 'string' && UUID.test(text);
}

/** Random bytes are drawn for many ids at once: each draw is a call into the system. */
const POOL_BYTES = 8192;
let pool = Buffer.alloc(0);
let drawn = 0;

function random(bytes: number): Buffer {
  if (drawn + bytes > pool.length) {
    pool = randomBytes(POOL_BYTES);
    drawn = 0;
  }
  drawn += bytes;
  return pool.subarray(drawn - bytes, drawn);
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
    sequence = random(2).readUInt16BE() & 0x7ff; // start low enough that the counter has room to rise
  } else if (++sequence > 0xfff) {
    // More than the counter holds in one millisecond, or the clock stepped back: borrow the next millisecond.
    lastMs += 1;
    sequence = 0;
  }
  const bytes = random(8);
  bytes[0] = (bytes[0]! & 0x3f) | 0x80;
  const time = lastMs.toString(16).padStart(12, '0');
  const hex = bytes.toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence.toString(16).padStart(3, '0')}-${hex.slice(0, 4)}-${hex.slice(4)}`;
}
