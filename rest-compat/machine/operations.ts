import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, Kind, parse, print, validate, visit, type DocumentNode, type FragmentDefinitionNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import * as generated from '#schema/operations/graphql.ts';

/** One operation of ours, ready to be sent. The text is the key under which the gateway keeps its plan: it is sent as it was generated. */
export interface Operation {
  name: string;
  kind: 'query' | 'mutation' | 'subscription';
  text: string;
  document: DocumentNode;
  /** Whether it has a variable that must be given. */
  needsVariables: boolean;
  /** Why the graph does not take it; empty when it does. */
  problems: readonly string[];
}

/** Documents by the name of their operation (or fragment): the text with every fragment it uses. */
export type DocumentTexts = Readonly<Record<string, string>>;

type Documents = typeof generated;

/** Operations that are generated from the `.graphql` files, by name: `MikroopsLogin`. */
export type OperationName = { [Key in keyof Documents]: Key extends `${infer Name}Document` ? Name : never }[keyof Documents];

type TypesOf<Name extends OperationName> = Documents[`${Name}Document`] extends generated.TypedDocumentString<infer Result, infer Variables> ? { result: Result; variables: Variables } : never;

/**
 * What an operation answers, as maps see it. A root field that is null comes with an error or is refused as NOT_FOUND (see
 * `dataOf`), so that no map is ever handed one.
 */
export type ResultOf<Name extends OperationName> = { [Field in keyof TypesOf<Name>['result']]: NonNullable<TypesOf<Name>['result'][Field]> };

/** What an operation takes. */
export type VariablesOf<Name extends OperationName> = TypesOf<Name>['variables'];

/** The folder of operations that the graph does not offer yet, one folder a dialect. */
const AWAITED_FOLDER = join(import.meta.dirname, '..', 'operations', 'awaited');

/** The API schema that the operations are checked against. */
export function readApiSchema(path = join(import.meta.dirname, '..', '..', 'schema', 'api.graphql')): GraphQLSchema {
  return buildSchema(readFileSync(path, 'utf8'), { assumeValidSDL: true });
}

/** The operations of `schema/operations/`: those of the clients and of ops are among them. */
export const generatedDocuments: DocumentTexts = textsOf('Document');

const fragments: DocumentTexts = textsOf('FragmentDoc');

function textsOf(ending: 'Document' | 'FragmentDoc'): DocumentTexts {
  const named = Object.entries(generated).filter(([key]) => key.endsWith(ending));
  return Object.fromEntries(named.map(([key, text]) => [key.slice(0, -ending.length), String(text)]));
}

/** The operations of a dialect that the graph may still lack: codegen passes them over. They may use the generated fragments. */
export function readAwaited(dialect: string): DocumentTexts {
  const folder = join(AWAITED_FOLDER, dialect);
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.graphql')) : [];
  const operations = files.flatMap((file) => parse(readFileSync(join(folder, file), 'utf8'), { noLocation: true }).definitions).filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  return Object.fromEntries(operations.map((node) => [node.name?.value ?? '', print({ kind: Kind.DOCUMENT, definitions: [node, ...fragmentsOf(node)] })]));
}

function fragmentsOf(operation: OperationDefinitionNode): FragmentDefinitionNode[] {
  const used = new Map<string, FragmentDefinitionNode>();
  visit(operation, {
    FragmentSpread({ name: { value } }) {
      const text = fragments[value];
      if (text === undefined) throw new Error(`rest-compat/operations/awaited: there is no fragment ${value}.`);
      for (const node of parse(text, { noLocation: true }).definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) used.set(node.name.value, node);
    },
  });
  return [...used.values()];
}

/** One operation, parsed once and checked against the schema. */
export function readOperation(name: string, text: string, schema: GraphQLSchema): Operation {
  const document = parse(text, { noLocation: true });
  const node = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION && definition.name?.value === name) as OperationDefinitionNode | undefined;
  if (!node) throw new Error(`The document ${name} has no operation of that name.`);
  const needsVariables = (node.variableDefinitions ?? []).some(({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && !defaultValue);
  return { name, kind: node.operation, text, document, needsVariables, problems: validate(schema, document).map((error) => error.message) };
}
