import type { Clock } from '#kernel/clock.ts';
import { makeMailbox, type Mailbox } from '../routeros/mailbox.ts';
import type { RouterSession, RouterStream } from '../routeros/session.ts';
import type { RouterLink } from '../router/router-fleet.ts';
import { toReply, type PingReply } from './ping-replies.ts';

/** Pings one subscriber, or one address, from a router, once for all who watch. */
export interface Pinger {
  subscribe(): AsyncIterableIterator<PingReply, void, void>;
  stop(): void;
}

export interface PingerOptions {
  /** The router's link at the moment; it changes when the router's address does. */
  link: () => RouterLink | undefined;
  /** Whom to ping now: null when there is nobody (`offline`), undefined while that is not known (`unreachable`). */
  target: (link: RouterLink) => string | null | undefined;
  clock: Clock;
  /** The last one has left: the pinger has stopped. */
  onIdle: () => void;
  /** Default 1000. */
  everyMs?: number;
}

/** Replies that may wait for a slow watcher; beyond, he gets the newest. */
const WAITING = 10;
/** Ticks without a word from the router after which it counts as gone; the line itself notices much later. */
const SILENT_TICKS = 3;

/** The address of a subscriber's live session. */
export function subscriberTarget(username: string): PingerOptions['target'] {
  return ({ live }) => {
    if (!live.synced) return undefined;
    const session = live.byName(username);
    return session?.staleSince === null ? session.address : null;
  };
}

export function makePinger({ link, target, clock, onIdle, everyMs = 1_000 }: PingerOptions): Pinger {
  const boxes = new Set<Mailbox<PingReply>>();
  let timer: NodeJS.Timeout | undefined;
  let running: { session: RouterSession; address: string; stream: RouterStream; silent: number } | undefined;
  let newest: PingReply = { seq: 0, host: null, sizeBytes: null, ttl: null, timeMs: null, status: 'offline', at: clock.now() };
  let seq = 0;

  const emit = (reply: PingReply): void => {
    newest = reply;
    seq += 1;
    for (const box of boxes) box.post(String(reply.seq), reply);
  };
  const emitStatus = (status: string): void => emit({ seq, host: null, sizeBytes: null, ttl: null, timeMs: null, status, at: clock.now() });

  const begin = (session: RouterSession, address: string): void => {
    const isIt = () => running?.stream === stream;
    const stream: RouterStream = session.stream('/tool/ping', { address }, {
      onRow(row) {
        if (!isIt()) return;
        running!.silent = 0;
        const reply = toReply(row, seq, clock.now());
        if (reply) emit(reply);
      },
      onEnd(error) {
        if (!isIt()) return;
        running = undefined;
        // The next tick begins again; until then, why.
        if (error && !session.isClosed) emitStatus(error.traps[0]?.message ?? 'failed');
      },
    });
    running = { session, address, stream, silent: 0 };
  };

  const end = (): void => {
    const ending = running;
    running = undefined;
    void ending?.stream.cancel();
  };

  const tick = (): void => {
    timer = setTimeout(tick, everyMs);
    timer.unref();
    const found = link();
    const session = found?.connection.current() ?? null;
    const address = found && session ? target(found) : undefined;
    if (running && (running.session !== session || running.address !== address)) end();
    if (running) {
      running.silent += 1;
      if (running.silent > SILENT_TICKS) emitStatus('unreachable');
    } else if (!session || address === undefined) emitStatus('unreachable');
    else if (!address) emitStatus('offline');
    else begin(session, address);
  };

  const leave = (box: Mailbox<PingReply>): void => {
    if (!boxes.delete(box) || boxes.size > 0) return;
    clearTimeout(timer);
    timer = undefined;
    end();
    onIdle();
  };

  return {
    subscribe() {
      const box: Mailbox<PingReply> = makeMailbox<PingReply>({ limit: WAITING, overflow: () => newest, onReturn: () => leave(box) });
      boxes.add(box);
      if (!timer) tick();
      return box;
    },
    stop() {
      for (const box of boxes) {
        box.end();
        leave(box);
      }
    },
  };
}
