import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import { GraphQLError, parse, printSchema } from 'graphql';

export interface ComposeInput {
  subgraphs: Array<{ name: string; url: string; sdl: string }>;
}

export interface Composed {
  /** What the gateway loads. */
  supergraphSdl: string;
  /** What clients see. */
  apiSdl: string;
  /** What composition found odd but not wrong, one line each. */
  hints: string[];
}

/** Composes the subgraphs' SDL. Throws one error that lists everything that does not fit together. */
export function composeSupergraph({ subgraphs }: ComposeInput): Composed {
  const services = subgraphs.map(({ name, url, sdl }) => {
    try {
      return { name, url, typeDefs: parse(sdl) };
    } catch (error) {
      throw new Error(`The SDL of the subgraph ${name} cannot be parsed: ${(error as GraphQLError).message}${place(error)}`, { cause: error });
    }
  });
  const result = composeServices(services);
  if (result.errors) {
    const lines = result.errors.map((error) => `  ${String(error.extensions.code ?? 'ERROR')}: ${error.message.replaceAll('\n', '\n    ')}`);
    throw new Error(`The subgraphs do not compose (${result.errors.length}):\n${lines.join('\n')}`);
  }
  const supergraph = Supergraph.build(result.supergraphSdl);
  return {
    supergraphSdl: result.supergraphSdl,
    apiSdl: `${printSchema(supergraph.apiSchema().toGraphQLJSSchema())}\n`,
    hints: result.hints.map((hint) => `${hint.definition.code}: ${hint.message}`),
  };
}

function place(error: unknown): string {
  const at = error instanceof GraphQLError ? error.locations?.[0] : undefined;
  return at ? ` (line ${at.line}, column ${at.column})` : '';
}
