import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, Kind, parse, print, validate, visit, type DocumentNode, type FragmentDefinitionNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';

/** One operation of ours, ready to be sent. The text is the key under which the gateway keeps its plan. */
export interface Operation {
  name: string;
  kind: 'query' | 'mutation' | 'subscription';
  text: string;
  document: DocumentNode;
  /** Where it stands, for messages. */
  file: string;
  /** Why the graph does not take it; empty when it does. */
  problems: readonly string[];
}

/** The operations of one dialect by name. */
export type Operations = ReadonlyMap<string, Operation>;

/** The folder of the operations, one folder a dialect. */
export const OPERATIONS_FOLDER = join(import.meta.dirname, '..', 'operations');

/** The API schema that the operations are checked against. */
export function readApiSchema(path = join(import.meta.dirname, '..', '..', 'schema', 'api.graphql')): GraphQLSchema {
  return buildSchema(readFileSync(path, 'utf8'), { assumeValidSDL: true });
}

/**
 * All operations of a dialect's folder, each with the fragments it uses, checked against the schema. Fragments may stand in any
 * file of the folder. Throws for what is wrong in itself (syntax, two of one name, an unknown fragment); what the schema does
 * not take is told in `problems`, because the caller knows which operations may wait for the graph.
 */
export function loadOperations(dialect: string, schema: GraphQLSchema, folder = join(OPERATIONS_FOLDER, dialect)): Operations {
  const operations: Array<{ node: OperationDefinitionNode; file: string }> = [];
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.graphql')).sort()) {
    for (const node of parse(readFileSync(join(folder, file), 'utf8'), { noLocation: true }).definitions) {
      if (node.kind === Kind.OPERATION_DEFINITION) operations.push({ node, file: `${dialect}/${file}` });
      else if (node.kind === Kind.FRAGMENT_DEFINITION) {
        if (fragments.has(node.name.value)) throw new Error(`rest-compat/operations/${dialect}/${file}: the fragment ${node.name.value} exists twice.`);
        fragments.set(node.name.value, node);
      } else throw new Error(`rest-compat/operations/${dialect}/${file}: only operations and fragments belong here.`);
    }
  }
  const byName = new Map<string, Operation>();
  for (const { node, file } of operations) {
    const name = node.name?.value;
    if (!name) throw new Error(`rest-compat/operations/${file}: an operation without a name.`);
    if (byName.has(name)) throw new Error(`rest-compat/operations/${file}: the operation ${name} exists twice.`);
    const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [node, ...fragmentsOf(node, fragments, file)] };
    byName.set(name, { name, kind: node.operation, text: print(document), document, file, problems: validate(schema, document).map((error) => error.message) });
  }
  return byName;
}

function fragmentsOf(operation: OperationDefinitionNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>, file: string): FragmentDefinitionNode[] {
  const used = new Map<string, FragmentDefinitionNode>();
  const collect = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      FragmentSpread({ name }) {
        if (used.has(name.value)) return;
        const fragment = fragments.get(name.value);
        if (!fragment) throw new Error(`rest-compat/operations/${file}: there is no fragment ${name.value}.`);
        used.set(name.value, fragment);
        collect(fragment);
      },
    });
  };
  collect(operation);
  return [...used.values()];
}
