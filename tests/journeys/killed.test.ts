import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MODES, type Part } from '../support/product.ts';
import { rounds, runSeed, seeded } from '../support/seeded.ts';
import { ACTS, type Act, makeActs } from './acts.ts';
import { expectAgreement, expectBooks, openProvider, type Provider } from './provider.ts';

const ROUNDS = rounds(3);

/** Apart, one process dies and the others live on: one of those that have a hand in what goes on. */
const VICTIMS: Record<Act, readonly Part[]> = {
  onboarding: ['identity', 'services', 'network', 'gateway', 'ops'],
  billing: ['billing', 'gateway'],
  suspension: ['services', 'network', 'gateway', 'ops'],
};

describe.each(MODES)('kill -9 at any moment (%s)', (mode) => {
  let provider: Awaited<ReturnType<typeof openProvider>>;
  let acts: Awaited<ReturnType<typeof makeActs>>;

  beforeAll(async () => {
    provider = await openProvider(mode);
    acts = await makeActs(provider as Provider, Math.ceil(ROUNDS.length / ACTS.length));
  }, 400_000);

  afterAll(() => provider?.stop());

  it.each(ROUNDS.map((round) => [round, ACTS[round % ACTS.length]!] as const))(
    `round %i, in the middle of %s: all of it completes after the restart, once (SEED=${runSeed})`,
    async (round, act) => {
      const random = seeded(runSeed + round);
      const begun = await acts.begin(act, round);
      await new Promise((resolve) => setTimeout(resolve, random() * acts.span[act]));
      const victims = VICTIMS[act];
      await provider.product.kill9(victims[Math.floor(random() * victims.length)]!);
      await begun.answered;
      await provider.product.start();
      await begun.settle();
      await expectAgreement(provider, await provider.client());
      const { invoices } = await expectBooks(provider.database!);
      expect(invoices).toBeGreaterThan(0);
    },
    400_000,
  );
});
