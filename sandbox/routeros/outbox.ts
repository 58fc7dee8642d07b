/** The way out to one client: collects sentences, bends to the faults, knows when a client does not read. */

import type { Socket } from 'node:net';
import { encodeSentence } from './codec.ts';
import type { Faults } from './faults.ts';

export interface Outbox {
  /** Queues a sentence; it leaves with the next flush. */
  write(words: readonly string[]): void;
  /** Sends the first half of a sentence and cuts the line. */
  writeHalf(words: readonly string[]): void;
  flush(): void;
  /** Bytes the client has not taken yet. */
  readonly pending: number;
  /** Resolves when the client has taken enough for more to be made, or the line is gone. */
  drained(): Promise<void>;
  /** Sends what is queued and closes. */
  end(): void;
}

const BATCH = 64 * 1024;
/** From here on no more rows are made until the client reads. */
export const HIGH_WATER = 256 * 1024;

export interface OutboxOptions {
  socket: Socket;
  faults: Faults;
  /** Whether the byte-drop fault counts this client (it has logged in). */
  counted: () => boolean;
  /** The client does not read: more than `maxPending` bytes wait. */
  onOverflow: () => void;
  maxPending: number;
}

export function makeOutbox(options: OutboxOptions): Outbox {
  const { socket, faults } = options;
  let batch: Buffer[] = [];
  let batchBytes = 0;
  /** Bytes held back while the router hangs or leaves in fragments. */
  let held: Buffer[] = [];
  let heldBytes = 0;
  let pumping = false;
  let over = false;
  let ending = false;
  const isGone = () => over || socket.destroyed;

  const finish = () => {
    over = true;
    socket.end();
  };

  function transmit(bytes: Buffer): void {
    if (over || socket.destroyed) return;
    const allowed = options.counted() ? faults.allowance(bytes.length) : bytes.length;
    if (allowed > 0) socket.write(allowed === bytes.length ? bytes : bytes.subarray(0, allowed));
    if (allowed < bytes.length) {
      finish();
      socket.once('finish', () => socket.destroy());
    }
  }

  /** Lets held bytes go, piece by piece, each in its own turn of the loop so that they leave in their own segments. */
  async function pump(): Promise<void> {
    if (pumping) return;
    pumping = true;
    while (held.length > 0 && !isGone()) {
      if (faults.active.hang) await faults.untilAnswering();
      const size = faults.active.fragmentBytes ?? Infinity;
      const bytes = held.shift()!;
      for (let at = 0; at < bytes.length && !isGone(); ) {
        const piece = bytes.subarray(at, Number.isFinite(size) ? at + size : bytes.length);
        transmit(piece);
        at += piece.length;
        heldBytes -= piece.length;
        if (Number.isFinite(size)) await new Promise((resolve) => setImmediate(resolve));
      }
    }
    pumping = false;
    if (ending && !over) finish();
  }

  function flush(): void {
    if (batchBytes === 0) return;
    const bytes = batch.length === 1 ? batch[0]! : Buffer.concat(batch);
    batch = [];
    batchBytes = 0;
    const { hang, fragmentBytes } = faults.active;
    if (hang || fragmentBytes !== undefined || held.length > 0 || pumping) {
      held.push(bytes);
      heldBytes += bytes.length;
      void pump();
    } else transmit(bytes);
    if (socket.writableLength + heldBytes > options.maxPending) options.onOverflow();
  }

  return {
    write(words) {
      if (over || ending || socket.destroyed) return;
      const bytes = encodeSentence(words);
      if (batchBytes === 0) queueMicrotask(flush);
      batch.push(bytes);
      batchBytes += bytes.length;
      if (batchBytes >= BATCH) flush();
    },
    writeHalf(words) {
      flush();
      const bytes = encodeSentence(words);
      transmit(bytes.subarray(0, Math.ceil(bytes.length / 2)));
      finish();
      socket.once('finish', () => socket.destroy());
    },
    flush,
    get pending() {
      return socket.writableLength + heldBytes + batchBytes;
    },
    drained() {
      flush();
      if (socket.destroyed || socket.writableLength === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const done = () => {
          socket.off('drain', done);
          socket.off('close', done);
          resolve();
        };
        socket.on('drain', done);
        socket.on('close', done);
      });
    },
    end() {
      flush();
      ending = true;
      if (!pumping) finish();
    },
  };
}
