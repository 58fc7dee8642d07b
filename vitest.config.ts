import { defineConfig } from 'vitest/config';
import ProductsFirst from './tests/support/products-first.ts';

export default defineConfig({
  resolve: {
    // graphql ships CommonJS and ESM builds; two copies in one process break `instanceof`. The dependencies of the
    // gateway load the CommonJS one, so everybody does.
    alias: { graphql: 'graphql/index.js' },
  },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['node_modules/**', 'data/**', 'tests/bench/**', 'tests/faults/**'],
    pool: 'forks',
    // Most files wait more than they work: three keep two cores busy. A run on somebody's own PostgreSQL takes one file at a time: they would disturb each other.
    maxWorkers: process.env.HEADEND_TEST_POSTGRES ? 1 : 3,
    sequence: { sequencer: ProductsFirst },
    // A PostgreSQL for each worker; `testDatabase()` clones databases in it.
    globalSetup: ['tests/support/global-child-programs.ts', 'tests/support/global-postgres.ts', 'tests/support/global-products.ts'],
    // What disturbs at random disturbs its own test too, now and then. Unattended it is tried once more, and the report says so; at a desk it fails.
    retry: process.env.CI ? 1 : 0,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
