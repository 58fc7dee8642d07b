/**
 * What a router logs, for any number of watchers over one `/log/listen`. The router keeps its last lines (1000 as a rule), so
 * what was missed while the line was down is read again.
 */
import { makeMailbox, type Mailbox } from './mailbox.ts';
import type { RouterConnection } from './router-connection.ts';
import { silentLog, systemRuntime, type Log, type Runtime, type TimerHandle } from './runtime.ts';
import type { Row, RouterSession, RouterStream } from './session.ts';

export interface LogLine {
  /** The router's `.id`; it begins anew when the router does. */
  readonly id: string;
  /** As the router writes it, in its own time zone: `2026-10-02 17:35:45`, `jan/01 10:00:00`, `10:00:00`. */
  readonly time: string;
  readonly topics: readonly string[];
  readonly message: string;
}

/** `snapshot` replaces all that was said before. */
export interface LogChange {
  readonly kind: 'snapshot' | 'appended';
  /** The oldest first. */
  readonly lines: readonly LogLine[];
  readonly at: Date;
}

export interface LogLinesOptions {
  readonly connection: RouterConnection;
  readonly runtime?: Runtime;
  readonly log?: Log;
  /** Lines of a snapshot. Default 100. */
  readonly keep?: number;
  /** Joins lines that come together. Default 100. */
  readonly gatherMs?: number;
  /** After the router has ended the stream. Default 3000. */
  readonly againMs?: number;
}

export interface LogLines {
  /** A snapshot when the router has given one, then what it logs. A reader who falls behind gets a new snapshot. */
  watch(): AsyncIterableIterator<LogChange, void, void>;
  stop(): Promise<void>;
}

/** Messages that may wait for a slow reader. */
const WAITING = 50;
export const LOG_PROPERTIES = ['.id', 'time', 'topics', 'message'] as const;

export function toLogLine(row: Row): LogLine {
  return { id: row['.id'] ?? '', time: row['time'] ?? '', topics: (row['topics'] ?? '').split(',').filter(Boolean), message: row['message'] ?? '' };
}

export function makeLogLines({ connection, runtime = systemRuntime, log = silentLog, keep = 100, gatherMs = 100, againMs = 3_000 }: LogLinesOptions): LogLines {
  const boxes = new Set<Mailbox<LogChange>>();
  let recent: LogLine[] = [];
  /** What has come by the stream and was not passed on yet. */
  let gathered: LogLine[] = [];
  let session: RouterSession | null = null;
  let stream: RouterStream | null = null;
  let read = false;
  let gatherTimer: TimerHandle = null;
  let againTimer: TimerHandle = null;
  let unsubscribe: (() => void) | null = null;
  let stopped = false;
  let sequence = 0;

  const snapshot = (): LogChange => ({ kind: 'snapshot', lines: recent, at: runtime.now() });
  const post = (change: LogChange): void => {
    sequence += 1;
    for (const box of boxes) box.post(String(sequence), change);
  };
  const flush = (): void => {
    runtime.clearTimer(gatherTimer);
    gatherTimer = null;
    const lines = gathered;
    gathered = [];
    if (!read || lines.length === 0) return;
    recent = [...recent, ...lines].slice(-keep);
    post({ kind: 'appended', lines, at: runtime.now() });
  };

  const begin = async (from: RouterSession): Promise<void> => {
    read = false;
    gathered = [];
    const opened = from.stream('/log/listen', {}, {
      proplist: LOG_PROPERTIES,
      onRow(row) {
        // A line that has fallen out of the router's memory is told as dead.
        if (stream !== opened || row['.dead'] !== undefined) return;
        gathered.push(toLogLine(row));
        // Until the first reading is over, only what it may have missed is needed.
        if (!read) gathered = gathered.slice(-keep);
        else if (gathered.length >= keep) flush();
        else gatherTimer ??= runtime.setTimer(flush, gatherMs);
      },
      onEnd(error) {
        if (stream !== opened) return;
        stream = null;
        if (error !== null) log.debug({ router: connection.where, err: error }, 'the stream of log lines ended');
        again(from);
      },
    });
    stream = opened;
    try {
      // Listening already, so nothing falls between the two; what both have is known by its id.
      const rows = await from.print('/log', { proplist: LOG_PROPERTIES });
      if (stream !== opened) return;
      const lines = rows.map(toLogLine);
      const known = new Set(lines.map(({ id }) => id));
      recent = [...lines, ...gathered.filter(({ id }) => !known.has(id))].slice(-keep);
      gathered = [];
      read = true;
      post(snapshot());
    } catch (error) {
      if (stream !== opened) return;
      stream = null;
      void opened.cancel();
      log.debug({ router: connection.where, err: error }, 'the log could not be read');
      again(from);
    }
  };
  const again = (from: RouterSession): void => {
    runtime.clearTimer(againTimer);
    againTimer = runtime.setTimer(() => {
      if (session === from && stream === null && boxes.size > 0) void begin(from);
    }, againMs);
  };

  const onState = (): void => {
    const current = connection.current();
    if (current === session) return;
    session = current;
    stream = null;
    read = false;
    if (current !== null) void begin(current);
  };
  const release = (): void => {
    unsubscribe?.();
    unsubscribe = null;
    runtime.clearTimer(gatherTimer);
    runtime.clearTimer(againTimer);
    gatherTimer = null;
    const ending = stream;
    stream = null;
    session = null;
    read = false;
    recent = [];
    gathered = [];
    void ending?.cancel();
  };

  return {
    watch() {
      const box: Mailbox<LogChange> = makeMailbox<LogChange>({
        limit: WAITING,
        overflow: snapshot,
        onReturn: () => {
          if (boxes.delete(box) && boxes.size === 0) release();
        },
      });
      if (stopped) {
        box.end();
        return box;
      }
      boxes.add(box);
      if (read) {
        // What is still being gathered goes to the others first, or it would be told twice.
        boxes.delete(box);
        flush();
        boxes.add(box);
        box.post('snapshot', snapshot());
      }
      unsubscribe ??= connection.onState(onState);
      onState();
      return box;
    },
    async stop() {
      stopped = true;
      for (const box of boxes) box.end();
      boxes.clear();
      release();
    },
  };
}
