import { WebSocket } from 'ws';
import type { Logger } from '#kernel/logs.ts';
import { RouterOsError } from '../routeros/errors.ts';
import type { Reply, Row } from '../routeros/session.ts';
import { decodeFrame, encodeFrame, fromWire, takeRaw, type Frame, type Method } from './peer-protocol.ts';

/** The way to one other process: calls to the routers that it looks after. */
export interface PeerClient {
  readonly connected: boolean;
  /** One answer. Rejects with the router's error, with `CLOSED` when the way is lost, with `INTERRUPTED` when `signal` aborts. */
  call(method: Method, routerId: string, params: object, options?: CallOptions): Promise<unknown>;
  /** Rows until it ends, or is cancelled. */
  open(routerId: string, params: object, handlers: { onRow: (row: Row) => void; onEnd: (error: RouterOsError | null) => void }): () => void;
  /** Begins something that lasts until it is cancelled; answers its number. */
  begin(method: 'watch', routerId: string, params: object): { id: number; cancel: () => void };
  tell(topic: string, payload: unknown): void;
  stop(): void;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** What has no answer by then fails as `TIMEOUT`. Default: none. */
  timeoutMs?: number;
  /** Whether it is unknown what became of it when no answer comes. */
  writes?: boolean;
  /** The call holds something that `cancel` gives back. */
  onHeld?: (cancel: () => void) => void;
}

export interface PeerClientOptions {
  url: string;
  /** Shown in the handshake. */
  token: () => Promise<string>;
  log: Logger;
  onFrame: (frame: Extract<Frame, { kind: 'offer' | 'status' | 'change' | 'withdraw' }>) => void;
  /** Everything that it offered is out of reach. */
  onLost: () => void;
}

const AGAIN_MS = 500;
/** A process that hangs keeps its TCP connection. */
const PING_EVERY_MS = 2_000;
const SILENT_MS = 6_000;
const CONNECT_WITHIN_MS = 3_000;

interface Pending {
  settle: (error: Error | null, value?: unknown) => void;
  onRow?: (row: Row) => void;
}

export function makePeerClient({ url, token, log, onFrame, onLost }: PeerClientOptions): PeerClient {
  const pending = new Map<number, Pending>();
  let socket: WebSocket | undefined;
  let ready = false;
  let stopped = false;
  let next = 0;
  let again: NodeJS.Timeout | undefined;

  const lose = (): void => {
    const was = ready;
    ready = false;
    const all = [...pending.values()];
    pending.clear();
    for (const { settle } of all) settle(new RouterOsError('CLOSED', 'the process that looks after the router is out of reach'));
    if (was) onLost();
  };

  const connect = async (): Promise<void> => {
    let opened: WebSocket;
    try {
      const shown = await token();
      // Before there is a socket: one that is thrown away while it connects tells an error, and nobody listens yet.
      if (stopped) return;
      opened = new WebSocket(url, { headers: { authorization: `Bearer ${shown}` }, handshakeTimeout: CONNECT_WITHIN_MS, perMessageDeflate: false });
    } catch (error) {
      log.warn({ err: error }, 'Another network process could not be called');
      again = setTimeout(() => void connect(), AGAIN_MS).unref();
      return;
    }
    socket = opened;
    let heardAt = performance.now();
    const heart = setInterval(() => {
      if (performance.now() - heardAt > SILENT_MS) opened.terminate();
      else if (opened.readyState === opened.OPEN) opened.ping();
    }, PING_EVERY_MS).unref();
    opened.on('open', () => {
      ready = true;
    });
    opened.on('pong', () => (heardAt = performance.now()));
    opened.on('message', (data: Buffer) => {
      heardAt = performance.now();
      const frame = decodeFrame(data);
      switch (frame.kind) {
        case 'answer':
        case 'failed': {
          const call = pending.get(frame.id);
          pending.delete(frame.id);
          if (frame.kind === 'failed') call?.settle(fromWire(frame.error));
          else {
            if (frame.raw) takeRaw((frame.value as Reply).rows, frame.raw);
            call?.settle(null, frame.value);
          }
          return;
        }
        case 'row':
          takeRaw([frame.row], frame.raw);
          return pending.get(frame.id)?.onRow?.(frame.row);
        case 'offer':
        case 'status':
        case 'change':
        case 'withdraw':
          return onFrame(frame);
        default:
      }
    });
    opened.on('error', (error) => log.debug({ url, err: error }, 'The way to another network process failed'));
    opened.on('close', () => {
      clearInterval(heart);
      if (socket !== opened) return;
      lose();
      if (!stopped) again = setTimeout(() => void connect(), AGAIN_MS).unref();
    });
  };
  void connect();

  const send = (frame: Frame): void => socket?.send(encodeFrame(frame));
  const cancelOf = (id: number) => () => {
    if (ready) send({ kind: 'cancel', id });
  };

  return {
    get connected() {
      return ready;
    },
    call(method, routerId, params, { signal, timeoutMs, writes = false, onHeld } = {}) {
      return new Promise((resolve, reject) => {
        const command = 'path' in params ? String(params.path) : method;
        if (!ready) return reject(new RouterOsError('CLOSED', 'the process that looks after the router is out of reach', { command }));
        if (signal?.aborted) return reject(new RouterOsError('INTERRUPTED', `${command}: given up before it was sent`, { command }));
        const id = (next += 1);
        let timer: NodeJS.Timeout | undefined;
        const settle: Pending['settle'] = (error, value) => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', onAbort);
          if (error === null) {
            onHeld?.(cancelOf(id));
            return resolve(value);
          }
          const unknown = writes && error instanceof RouterOsError && error.code === 'CLOSED';
          reject(unknown ? new RouterOsError('CLOSED', error.message, { command, outcomeUnknown: true, cause: error }) : error);
        };
        const give = (error: RouterOsError) => {
          if (!pending.delete(id)) return;
          cancelOf(id)();
          settle(error);
        };
        const onAbort = () => give(new RouterOsError('INTERRUPTED', `${command}: given up`, { command, outcomeUnknown: writes }));
        signal?.addEventListener('abort', onAbort, { once: true });
        if (timeoutMs !== undefined) timer = setTimeout(() => give(new RouterOsError('TIMEOUT', `${command} was not answered within ${timeoutMs} ms`, { command, outcomeUnknown: writes })), timeoutMs);
        pending.set(id, { settle });
        send({ kind: 'call', id, method, routerId, params });
      });
    },
    open(routerId, params, { onRow, onEnd }) {
      const id = (next += 1);
      if (!ready) {
        queueMicrotask(() => onEnd(new RouterOsError('CLOSED', 'the process that looks after the router is out of reach')));
        return () => undefined;
      }
      pending.set(id, { onRow, settle: (error) => onEnd(error === null ? null : error instanceof RouterOsError ? error : new RouterOsError('FAILURE', error.message)) });
      send({ kind: 'call', id, method: 'stream', routerId, params });
      return () => {
        if (!pending.delete(id)) return;
        cancelOf(id)();
        onEnd(null);
      };
    },
    begin(method, routerId, params) {
      const id = (next += 1);
      if (ready) send({ kind: 'call', id, method, routerId, params });
      return { id, cancel: cancelOf(id) };
    },
    tell(topic, payload) {
      if (ready) send({ kind: 'told', topic, payload });
    },
    stop() {
      stopped = true;
      clearTimeout(again);
      socket?.close(1001);
      lose();
    },
  };
}
