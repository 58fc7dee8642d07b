/**
 * A bounded queue between a source that pushes and a consumer that pulls. Unlike an async generator it can be closed while
 * a `next()` is pending, which is what a client that goes away does.
 */
export interface EventQueue<T> extends AsyncIterableIterator<T> {
  /** False when the queue has ended (or has just overflowed): the source may stop. */
  push(item: T): boolean;
  /** Ends after what is queued; `last` is one more item. */
  end(last?: T): void;
  /** Ends at once: what is queued is dropped, only `last` is still delivered. */
  cut(last?: T): void;
}

export interface EventQueueOptions<T> {
  /** Items held for a consumer that does not keep up. */
  max: number;
  /** The last item of a queue that overflowed: says why it ended. */
  overflow: () => T;
  /** Called once, when nothing more is wanted: the consumer left, the queue overflowed, was ended or cut. */
  onClose: () => void;
}

export function makeEventQueue<T>({ max, overflow, onClose }: EventQueueOptions<T>): EventQueue<T> {
  let items: T[] = [];
  const waiting: Array<(result: IteratorResult<T>) => void> = [];
  let ended = false;

  const deliver = (item: T) => {
    const waiter = waiting.shift();
    if (waiter) waiter({ value: item, done: false });
    else items.push(item);
  };
  const close = (last: T | undefined) => {
    if (ended) return;
    if (last !== undefined) deliver(last);
    ended = true;
    for (const waiter of waiting.splice(0)) waiter({ value: undefined, done: true });
    onClose();
  };
  const cut = (last?: T) => {
    if (ended) return;
    items = [];
    close(last);
  };

  return {
    push(item) {
      if (ended) return false;
      if (items.length >= max) {
        cut(overflow());
        return false;
      }
      deliver(item);
      return true;
    },
    end: close,
    cut,
    next() {
      if (items.length > 0) return Promise.resolve({ value: items.shift() as T, done: false });
      if (ended) return Promise.resolve({ value: undefined, done: true });
      return new Promise((resolve) => waiting.push(resolve));
    },
    return() {
      cut();
      items = [];
      return Promise.resolve({ value: undefined, done: true });
    },
    throw(error) {
      cut();
      items = [];
      return Promise.reject(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
