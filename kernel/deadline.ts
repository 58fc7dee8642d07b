/** A time by which work has to be done. */
export interface Deadline {
  /** Aborts with a `TimeoutError` when the time is over. */
  readonly signal: AbortSignal;
  /** What comes of the work, or the `TimeoutError` when the time is over first: whoever does it may not heed the signal. */
  race<T>(work: Promise<T>): Promise<T>;
  /** The work is done: nothing goes off any more. */
  clear(): void;
}

/**
 * A deadline from now on, which does not keep the process alive. Not AbortSignal.timeout: one that is over would still go off
 * behind every piece of work that was done long ago.
 */
export function makeDeadline(ms: number, message: string): Deadline {
  const over = new AbortController();
  const { signal } = over;
  const timer = setTimeout(() => over.abort(new DOMException(message, 'TimeoutError')), ms);
  timer.unref();
  return {
    signal,
    race: (work) =>
      new Promise((resolve, reject) => {
        const late = () => reject(signal.reason as Error);
        if (signal.aborted) late();
        signal.addEventListener('abort', late, { once: true });
        work.finally(() => signal.removeEventListener('abort', late)).then(resolve, reject);
      }),
    clear: () => clearTimeout(timer),
  };
}
