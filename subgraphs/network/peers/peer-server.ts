import type { WebSocket } from 'ws';
import type { Logger } from '#kernel/logs.ts';
import { RouterOsError } from '../routeros/errors.ts';
import type { RouterSession } from '../routeros/session.ts';
import type { RouterLink } from '../router/router-link.ts';
import { decodeFrame, encodeFrame, rawAlong, toWire, type Frame } from './peer-protocol.ts';

/** Serves the routers of this process to the others. */
export interface PeerServer {
  /** Another process has come, and has shown who it is. */
  accept(socket: WebSocket): void;
  /** A router that others may use from now on. */
  offer(link: RouterLink, token: number): void;
  withdraw(routerId: string): void;
  stop(): void;
}

export interface PeerServerOptions {
  log: Logger;
  onTold: (topic: string, payload: unknown) => void;
}

interface Offered {
  link: RouterLink;
  token: number;
  /** Counts the logins, so that a follower knows the one from the next. */
  login: number;
  session: RouterSession | null;
  end: () => void;
}

/** A follower that is so far behind is cut off; it comes again and gets everything anew. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024;

type Call = Extract<Frame, { kind: 'call' }>;

export function makePeerServer({ log, onTold }: PeerServerOptions): PeerServer {
  const offered = new Map<string, Offered>();
  const sockets = new Set<WebSocket>();

  const send = (socket: WebSocket, frame: Frame): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) return socket.terminate();
    socket.send(encodeFrame(frame));
  };
  const sendAll = (frame: Frame): void => {
    if (sockets.size === 0) return;
    for (const socket of sockets) send(socket, frame);
  };
  const offerOf = (routerId: string, { link, token, login }: Offered): Frame => ({
    kind: 'offer',
    routerId,
    spec: { ...link.spec, passwordSealed: '' },
    token,
    status: link.connection.status(),
    login,
    live: { action: 'SNAPSHOT', version: link.live.version, at: new Date(), sessions: link.live.sessions(), synced: link.live.synced, staleSince: link.live.staleSince(), bootedAt: null },
  });

  const linkOf = (routerId: string): RouterLink => {
    const found = offered.get(routerId);
    if (!found) throw new RouterOsError('CLOSED', 'this process does not look after the router any more');
    return found.link;
  };
  const sessionOf = (routerId: string): RouterSession => {
    const { connection } = linkOf(routerId);
    const session = connection.current();
    if (!session) throw new RouterOsError('CLOSED', connection.status().reason ?? `${connection.where}: not connected`);
    return session;
  };

  const serve = (socket: WebSocket): void => {
    /** What is under way for this follower; called when it is not interested any more, or has gone. */
    const running = new Map<number, () => void>();
    const watches = new Map<number, AsyncIterator<unknown>>();

    const answer = async ({ id, method, routerId, params }: Call): Promise<void> => {
      switch (method) {
        case 'command': {
          const { path, attributes, ...options } = params as { path: string; attributes: Parameters<RouterSession['command']>[1]; timeoutMs?: number };
          const abort = new AbortController();
          running.set(id, () => abort.abort());
          const reply = await sessionOf(routerId).command(path, attributes, { ...options, signal: abort.signal });
          send(socket, { kind: 'answer', id, value: reply, ...rawAlong(reply.rows) });
          break;
        }
        case 'stream': {
          const { path, attributes, ...options } = params as { path: string; attributes: NonNullable<Parameters<RouterSession['command']>[1]> };
          const stream = sessionOf(routerId).stream(path, attributes, { ...options, onRow: (row) => send(socket, { kind: 'row', id, row, ...rawAlong([row]) }) });
          running.set(id, () => void stream.cancel());
          const error = await stream.ended;
          if (error) throw error;
          send(socket, { kind: 'answer', id, value: null });
          break;
        }
        case 'watch': {
          const { what, name } = params as { what: 'traffic' | 'interfaces' | 'logs'; name: string };
          const link = linkOf(routerId);
          const source: AsyncIterator<unknown> = what === 'logs' ? link.logs.watch() : link[what].watch(name);
          watches.set(id, source);
          running.set(id, () => {
            watches.delete(id);
            void source.return?.();
          });
          return; // until it is cancelled
        }
        case 'next': {
          const item = await watches.get((params as { watch: number }).watch)?.next();
          send(socket, { kind: 'answer', id, value: item ?? { done: true, value: undefined } });
          break;
        }
        case 'acquire': {
          const { key } = params as { key: string | readonly string[] };
          const abort = new AbortController();
          let release: (() => void) | undefined;
          running.set(id, () => {
            abort.abort();
            release?.();
          });
          release = await linkOf(routerId).queue.acquire(key, abort.signal);
          if (!running.has(id)) return release();
          send(socket, { kind: 'answer', id, value: null });
          return; // held until it is cancelled
        }
        case 'refresh':
          send(socket, { kind: 'answer', id, value: await linkOf(routerId).connection.refresh((params as { deadlineMs?: number }).deadlineMs) });
          break;
        case 'resync':
          await linkOf(routerId).live.resync();
          send(socket, { kind: 'answer', id, value: null });
          break;
        case 'retry':
          linkOf(routerId).connection.retryNow();
          send(socket, { kind: 'answer', id, value: null });
          break;
      }
      running.delete(id);
    };

    socket.on('message', (data: Buffer) => {
      const frame = decodeFrame(data);
      if (frame.kind === 'told') onTold(frame.topic, frame.payload);
      else if (frame.kind === 'cancel') {
        running.get(frame.id)?.();
        running.delete(frame.id);
      } else if (frame.kind === 'call') {
        answer(frame).catch((error: unknown) => {
          running.delete(frame.id);
          if (!(error instanceof RouterOsError)) log.warn({ routerId: frame.routerId, method: frame.method, err: error }, 'What another process asked of a router failed');
          send(socket, { kind: 'failed', id: frame.id, error: toWire(error) });
        });
      }
    });
    socket.on('close', () => {
      sockets.delete(socket);
      for (const end of running.values()) end();
      running.clear();
    });
    socket.on('error', () => socket.terminate());
    sockets.add(socket);
    for (const [routerId, router] of offered) send(socket, offerOf(routerId, router));
  };

  return {
    accept: serve,
    offer(link, token) {
      const routerId = link.spec.id;
      const entry: Offered = { link, token, login: 0, session: link.connection.current(), end: () => undefined };
      const ends = [
        link.connection.onState((status) => {
          const session = link.connection.current();
          if (session !== entry.session) {
            entry.session = session;
            entry.login += 1;
          }
          sendAll({ kind: 'status', routerId, status, login: entry.login });
        }),
        link.live.onChange((change) => sendAll({ kind: 'change', routerId, change })),
      ];
      entry.end = () => ends.forEach((end) => end());
      offered.get(routerId)?.end();
      offered.set(routerId, entry);
      sendAll(offerOf(routerId, entry));
    },
    withdraw(routerId) {
      const entry = offered.get(routerId);
      if (!entry) return;
      entry.end();
      offered.delete(routerId);
      sendAll({ kind: 'withdraw', routerId });
    },
    stop() {
      for (const socket of sockets) socket.close(1001);
      sockets.clear();
    },
  };
}
