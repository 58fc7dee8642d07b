/**
 * Between the callbacks of a router and one watcher: everything in order as long as he keeps up, and beyond that the last
 * of each user. What a burst costs is bounded, and nobody's last state is lost.
 */
export interface CallbackQueue<T> extends AsyncIterableIterator<T, void, void> {
  post(item: T): void;
  end(): void;
}

export interface CallbackQueueOptions<T> {
  /** The user an item is about. */
  nameOf: (item: T) => string;
  onReturn: () => void;
  /** Items that wait one by one. Default 1000. */
  keep?: number;
  /** Users of whom the last one waits beyond that; the oldest goes first. Default 50,000. */
  users?: number;
}

export function makeCallbackQueue<T>({ nameOf, onReturn, keep = 1_000, users = 50_000 }: CallbackQueueOptions<T>): CallbackQueue<T> {
  /** Older than all of `recent`: the last by user. */
  const coalesced = new Map<string, T>();
  const recent: T[] = [];
  let readers: Array<(result: IteratorResult<T, void>) => void> = [];
  let over = false;

  const next = (): T | undefined => {
    const [oldest] = coalesced;
    if (!oldest) return recent.shift();
    coalesced.delete(oldest[0]);
    return oldest[1];
  };

  const close = (): void => {
    over = true;
    for (const reader of readers) reader({ done: true, value: undefined });
    readers = [];
  };

  return {
    post(item) {
      if (over) return;
      const reader = readers.shift();
      if (reader) return reader({ done: false, value: item });
      recent.push(item);
      if (recent.length <= keep) return;
      const oldest = recent.shift()!;
      const name = nameOf(oldest);
      coalesced.delete(name); // the newer one stands at the end
      coalesced.set(name, oldest);
      if (coalesced.size > users) coalesced.delete(coalesced.keys().next().value!);
    },
    end: close,
    next() {
      const item = next();
      if (item !== undefined) return Promise.resolve({ done: false, value: item });
      if (over) return Promise.resolve({ done: true, value: undefined });
      return new Promise((resolve) => readers.push(resolve));
    },
    return() {
      coalesced.clear();
      recent.length = 0;
      close();
      onReturn();
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
