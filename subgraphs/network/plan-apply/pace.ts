/** Lets so many through in a second; the rest waits its turn. */
export interface Pace {
  /** Resolves when the next one may go. */
  take(): Promise<void>;
}

/**
 * Evenly spaced turns: routers slow down for everybody when they are asked in bursts. What was not used is lost, but for
 * `burst` turns, so that a timer that wakes late costs no throughput.
 */
export function makePace(perSecond: number, { burst = 16, now = () => performance.now(), sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) } = {}): Pace {
  const every = 1_000 / perSecond;
  let next = -Infinity;
  return {
    async take() {
      const at = now();
      next = Math.max(next, at - burst * every) + every;
      if (next > at) await sleep(next - at);
    },
  };
}
