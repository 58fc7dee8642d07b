// Who may import whom (the directions of the house). tests/house/borders.test.ts plants violations and checks that each
// rule catches its own.
const SUBGRAPH = '^subgraphs/([^/]+)/';
// Tests, and the helpers that stand beside the code they help to test.
const TEST_CODE = '[.]test[.]ts$|/test-[^/]+[.]ts$|/testing/';
// A package without any JavaScript: there is nothing in it that could be resolved.
const TYPES_ONLY = '^@graphql-typed-document-node/core$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: TYPES_ONLY } },
    { name: 'kernel-imports-no-sibling', severity: 'error', from: { path: '^kernel/', pathNot: TEST_CODE }, to: { path: '^(subgraphs|gateway|rest-compat|sandbox|cli|clients|tests|schema)/' } },
    { name: 'subgraphs-meet-in-the-supergraph', severity: 'error', from: { path: SUBGRAPH }, to: { path: '^subgraphs/', pathNot: '^subgraphs/$1/' } },
    { name: 'subgraph-imports-kernel-only', severity: 'error', from: { path: '^subgraphs/', pathNot: TEST_CODE }, to: { path: '^(gateway|rest-compat|sandbox|cli|clients|tests)/' } },
    { name: 'gateway-and-rest-stay-outside', severity: 'error', from: { path: '^(gateway|rest-compat)/', pathNot: TEST_CODE }, to: { path: '^(subgraphs|sandbox|cli|clients|tests)/' } },
    { name: 'gateway-and-rest-do-not-mix', severity: 'error', from: { path: '^gateway/' }, to: { path: '^rest-compat/' } },
    { name: 'only-the-root-composes-subgraphs', severity: 'error', from: { pathNot: '^(cli|tests|subgraphs)/' }, to: { path: '^subgraphs/' } },
    { name: 'the-root-sees-only-subgraph-ts', severity: 'error', from: { path: '^cli/' }, to: { path: '^subgraphs/', pathNot: '^subgraphs/[^/]+/subgraph[.]ts$' } },
    { name: 'sandbox-is-for-the-root', severity: 'error', from: { pathNot: `^(cli|tests|sandbox)/|${TEST_CODE}` }, to: { path: '^sandbox/' } },
    { name: 'sandbox-has-its-own-codec', severity: 'error', from: { path: '^sandbox/' }, to: { path: '^(subgraphs|gateway|rest-compat|cli)/' } },
    { name: 'tests-are-nobodys-dependency', severity: 'error', from: { pathNot: `^tests/|^vitest[.]config|${TEST_CODE}` }, to: { path: '^tests/' } },
    { name: 'one-place-speaks-routeros', severity: 'error', from: { pathNot: '^(subgraphs/network/routeros|tests)/' }, to: { path: 'node_modules/node-routeros' } },
    { name: 'ssh-and-snmp-in-network', severity: 'error', from: { pathNot: '^(subgraphs/network|sandbox)/' }, to: { path: 'node_modules/(ssh2|net-snmp)/' } },
    { name: 'one-file-knows-shield', severity: 'error', from: { pathNot: '^kernel/access/shield[.]ts$' }, to: { path: 'node_modules/(graphql-shield|graphql-middleware)/' } },
    { name: 'one-room-knows-the-gateway-library', severity: 'error', from: { pathNot: '^(gateway|tests)/' }, to: { path: 'node_modules/@apollo/(gateway|query-planner|composition|server)/' } },
    { name: 'one-file-knows-dbos', severity: 'error', from: { pathNot: '^subgraphs/ops/engine/' }, to: { path: 'node_modules/@dbos-inc/' } },
    { name: 'one-room-drives-postgres', severity: 'error', from: { pathNot: '^(kernel/db|kernel/bus|subgraphs/ops/engine|tests)/' }, to: { path: 'node_modules/(postgres|pg)/' } },
    {
      name: 'sql-in-stores',
      severity: 'error',
      from: { pathNot: '([.]store|/tables|[.]test)[.]ts$|^kernel/(db|bus|jobs)/|^tests/|^subgraphs/ops/engine/' },
      to: { path: '^kernel/db/drizzle[.]ts$' },
    },
    { name: 'one-file-knows-drizzle', severity: 'error', from: { pathNot: '^kernel/db/drizzle[.]ts$' }, to: { path: 'node_modules/drizzle-orm/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(data|node_modules/[.]|rest-compat/vendor)' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], extensions: ['.ts', '.mjs', '.js', '.json'] },
  },
};
