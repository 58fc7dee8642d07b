import type { Logger } from '#kernel/logs.ts';

/** Tells of a peer that cannot be connected to, in few lines: while it starts, or is away, whoever asks for it would write one each. */
export interface OutageLog {
  /** At once, and then at most every ten seconds, with how many times it was tried in vain since the last line. */
  unreachable(fields: object, message: string): void;
  /** It has answered: one line when it was out of reach before. */
  reached(): void;
}

const EVERY_MS = 10_000;
/** There was no connection; anything else that fails is a failure of one request. */
const NO_CONNECTION = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ETIMEDOUT']);

/** Whether an error of a socket means that there was no connection. */
export function isNoConnection(error: unknown): boolean {
  return error instanceof Error && NO_CONNECTION.has(String((error as NodeJS.ErrnoException).code));
}

export function makeOutageLog({ log, peer, now = () => performance.now() }: { log: Pick<Logger, 'warn' | 'info'>; peer: string; now?: () => number }): OutageLog {
  /** When it was first found out of reach, and when that was last told. */
  let since: number | undefined;
  let toldAt = 0;
  let untold = 0;
  return {
    unreachable(fields, message) {
      untold += 1;
      if (since !== undefined && now() - toldAt < EVERY_MS) return;
      since ??= now();
      toldAt = now();
      log.warn({ ...fields, times: untold }, message);
      untold = 0;
    },
    reached() {
      if (since === undefined) return;
      log.info({ seconds: Math.round((now() - since) / 1000) }, `${peer[0]!.toUpperCase()}${peer.slice(1)} is reached again.`);
      since = undefined;
      untold = 0;
    },
  };
}
