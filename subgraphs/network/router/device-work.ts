import { makeDeadline } from '#kernel/deadline.ts';
import { RouterOsError } from '../routeros/errors.ts';
import { makePppVerbs } from '../routeros/ppp.ts';
import type { DeviceTools, RouterLink } from './router-link.ts';

export interface DeviceWork {
  /** What must not be worked on by two at once, e.g. `profile:headend-fiber_100`; of many rows all of them. */
  key: string | readonly string[];
  /** From the call to the answer, waiting for a turn and for the line included. */
  deadlineMs: number;
  /** Keyed hash of a PPP password, for routers that hide it. */
  hashPassword?: (password: string) => string;
}

/** How long a piece of work waits for a line that is down; the rest of its time belongs to the commands. */
const LINE_WAIT_MS = 3_000;

/**
 * Runs work over a link within its deadline; `onDone` when it has truly ended, also when its caller has given up on it.
 * @throws RouterOsError
 */
export async function workOn<T>(link: RouterLink, { key, deadlineMs, hashPassword }: DeviceWork, action: (tools: DeviceTools) => Promise<T>, onDone: () => void): Promise<T> {
  const time = makeDeadline(deadlineMs, 'The work was not done in time.');
  const deadline = time.signal;
  const endsAt = performance.now() + deadlineMs;
  const release = await link.queue.acquire(key, deadline);
  const doing = (async () => {
    const session = await link.connection.session(Math.min(LINE_WAIT_MS, Math.max(1, endsAt - performance.now())), deadline);
    const { version } = link.connection.status();
    const timeoutMs = Math.max(1, endsAt - performance.now());
    const ppp = makePppVerbs(session, { version, timeoutMs, signal: deadline, ...(hashPassword ? { hashPassword } : {}) });
    return await action({ session, ppp, limits: { timeoutMs, signal: deadline } });
  })();
  // The turn is held until then.
  void doing.catch(() => undefined).finally(() => {
    time.clear();
    release();
    onDone();
  });
  try {
    return await Promise.race([doing, overdue(deadline, link, deadlineMs)]);
  } catch (error) {
    if (deadline.aborted && error instanceof RouterOsError && (error.code === 'INTERRUPTED' || error.code === 'TIMEOUT')) throw tooLate(link, deadlineMs);
    throw error;
  }
}

function tooLate(link: RouterLink, deadlineMs: number): RouterOsError {
  return new RouterOsError('TIMEOUT', `${link.connection.where}: no answer within ${Math.round(deadlineMs / 1000)} s`, { outcomeUnknown: true });
}

function overdue(deadline: AbortSignal, link: RouterLink, deadlineMs: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    const late = () => reject(tooLate(link, deadlineMs));
    if (deadline.aborted) late();
    else deadline.addEventListener('abort', late, { once: true });
  });
}
