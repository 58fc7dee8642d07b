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
const OPERATIONS_FOLDER = join(import.meta.dirname, '..', 'operations');

/** The API schema that the operations are checked against. */
export function readApiSchema(path = join(import.meta.dirname, '..', '..', 'schema', 'api.graphql')): GraphQLSchema {
  return buildSchema(readFileSync(path, 'utf8'), { assumeValidSDL: true });
}

/** The `.graphql` files of a dialect: name to text. */
export function readOperationFiles(dialect: string): Record<string, string> {
  const folder = join(OPERATIONS_FOLDER, dialect);
  const names = readdirSync(folder).filter((name) => name.endsWith('.graphql')).sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/**
 * All operations of a dialect, each with the fragments it uses, checked against the schema. Fragments may stand in any of its
 * files. Throws for what is wrong in itself (syntax, two of one name, an unknown fragment); what the schema does
 * not take is told in `problems`, because the caller knows which operations may wait for the graph.
 */
export function loadOperations(dialect: string, schema: GraphQLSchema, files: Readonly<Record<string, string>> = readOperationFiles(dialect)): Operations {
  const operations: Array<{ node: OperationDefinitionNode; file: string }> = [];
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const [file, text] of Object.entries(files)) {
    for (const node of parse(text, { noLocation: true }).definitions) {
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
