import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '#kernel/logs.ts';
import { openDatabase, type Database } from '#kernel/db/database.ts';
import { testDatabase, type TestDatabase } from '#kernel/db/test-database.ts';
import { makeSandboxClock } from './sandbox-clock.ts';

const DAY = 86_400_000;

describe('the sandbox clock', () => {
  let test: TestDatabase;
  let other: Database;

  beforeAll(async () => {
    test = await testDatabase();
    other = openDatabase({ url: test.url, applicationName: 'another process', log: silentLogger });
  });

  afterAll(async () => {
    await other?.close();
    await test?.drop();
  });

  it('is moved in every process at once, and is where it was after a restart', async () => {
    const real = { now: () => new Date('2026-01-31T12:00:00Z') };
    const here = makeSandboxClock({ database: test.database, log: silentLogger, real });
    const there = makeSandboxClock({ database: other, log: silentLogger, real });
    await Promise.all([here.start(), there.start()]);
    expect(await here.moveForward(20 * DAY)).toEqual(new Date('2026-02-20T12:00:00Z'));
    await expect.poll(() => there.now()).toEqual(new Date('2026-02-20T12:00:00Z'));
    await there.moveForward(DAY);
    await expect.poll(() => here.now()).toEqual(new Date('2026-02-21T12:00:00Z'));
    await Promise.all([here.stop(), there.stop()]);

    const restarted = makeSandboxClock({ database: test.database, log: silentLogger, real });
    await restarted.start();
    expect(restarted.now()).toEqual(new Date('2026-02-21T12:00:00Z'));
    await restarted.stop();
  });

  it('never goes back', async () => {
    await expect(makeSandboxClock({ database: test.database, log: silentLogger }).moveForward(-1)).rejects.toThrow(RangeError);
  });
});
