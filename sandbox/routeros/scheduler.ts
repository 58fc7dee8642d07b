/** Time of a simulated router: one clock, one timer for any number of appointments. */

/** The outside's time; tests may pass their own. */
export interface SimulatorClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls `run` once after `ms`; the result cancels. */
  after(ms: number, run: () => void): () => void;
}

/** Node's timers end at 2^31 ms; what is longer comes early rather than at once. */
const LONGEST_MS = 2 ** 31 - 1;

export const systemClock: SimulatorClock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, LONGEST_MS));
    return () => clearTimeout(timer);
  },
};

export interface Appointment {
  cancel(): void;
}

export interface Scheduler {
  now(): number;
  at(ms: number, run: () => void): Appointment;
  /** Forgets every appointment. */
  clear(): void;
}

interface Entry {
  due: number;
  order: number;
  run: (() => void) | undefined;
}

/** Appointments kept in one turn: when 20,000 homes dial at once, API clients still have theirs. */
const TURN = 256;

/** A binary heap behind a single timer: 20,000 waiting subscribers cost one timer. */
export function makeScheduler(clock: SimulatorClock): Scheduler {
  let heap: Entry[] = [];
  let order = 0;
  let disarm: (() => void) | undefined;
  let armedFor = Infinity;

  const before = (a: Entry, b: Entry) => a.due < b.due || (a.due === b.due && a.order < b.order);
  const swap = (i: number, j: number) => {
    const held = heap[i]!;
    heap[i] = heap[j]!;
    heap[j] = held;
  };
  const push = (entry: Entry) => {
    heap.push(entry);
    for (let i = heap.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!before(heap[i]!, heap[parent]!)) break;
      swap(i, parent);
      i = parent;
    }
  };
  const pop = () => {
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      for (let i = 0; ; ) {
        const left = 2 * i + 1;
        let least = i;
        if (left < heap.length && before(heap[left]!, heap[least]!)) least = left;
        if (left + 1 < heap.length && before(heap[left + 1]!, heap[least]!)) least = left + 1;
        if (least === i) break;
        swap(i, least);
        i = least;
      }
    }
    return top;
  };
  const arm = () => {
    const due = heap[0]?.due ?? Infinity;
    if (due === armedFor) return;
    disarm?.();
    disarm = undefined;
    armedFor = due;
    if (due === Infinity) return;
    // Node's timers end at 2^31 ms; a longer wait simply looks again.
    disarm = clock.after(Math.min(Math.max(0, due - clock.now()), 2_000_000_000), tick);
  };
  const tick = () => {
    armedFor = Infinity;
    disarm = undefined;
    const now = clock.now();
    try {
      for (let kept = 0; kept < TURN && heap.length > 0 && heap[0]!.due <= now; kept += 1) pop().run?.();
    } finally {
      arm();
    }
  };

  return {
    now: () => clock.now(),
    at(ms, run) {
      const entry: Entry = { due: ms, order: order++, run };
      push(entry);
      arm();
      return {
        cancel() {
          entry.run = undefined;
        },
      };
    },
    clear() {
      heap = [];
      disarm?.();
      disarm = undefined;
      armedFor = Infinity;
    },
  };
}
