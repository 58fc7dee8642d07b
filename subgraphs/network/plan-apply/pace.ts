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

/** A second's worth: what a router that is read in no time is given at once. */
export const LEAST_STEPS = 100;
/** Enforcement of these services waits meanwhile, for some ten seconds. */
const MOST_STEPS = 1_000;
/** A quarter of the time of its writes may go into reading: before them, and after. */
const WRITING_TO_READING = 4;

/**
 * How many steps are read, written and read back together. A router looks at each of its rows to find some by name, so
 * reading costs what it has and not what is asked for: one with twenty thousand secrets, looked at twice a second, would
 * do little else.
 */
export function pieceSize(lookMs: number, perSecond: number): number {
  const steps = Math.ceil((lookMs / 1_000) * 2 * WRITING_TO_READING * perSecond);
  return Math.min(MOST_STEPS, Math.max(LEAST_STEPS, steps));
}
