import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeRowWatch } from './row-watch.ts';

interface Row {
  id: string;
  version: number;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A watch over one row; `looks` counts how often it was read. */
async function watched() {
  let version = 1;
  let looks = 0;
  let notify = (_payload: string): void => {};
  const watch = makeRowWatch<Row>({
    database: {
      listen: async (_channel, onNotify) => {
        notify = onNotify;
        return async () => {};
      },
    },
    channel: 'rows',
    async find(_tenantId, id) {
      looks += 1;
      return { id, version };
    },
  });
  await watch.start();
  return { watch, notify: (payload: string) => notify(payload), write: (to: number) => void (version = to), looks: () => looks };
}

describe('a row watch', () => {
  it('reads a row that somebody else has changed at once, and one of which no version is told', async () => {
    const { watch, notify, write, looks } = await watched();
    const rows = watch.follow('tenant', 'a');
    expect((await rows.next()).value).toEqual({ id: 'a', version: 1 });
    for (const [version, payload] of [[2, 'a 2'], [3, 'a'], [4, '']] as const) {
      const next = rows.next();
      write(version);
      notify(payload);
      expect((await next).value).toEqual({ id: 'a', version });
    }
    expect(looks()).toBe(4);
  });

  it('takes what it is offered, and reads neither it nor what its notification tells', async () => {
    const { watch, notify, looks } = await watched();
    const rows = watch.follow('tenant', 'a', undefined, { id: 'a', version: 1 });
    expect((await rows.next()).value).toEqual({ id: 'a', version: 1 });
    for (const version of [2, 3]) {
      const next = rows.next();
      notify(`a ${version}`); // it may come before the offer, or behind it
      watch.offer({ id: 'a', version });
      notify(`a ${version}`);
      expect((await next).value).toEqual({ id: 'a', version });
      await vi.advanceTimersByTimeAsync(100);
    }
    watch.offer({ id: 'a', version: 2 });
    expect(looks()).toBe(0);
  });

  it('reads, a moment later, what it was not offered', async () => {
    const { watch, notify, write, looks } = await watched();
    const rows = watch.follow('tenant', 'a', undefined, { id: 'a', version: 1 });
    await rows.next();
    const next = rows.next();
    write(2);
    notify('a 2');
    await vi.advanceTimersByTimeAsync(20);
    expect((await next).value).toEqual({ id: 'a', version: 2 });
    expect(looks()).toBe(1);
  });
});
