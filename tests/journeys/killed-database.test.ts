import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subgraphNames } from '#cli/composition/blueprints.ts';
import { openDatabase, type Database } from '#kernel/db/database.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#kernel/db/embedded-postgres.ts';
import { bootstrapRoles } from '#kernel/db/roles.ts';
import { silentLogger } from '#kernel/logs.ts';
import { MODES } from '../support/product.ts';
import { longForm, rounds, runSeed, seeded } from '../support/seeded.ts';
import { ACTS, makeActs, type Acts } from './acts.ts';
import { expectAgreement, expectBooks, openProvider, type Provider } from './provider.ts';

const ROUNDS = rounds(2, 1 / 3);

// Apart, the processes meet a database that is gone one by one in the long form; the short one has them in one.
describe.each(longForm ? MODES : MODES.slice(0, 1))('PostgreSQL killed with kill -9 (%s)', (mode) => {
  let folder: string;
  let server: EmbeddedPostgres;
  let database: Database;
  let provider: Provider;
  let acts: Acts;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'headend-killed-'));
    // A server of its own, and a durable one: what it has acknowledged must be there.
    server = await startEmbeddedPostgres({ dataDir: join(folder, 'pg'), log: silentLogger, durable: true });
    await bootstrapRoles({ url: server.adminUrl, login: 'headend', subgraphs: subgraphNames, log: silentLogger });
    provider = await openProvider(mode, { databaseUrl: server.url });
    acts = await makeActs(provider, ROUNDS.length);
    database = openDatabase({ url: server.url, applicationName: 'test', log: silentLogger, max: 2 });
  }, 400_000);

  afterAll(async () => {
    await database?.close();
    await provider?.stop();
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(ROUNDS)(
    `round %i, in the middle of everything: the product goes on by itself, and all of it completes once (SEED=${runSeed})`,
    async (round) => {
      const random = seeded(runSeed + round);
      const begun = await Promise.all(ACTS.map((act, index) => acts.begin(act, round * ACTS.length + index)));
      await new Promise((resolve) => setTimeout(resolve, random() * acts.span.onboarding));
      await server.kill9ForTests();
      await Promise.all(begun.map(({ answered }) => answered));
      for (const { settle } of begun) await settle();
      await expectAgreement(provider, await provider.client());
      await expectBooks({ database });
    },
    400_000,
  );

  it('has ended no process of the product, and answered no INTERNAL_ERROR', async () => {
    // `start` starts only what is gone, and fails when something has ended.
    await expect(provider.product.start()).resolves.toBeUndefined();
    // Nobody is to be told that it is our fault and final: a database that is away is UNAVAILABLE, whoever asked.
    expect(provider.product.output().split('\n').filter((line) => line.includes('An unexpected error was masked'))).toEqual([]);
  });
});
