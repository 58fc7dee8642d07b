import type { RouterFleet, RouterLink } from './router/router-fleet.ts';

type Stream<T> = AsyncIterableIterator<T, void, void>;

const DONE = { done: true, value: undefined } as const;

/**
 * A stream of one router that outlives its line: when the router's address changes, or another process takes the router
 * over, it goes on with the next link. It ends when the router is removed. Unlike a generator it can be ended while a
 * `next()` is pending, which is how a client leaves.
 */
export function followLink<T>(fleet: RouterFleet, routerId: string, open: (link: RouterLink) => Stream<T>): Stream<T> {
  let inner: Stream<T> | undefined;
  let current: RouterLink | undefined;
  let ended = false;
  let wake: (() => void) | undefined;

  const end = () => {
    if (ended) return;
    ended = true;
    unsubscribe();
    void inner?.return?.();
    wake?.();
  };
  const unsubscribe = fleet.onLink((id, what) => {
    if (id !== routerId || what === 'updated') return;
    if (what === 'removed') return end();
    void inner?.return?.();
    wake?.();
  });

  const next = async (): Promise<IteratorResult<T, void>> => {
    for (;;) {
      if (ended) return DONE;
      const link = fleet.link(routerId);
      if (link && link !== current) {
        void inner?.return?.();
        current = link;
        inner = open(link);
      }
      if (!inner) {
        await new Promise<void>((resolve) => (wake = resolve));
        wake = undefined;
        continue;
      }
      const item = await inner.next();
      if (!item.done) return item;
      inner = undefined;
    }
  };

  return iterator(next, end);
}

/** Each item of `source` as any number of items. Reads on only when all of them were taken. */
export function expand<T, U>(source: Stream<T>, toItems: (item: T) => readonly U[]): Stream<U> {
  let buffer: readonly U[] = [];
  let at = 0;
  let ended = false;
  const next = async (): Promise<IteratorResult<U, void>> => {
    for (;;) {
      if (ended) return DONE;
      if (at < buffer.length) return { done: false, value: buffer[at++]! };
      const item = await source.next();
      if (item.done) return DONE;
      buffer = toItems(item.value);
      at = 0;
    }
  };
  return iterator(next, () => {
    ended = true;
    buffer = [];
    void source.return?.();
  });
}

/**
 * `first`, then what `read` answers after each item of `source`; ends behind the one of which `isLast` is true.
 */
export function follow<T>(first: T, source: AsyncIterableIterator<unknown>, read: () => Promise<T>, isLast: (item: T) => boolean): Stream<T> {
  let coming: T | undefined = first;
  let ended = false;
  const end = () => {
    ended = true;
    void source.return?.();
  };
  const next = async (): Promise<IteratorResult<T, void>> => {
    if (ended) return DONE;
    let item = coming;
    coming = undefined;
    if (item === undefined) {
      if ((await source.next()).done) return DONE;
      item = await read();
    }
    if (isLast(item)) end();
    return { done: false, value: item };
  };
  return iterator(next, end);
}

/** Calls of `next` that overlap are answered in their order; one alone, which is the rule, waits for nothing. */
function iterator<T>(next: () => Promise<IteratorResult<T, void>>, end: () => void): Stream<T> {
  let last: Promise<unknown> | undefined;
  let unanswered = 0;
  const answered = () => {
    unanswered -= 1;
  };
  return {
    next() {
      const answer = unanswered === 0 ? next() : last!.then(next, next);
      unanswered += 1;
      last = answer;
      answer.then(answered, answered);
      return answer;
    },
    return() {
      end();
      return Promise.resolve(DONE);
    },
    throw(error) {
      end();
      return Promise.reject(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
