import type { Logger } from '#kernel/logs.ts';

/** What has been started, to be stopped in reverse order, once, however often it is asked. */
export interface Stops {
  add(name: string, stop: () => Promise<void> | void): void;
  run(): Promise<void>;
}

export function makeStops(log: Logger): Stops {
  const stack: Array<{ name: string; stop: () => Promise<void> | void }> = [];
  let running: Promise<void> | undefined;
  const run = async () => {
    for (let part = stack.pop(); part; part = stack.pop()) {
      try {
        await part.stop();
      } catch (error) {
        // The rest must still be stopped: the database above all.
        log.error({ err: error, part: part.name }, 'A part did not stop cleanly');
      }
    }
  };
  return {
    add: (name, stop) => void stack.push({ name, stop }),
    run: () => (running ??= run()),
  };
}
