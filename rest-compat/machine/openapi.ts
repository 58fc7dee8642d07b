import { z } from 'zod';
import type { Catalogue, ServedRoute, Unserved } from './catalogue.ts';
import { operationsOf } from './catalogue.ts';
import type { Dialect, JsonSchema } from './dialect.ts';

/** An OpenAPI 3.0 document. */
export type OpenApi = Record<string, unknown>;

/** The document of all dialects, or of one. Paths, parameters and bodies come from the very schemas that check requests. */
export function openApiOf({ dialects, routes, unserved }: Catalogue, only?: string): OpenApi {
  const chosen = dialects.filter(({ name }) => only === undefined || name === only);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const served of routes) if (chosen.includes(served.dialect)) ((paths[openApiPath(served.route.path)] ??= {})[served.route.method.toLowerCase()] ??= operationObject(served));
  for (const entry of unserved) if (chosen.includes(entry.dialect)) (paths[openApiPath(entry.path)] ??= {})[entry.method.toLowerCase()] ??= unservedObject(entry);
  const one = chosen.length === 1 ? chosen[0] : undefined;
  return {
    openapi: '3.0.3',
    info: {
      title: one ? one.title : 'Headend REST',
      version: one ? one.version : '1',
      description: one ? one.description : chosen.map(({ name, title, description }) => `## ${title} (\`${name}\`)\n\n${description}`).join('\n\n'),
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.filter(({ dialect }) => chosen.includes(dialect)).map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      schemas: Object.fromEntries(chosen.map((dialect) => [errorName(dialect), dialect.openapi.failure])),
    },
  };
}

function operationObject(served: ServedRoute): Record<string, unknown> {
  const { route, dialect, missing } = served;
  const words = [
    route.description,
    route.stream ? 'A **WebSocket**: the access token goes into the `Authorization` header of the handshake, or into `?token=`.' : undefined,
    `GraphQL: ${operationsOf(route).map((name) => `\`${name}\``).join(', ')}.`,
    missing.length > 0 ? '**Not served yet** (501).' : undefined,
  ];
  const data: JsonSchema = route.response ? jsonSchema(route.response, 'output') : {};
  const success = route.stream ? { 101: { description: 'The stream opens.' } } : { [route.status ?? 200]: { description: 'Done.', content: { 'application/json': { schema: dialect.openapi.success(data, route.list !== undefined) } } } };
  return {
    operationId: route.id,
    tags: [tagOf(served)],
    summary: route.summary,
    description: words.filter(Boolean).join('\n\n'),
    parameters: [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query'), ...(route.list ? parametersOf(dialect.paging.query, 'query') : []), ...tenantParameter(served)],
    ...(route.body ? { requestBody: { required: !route.bodyOptional, content: Object.fromEntries(['application/json', ...(route.acceptsForm ? ['application/x-www-form-urlencoded'] : [])].map((type) => [type, { schema: jsonSchema(route.body!, 'input') }])) } } : {}),
    responses: { ...success, default: { description: 'What went wrong.', content: { 'application/json': { schema: { $ref: `#/components/schemas/${errorName(dialect)}` } } } } },
    security: route.auth === 'user' ? [{ bearer: [] }] : [],
  };
}

function unservedObject({ id, section, dialect }: Unserved & { dialect: Dialect }): Record<string, unknown> {
  return {
    operationId: id,
    tags: [`${dialect.title}: ${section}`],
    summary: 'Not served yet',
    description: 'Documented, and not served yet: answers 501.',
    responses: { 501: { description: 'Not served yet.', content: { 'application/json': { schema: { $ref: `#/components/schemas/${errorName(dialect)}` } } } } },
  };
}

function tenantParameter({ route }: ServedRoute): unknown[] {
  if (route.auth === 'none' || route.tenant === 'none') return [];
  return [{ name: 'X-Tenant-ID', in: 'header', required: false, description: 'Super admins: the tenant to act in, by id or short name.', schema: { type: 'string' } }];
}

function parametersOf(schema: z.ZodObject | undefined, place: 'path' | 'query'): unknown[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as { properties?: Record<string, JsonSchema>; required?: string[] };
  return Object.entries(properties).map(([name, { description, ...type }]) => ({ name, in: place, required: place === 'path' || required.includes(name), ...(description ? { description } : {}), schema: type }));
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'openapi-3.0', io, unrepresentable: 'any' }) as JsonSchema;
  return rest;
}

function tagOf({ route, dialect }: ServedRoute): string {
  return `${dialect.title}: ${route.section}`;
}

function errorName(dialect: Dialect): string {
  return `${dialect.name}Error`;
}

function openApiPath(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}');
}
