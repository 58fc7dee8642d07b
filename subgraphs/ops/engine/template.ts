import type { SagaContext, Template } from './saga-definition.ts';

/** The value at a dotted path, undefined where there is none. */
export function valueAt(root: unknown, path: string): unknown {
  let at = root;
  for (const part of path.split('.')) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}

/** A template with its references replaced by values of the context. What the context does not have is left out. */
export function fill(template: Template, context: SagaContext): unknown {
  if (Array.isArray(template)) return template.map((item) => fill(item, context));
  if (template === null || typeof template !== 'object') return template;
  if (typeof template.$ref === 'string') return valueAt(context, template.$ref);
  return Object.fromEntries(
    Object.entries(template)
      .map(([key, value]) => [key, fill(value, context)] as const)
      .filter(([, value]) => value !== undefined),
  );
}
