import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** One violation for each rule of `.dependency-cruiser.mjs`: a rule that catches nothing is worse than none. */
const PLANTED: Record<string, Record<string, string>> = {
  'no-circular': { 'kernel/a.ts': "import { b } from './b.ts'; export const a = b;", 'kernel/b.ts': "import { a } from './a.ts'; export const b = a;" },
  'no-unresolvable': { 'kernel/c.ts': "import './nowhere.ts';" },
  'kernel-imports-no-sibling': { 'kernel/d.ts': "import '../gateway/target.ts';" },
  'subgraphs-meet-in-the-supergraph': { 'subgraphs/billing/a.ts': "import '../network/subgraph.ts';" },
  'subgraph-imports-kernel-only': { 'subgraphs/billing/b.ts': "import '../../gateway/target.ts';" },
  'gateway-and-rest-stay-outside': { 'gateway/a.ts': "import '../sandbox/target.ts';" },
  'gateway-and-rest-do-not-mix': { 'gateway/b.ts': "import '../rest-compat/target.ts';" },
  'only-the-root-composes-subgraphs': { 'clients/a.ts': "import '../subgraphs/network/subgraph.ts';" },
  'the-root-sees-only-subgraph-ts': { 'cli/a.ts': "import '../subgraphs/network/inside.ts';" },
  'sandbox-is-for-the-root': { 'rest-compat/a.ts': "import '../sandbox/target.ts';" },
  'sandbox-has-its-own-codec': { 'sandbox/a.ts': "import '../subgraphs/network/inside.ts';" },
  'tests-are-nobodys-dependency': { 'cli/b.ts': "import '../tests/target.ts';" },
  'one-place-speaks-routeros': { 'subgraphs/network/a.ts': "import 'node-routeros';" },
  'ssh-and-snmp-in-network': { 'subgraphs/billing/c.ts': "import 'net-snmp';" },
  'one-file-knows-shield': { 'kernel/access/a.ts': "import 'graphql-shield';" },
  'one-room-knows-the-gateway-library': { 'kernel/e.ts': "import '@apollo/gateway';" },
  'one-file-knows-dbos': { 'subgraphs/ops/run/a.ts': "import '@dbos-inc/dbos-sdk';" },
  'one-room-drives-postgres': { 'subgraphs/billing/d.ts': "import 'postgres';" },
  'sql-in-stores': { 'subgraphs/billing/e.ts': "import '../../kernel/db/drizzle.ts';" },
  'one-file-knows-drizzle': { 'subgraphs/billing/e.store.ts': "import 'drizzle-orm';" },
};

const TARGETS = ['kernel/db/drizzle.ts', 'gateway/target.ts', 'sandbox/target.ts', 'rest-compat/target.ts', 'tests/target.ts', 'subgraphs/network/subgraph.ts', 'subgraphs/network/inside.ts'];

describe('the borders of the house', () => {
  let planted: string;
  let caught: Set<string>;
  let rules: string[];

  beforeAll(() => {
    planted = mkdtempSync(join(tmpdir(), 'headend-borders-'));
    const put = (path: string, text: string) => {
      mkdirSync(dirname(join(planted, path)), { recursive: true });
      writeFileSync(join(planted, path), text);
    };
    for (const target of TARGETS) put(target, 'export const target = 1;');
    for (const files of Object.values(PLANTED)) for (const [path, text] of Object.entries(files)) put(path, text);
    put('tsconfig.json', '{ "compilerOptions": { "module": "NodeNext", "moduleResolution": "NodeNext", "allowImportingTsExtensions": true, "noEmit": true } }');
    symlinkSync(join(root, 'node_modules'), join(planted, 'node_modules'));
    const folders = ['kernel', 'subgraphs', 'gateway', 'rest-compat', 'sandbox', 'cli', 'clients'];
    const { stdout } = spawnSync(join(root, 'node_modules/.bin/depcruise'), ['--config', join(root, '.dependency-cruiser.mjs'), '--output-type', 'json', ...folders], {
      cwd: planted,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    const report = JSON.parse(stdout) as { summary: { violations: Array<{ rule: { name: string } }>; ruleSetUsed: { forbidden: Array<{ name: string }> } } };
    caught = new Set(report.summary.violations.map(({ rule }) => rule.name));
    rules = report.summary.ruleSetUsed.forbidden.map(({ name }) => name);
  });

  afterAll(() => rmSync(planted, { recursive: true, force: true }));

  it('has a planted violation for every rule', () => {
    expect(rules.sort()).toEqual(Object.keys(PLANTED).sort());
  });

  it.each(Object.keys(PLANTED))('catches a violation of %s', (rule) => {
    expect([...caught]).toContain(rule);
  });
});
