import { GraphQLError, Kind, type ASTVisitor, type FragmentDefinitionNode, type SelectionSetNode, type ValidationContext, type ValidationRule } from 'graphql';

/** What one operation of a client may ask for. */
export interface Limits {
  /** Fields below one another. Introspection is not counted. */
  depth: number;
  aliases: number;
  rootFields: number;
  /** Fields after fragments are spread. */
  fields: number;
  directives: number;
  /** Tokens of the document; counted while parsing over WebSockets, and by the body limit over HTTP. */
  tokens: number;
}

export const defaultLimits: Limits = { depth: 15, aliases: 100, rootFields: 25, fields: 4000, directives: 100, tokens: 10_000 };

interface Counts {
  depth: number;
  aliases: number;
  fields: number;
  directives: number;
}

/** Refuses operations that ask for more than the limits, before they are planned. */
export function limitsRule(limits: Limits): ValidationRule {
  return (context: ValidationContext): ASTVisitor => ({
    OperationDefinition(operation) {
      const measure = measurer(context);
      const counts = measure(operation.selectionSet);
      const rootFields = countRootFields(context, operation.selectionSet, new Set());
      const check = (what: string, count: number, limit: number) => {
        if (count > limit) context.reportError(new GraphQLError(`The operation ${what}: ${count} of at most ${limit}.`, { nodes: operation }));
      };
      check('is nested too deeply', counts.depth, limits.depth);
      check('has too many aliases', counts.aliases, limits.aliases);
      check('has too many root fields', rootFields, limits.rootFields);
      check('asks for too many fields', counts.fields, limits.fields);
      check('has too many directives', counts.directives + (operation.directives?.length ?? 0), limits.directives);
    },
  });
}

/** Counts with each fragment measured once and added wherever it is spread, so that nested spreads cost no time here. */
function measurer(context: ValidationContext): (selections: SelectionSetNode) => Counts {
  const fragments = new Map<string, Counts>();
  const visiting = new Set<string>();
  const ofFragment = (fragment: FragmentDefinitionNode): Counts => {
    const name = fragment.name.value;
    const known = fragments.get(name);
    if (known) return known;
    if (visiting.has(name)) return { depth: 0, aliases: 0, fields: 0, directives: 0 }; // a cycle; NoFragmentCycles reports it
    visiting.add(name);
    const counts = measure(fragment.selectionSet);
    visiting.delete(name);
    fragments.set(name, counts);
    return counts;
  };
  const measure = (selections: SelectionSetNode): Counts => {
    const total: Counts = { depth: 0, aliases: 0, fields: 0, directives: 0 };
    const add = (counts: Counts, depth: number) => {
      total.depth = Math.max(total.depth, counts.depth + depth);
      total.aliases += counts.aliases;
      total.fields += counts.fields;
      total.directives += counts.directives;
    };
    for (const selection of selections.selections) {
      total.directives += selection.directives?.length ?? 0;
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = context.getFragment(selection.name.value);
        if (fragment) add(ofFragment(fragment), 0);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        add(measure(selection.selectionSet), 0);
      } else {
        total.fields += 1;
        if (selection.alias) total.aliases += 1;
        total.depth = Math.max(total.depth, 1);
        const introspection = selection.name.value === '__schema' || selection.name.value === '__type';
        if (selection.selectionSet && !introspection) add(measure(selection.selectionSet), 1);
      }
    }
    return total;
  };
  return measure;
}

function countRootFields(context: ValidationContext, selections: SelectionSetNode, visited: Set<string>): number {
  let count = 0;
  for (const selection of selections.selections) {
    if (selection.kind === Kind.FIELD) count += 1;
    else if (selection.kind === Kind.INLINE_FRAGMENT) count += countRootFields(context, selection.selectionSet, visited);
    else if (!visited.has(selection.name.value)) {
      visited.add(selection.name.value);
      const fragment = context.getFragment(selection.name.value);
      if (fragment) count += countRootFields(context, fragment.selectionSet, visited);
    }
  }
  return count;
}
