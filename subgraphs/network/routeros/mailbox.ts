/**
 * A bounded, coalescing queue between one producer and one slow consumer, read as an async iterator. Of messages with
 * the same key the last one wins; when it would grow beyond its limit it is emptied and the consumer gets `overflow()`
 * instead (a new snapshot).
 */
export interface Mailbox<T> extends AsyncIterableIterator<T, void, void>, AsyncDisposable {
  /** Drops what waits for `key`; true when there was something. */
  forget(key: string): boolean;
  post(key: string, message: T): void;
  /** Throws away all that waits and delivers `overflow()` next. */
  reset(): void;
  /** Ends the iteration after what waits. */
  end(): void;
  return(): Promise<IteratorResult<T, void>>;
  readonly size: number;
}

export interface MailboxOptions<T> {
  readonly limit: number;
  overflow(): T;
  onReturn(): void;
}

export function makeMailbox<T>(options: MailboxOptions<T>): Mailbox<T> {
  const waiting = new Map<string, T>();
  let readers: Array<(result: IteratorResult<T, void>) => void> = [];
  let resync = false;
  let done = false;

  const next = (): T | undefined => {
    if (resync) {
      resync = false;
      return options.overflow();
    }
    const first = waiting.entries().next();
    if (first.done) return undefined;
    waiting.delete(first.value[0]);
    return first.value[1];
  };
  const wake = (): void => {
    while (readers.length > 0) {
      const message = next();
      if (message === undefined) break;
      readers.shift()!({ done: false, value: message });
    }
    if (!done) return;
    for (const reader of readers) reader({ done: true, value: undefined });
    readers = [];
  };

  const box: Mailbox<T> = {
    post(key, message) {
      if (done) return;
      waiting.delete(key); // the newest goes to the end
      if (waiting.size >= options.limit) {
        box.reset();
        return;
      }
      if (resync) return; // the snapshot to come holds it
      waiting.set(key, message);
      wake();
    },
    forget: (key) => waiting.delete(key),
    reset() {
      if (done) return;
      waiting.clear();
      resync = true;
      wake();
    },
    end() {
      done = true;
      wake();
    },
    next() {
      const message = next();
      if (message !== undefined) return Promise.resolve({ done: false, value: message });
      if (done) return Promise.resolve({ done: true, value: undefined });
      return new Promise((resolve) => readers.push(resolve));
    },
    return() {
      done = true;
      resync = false;
      waiting.clear();
      wake();
      options.onReturn();
      return Promise.resolve({ done: true, value: undefined });
    },
    [Symbol.asyncIterator]: () => box,
    async [Symbol.asyncDispose]() {
      await box.return();
    },
    get size() { return waiting.size; },
  };
  return box;
}
