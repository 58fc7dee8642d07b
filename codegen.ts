import type { CodegenConfig } from '@graphql-codegen/cli';

/**
 * Typed operations of everything that calls the supergraph: ops, rest-compat, the command line and the tests. Every
 * operation is checked against the composed schema here, so a renamed field breaks `npm run generate`, not a subscriber.
 */
const config: CodegenConfig = {
  schema: 'schema/api.graphql',
  documents: ['subgraphs/ops/**/*.graphql', 'cli/**/*.graphql', 'tests/**/*.graphql'],
  ignoreNoDocuments: true,
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
