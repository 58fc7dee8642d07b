import type { Logger } from '#kernel/logs.ts';
import { connect, type Connection } from './connection.ts';
import type { ConnectionTarget } from './url.ts';

/** One connection for all LISTENs of a process; it comes back by itself. */
export interface Listener {
  /** Resolves when the server listens. `onNotify` is also called (with '') after each reconnect. */
  listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const HEARTBEAT_MS = 30_000;

export function makeListener(target: ConnectionTarget, options: { applicationName: string; log: Logger }): Listener {
  const channels = new Map<string, Set<(payload: string) => void>>();
  let current: Promise<Connection> | undefined;
  let closed = false;
  let backoff: NodeJS.Timeout | undefined;
  let waking: (() => void) | undefined;

  const quote = (channel: string): string => `"${channel.replaceAll('"', '""')}"`;

  function tell(channel: string, payload: string): void {
    for (const callback of channels.get(channel) ?? []) {
      try {
        callback(payload);
      } catch (error) {
        options.log.error({ err: error, channel }, 'A listener failed');
      }
    }
  }

  async function open(): Promise<Connection> {
    let heartbeat: NodeJS.Timeout | undefined;
    const connection = await connect(target, {
      applicationName: `${options.applicationName} (listen)`,
      log: options.log,
      onNotify: tell,
      onLost: () => {
        clearInterval(heartbeat);
        if (closed) return;
        options.log.warn({}, 'The listening database connection was lost; connecting again');
        current = reopen();
        current.catch(() => {});
      },
    });
    // A half-open TCP connection is noticed by nobody else: nothing is ever sent on it.
    heartbeat = setInterval(() => {
      const overdue = setTimeout(() => void connection.end(), 10_000);
      connection.run('select 1').then(
        () => clearTimeout(overdue),
        () => clearTimeout(overdue),
      );
    }, HEARTBEAT_MS);
    heartbeat.unref();
    return connection;
  }

  async function reopen(): Promise<Connection> {
    for (let delay = 50; ; delay = Math.min(delay * 2, 2_000)) {
      await new Promise<void>((resolve) => {
        waking = resolve;
        backoff = setTimeout(resolve, delay);
      });
      if (closed) throw new Error('The database is being closed');
      try {
        const connection = await open();
        for (const channel of channels.keys()) await connection.run(`listen ${quote(channel)}`);
        options.log.info({}, 'The listening database connection is back');
        for (const channel of channels.keys()) tell(channel, '');
        return connection;
      } catch (error) {
        options.log.debug({ err: error }, 'The listening database connection is not back yet');
      }
    }
  }

  return {
    async listen(channel, onNotify) {
      if (closed) throw new Error('The database is being closed');
      const callbacks = channels.get(channel) ?? new Set();
      channels.set(channel, callbacks);
      callbacks.add(onNotify);
      try {
        current ??= open();
        await (await current).run(`listen ${quote(channel)}`);
      } catch (error) {
        callbacks.delete(onNotify);
        if (callbacks.size === 0) channels.delete(channel);
        // A first connection that failed is tried again by the next caller.
        if (![...channels.values()].some((set) => set.size > 0)) current = undefined;
        throw error;
      }
      return async () => {
        callbacks.delete(onNotify);
        if (callbacks.size > 0 || channels.get(channel) !== callbacks) return;
        channels.delete(channel);
        if (closed) return;
        await (await current)?.run(`unlisten ${quote(channel)}`).catch(() => {});
      };
    },
    async close() {
      closed = true;
      clearTimeout(backoff);
      waking?.();
      const connection = await current?.catch(() => undefined);
      await connection?.end();
    },
  };
}
