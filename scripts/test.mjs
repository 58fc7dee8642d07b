// The whole check, as `npm test` runs it: types, lint, borders, drift of generated files, then every test. Each part runs
// even when an earlier one has failed, so that one run tells everything. `npm test -- types lint` runs parts by name.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const scratch = mkdtempSync(join(tmpdir(), 'headend-test-'));
const report = join(scratch, 'vitest.json');

const parts = {
  types: ['tsc', '--noEmit', '-p', 'tsconfig.json'],
  lint: ['oxlint', '--deny-warnings'],
  borders: ['depcruise', '--config', '.dependency-cruiser.mjs', '--output-type', 'err', 'kernel', 'subgraphs', 'gateway', 'rest-compat', 'sandbox', 'cli', 'tests'],
  drift: ['node', '--import', 'tsx', 'cli/main.ts', 'generate', '--check'],
  tests: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}: ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}

let passed = 0;
let failed = 0;
let skipped = 0;
const failures = [];
for (const [name, [command, ...args]] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const began = Date.now();
  console.log(`\n── ${name}: ${command} ${args.slice(0, 4).join(' ')}`);
  const { status, error } = spawnSync(join('node_modules', '.bin', command), args, { stdio: 'inherit' });
  if (error) console.error(error.message);
  console.log(`── ${name}: ${status === 0 ? 'ok' : 'FAILED'} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  if (name === 'tests') {
    try {
      const result = JSON.parse(readFileSync(report, 'utf8'));
      passed += result.numPassedTests;
      failed += result.numFailedTests;
      skipped += result.numPendingTests;
      for (const file of result.testResults) for (const test of file.assertionResults) if (test.status === 'pending') console.log(`skipped: ${test.fullName}`);
      if (status !== 0 && result.numFailedTests === 0) failed += 1;
    } catch (problem) {
      console.error(`The test run left no report: ${problem.message}`);
      failed += 1;
    }
  } else if (status === 0) passed += 1;
  else failed += 1;
  if (status !== 0) failures.push(name);
}
rmSync(scratch, { recursive: true, force: true });
console.log(failures.length > 0 ? `\nFailed: ${failures.join(', ')}` : '\nAll parts passed.');
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failures.length > 0 ? 1 : 0);
