/** What the RouterOS client takes from outside: time, chance and a place to write, so that tests can hold them. */

/** The few log calls used here; pino fits. Attribute values are never passed: they hold passwords. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A log that keeps nothing. */
export const silentLog: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export type TimerHandle = unknown;

export interface Runtime {
  /** Wall clock. */
  now(): Date;
  /** Milliseconds that only go forward. */
  monotonic(): number;
  /** In [0, 1). */
  random(): number;
  setTimer(action: () => void, ms: number): TimerHandle;
  clearTimer(handle: TimerHandle): void;
}

/** The real clock. Timers do not hold the process open: whatever runs is stopped by its owner. */
export const systemRuntime: Runtime = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  random: Math.random,
  setTimer: (action, ms) => setTimeout(action, ms).unref(),
  clearTimer: (handle) => clearTimeout(handle as NodeJS.Timeout),
};
