/**
 * Time as an argument. Code that decides by the clock takes a `Clock`, so that tests and the sandbox can move it.
 */
export interface Clock {
  /** The current instant. */
  now(): Date;
}

/** The machine's own clock. */
export const systemClock: Clock = { now: () => new Date() };
