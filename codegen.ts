import type { CodegenConfig } from '@graphql-codegen/cli';

/**
 * Typed operations for frontends, the tests and whoever else calls the supergraph. Every document is checked against the
 * composed schema here, those of ops included, so that a renamed field breaks `npm run generate` and not a subscriber.
 * A frontend takes the documents of `clients/operations/` with their types from `schema/operations/`:
 * `useQuery({ query: RouterDocument, variables: { id } })`.
 */
const config: CodegenConfig = {
  schema: 'schema/api.graphql',
  documents: ['clients/operations/**/*.graphql', 'subgraphs/ops/**/operations.ts', 'rest-compat/operations/**/*.graphql', '!rest-compat/operations/awaited/**', 'tests/**/*.graphql'],
  importExtension: '.ts',
  generates: {
    'schema/operations/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        enumsAsTypes: true,
        defaultScalarType: 'unknown',
        scalars: { ID: 'string', Date: 'string', DateTime: 'string', Decimal: 'string', CurrencyCode: 'string', JSONObject: 'Record<string, unknown>' },
        strictScalars: true,
      },
    },
  },
};

export default config;
