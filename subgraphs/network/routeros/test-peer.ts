/**
 * Test helper: a scripted router. It plays byte-exact replies and misbehaves on demand; it knows nothing of RouterOS
 * beyond framing and login. It has a small framing of its own, so that an error in ours does not hide itself.
 */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { AddressInfo } from 'node:net';
import type { Runtime } from './runtime.ts';

/** Frames words the slow, obvious way. */
export function frame(...words: Array<string | Buffer>): Buffer {
  const parts: Buffer[] = [];
  for (const word of words) {
    const bytes = typeof word === 'string' ? Buffer.from(word, 'utf8') : word;
    const n = bytes.length;
    if (n < 0x80) parts.push(Buffer.of(n));
    else if (n < 0x4000) parts.push(Buffer.of(0x80 | (n >> 8), n & 255));
    else if (n < 0x200000) parts.push(Buffer.of(0xc0 | (n >> 16), (n >> 8) & 255, n & 255));
    else parts.push(Buffer.of(0xe0 | (n >> 24), (n >> 16) & 255, (n >> 8) & 255, n & 255));
    parts.push(bytes);
  }
  return Buffer.concat([...parts, Buffer.of(0)]);
}

export interface PeerCommand {
  readonly path: string;
  readonly tag: string;
  readonly words: readonly string[];
  /** Value of `=name=`, or undefined. */
  arg(name: string): string | undefined;
}

export interface PeerLine {
  readonly socket: Socket;
  /** Sends one sentence, `.tag` second as RouterOS does. */
  say(tag: string | null, reply: string, ...words: Array<string | Buffer>): void;
  raw(bytes: Buffer): void;
  /** Writes byte by byte, each in a write of its own. */
  drip(bytes: Buffer): Promise<void>;
}

export interface PeerOptions {
  /** Answers a command after login. */
  onCommand?: (command: PeerCommand, line: PeerLine) => void;
  /** Default: accepts everything. */
  onLogin?: (command: PeerCommand, line: PeerLine) => void;
  onConnect?: (line: PeerLine) => void;
  tls?: TlsOptions;
  port?: number;
}

export interface TestPeer {
  readonly port: number;
  readonly host: string;
  /** Every command received, login included. */
  readonly commands: PeerCommand[];
  readonly lines: PeerLine[];
  readonly received: () => Buffer;
  close(): Promise<void>;
}

export async function makeTestPeer(options: PeerOptions = {}): Promise<TestPeer> {
  const commands: PeerCommand[] = [];
  const lines: PeerLine[] = [];
  const chunks: Buffer[] = [];
  const serve = (socket: Socket): void => {
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    const line: PeerLine = {
      socket,
      say: (tag, reply, ...words) => { line.raw(frame(reply, ...(tag === null ? [] : [`.tag=${tag}`]), ...words)); },
      raw: (bytes) => { if (!socket.destroyed) socket.write(bytes); },
      async drip(bytes) {
        for (const byte of bytes) {
          await new Promise<void>((resolve) => { socket.write(Buffer.of(byte), () => setImmediate(resolve)); });
        }
      },
    };
    lines.push(line);
    options.onConnect?.(line);
    let pending: Buffer = Buffer.alloc(0);
    let words: string[] = [];
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      pending = Buffer.concat([pending, chunk]);
      for (;;) {
        if (pending.length === 0) return;
        const first = pending[0]!;
        const header = first < 0x80 ? 1 : first < 0xc0 ? 2 : first < 0xe0 ? 3 : 4;
        if (pending.length < header) return;
        let length = header === 1 ? first : first & (0xff >> header);
        for (let i = 1; i < header; i++) length = length * 256 + pending[i]!;
        if (pending.length < header + length) return;
        const word = pending.toString('utf8', header, header + length);
        pending = pending.subarray(header + length);
        if (length > 0) {
          words.push(word);
          continue;
        }
        const mine = words;
        words = [];
        const command: PeerCommand = {
          path: mine[0]!,
          tag: mine.find((w) => w.startsWith('.tag='))?.slice(5) ?? '',
          words: mine,
          arg: (name) => mine.find((w) => w.startsWith(`=${name}=`))?.slice(name.length + 2),
        };
        commands.push(command);
        if (command.path === '/login') (options.onLogin ?? ((c, l) => l.say(c.tag, '!done')))(command, line);
        else options.onCommand?.(command, line);
      }
    });
  };
  const server: Server = options.tls === undefined ? createServer(serve) : createTlsServer(options.tls, serve);
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    commands,
    lines,
    received: () => Buffer.concat(chunks),
    async close() {
      for (const line of lines) line.socket.destroy();
      await new Promise<void>((resolve) => { server.close(() => resolve()); });
    },
  };
}

/** Waits until `probe` answers something truthy, looking again at every turn; fails after `timeoutMs`. */
export async function until<T>(probe: () => T | undefined | null | false, timeoutMs = 5000): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const value = probe();
    if (value) return value;
    if (performance.now() > end) throw new Error(`not seen within ${timeoutMs} ms: ${probe.toString()}`);
    await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
}

export interface TestRuntime extends Runtime {
  /** Moves both clocks and fires what is due, in order. */
  advance(ms: number): void;
  /** Delays of the timers that are set, ascending. */
  delays(): number[];
}

/** A clock that stands still until it is moved. */
export function makeTestRuntime(random: () => number = () => 0.5): TestRuntime {
  let now = 1_000_000;
  let sequence = 0;
  const timers = new Map<number, { at: number; action: () => void }>();
  return {
    now: () => new Date(now),
    monotonic: () => now,
    random,
    setTimer(action, ms) {
      timers.set(++sequence, { at: now + ms, action });
      return sequence;
    },
    clearTimer: (handle) => { timers.delete(handle as number); },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const due = [...timers].filter(([, t]) => t.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
        if (due === undefined) break;
        timers.delete(due[0]);
        now = due[1].at;
        due[1].action();
      }
      now = end;
    },
    delays: () => [...timers.values()].map((t) => t.at - now).sort((a, b) => a - b),
  };
}
