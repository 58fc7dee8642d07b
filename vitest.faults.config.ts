import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.ts';

// `npm run test:faults`: what disturbs at random, in its long form. `SEED=… ROUNDS=…` repeats a failure or changes how long.
export default mergeConfig(
  base,
  defineConfig({
    test: {
      env: { ROUNDS: process.env.ROUNDS ?? '30', ...(process.env.SEED ? { SEED: process.env.SEED } : {}) },
      // One after another: the moments of dying are taken from what an undisturbed act takes.
      fileParallelism: false,
    },
  }),
);
