import type { z } from 'zod';
import type { RestError } from './errors.ts';

/** One page of a list, as the client asked for it. `limit` null: everything. */
export interface Page {
  limit: number | null;
  offset: number;
}

/** What a route has to say. `total` is there for lists. */
export interface Answer {
  data: unknown;
  /** Elements that match in all, whatever the page shows. */
  total?: number;
}

/** What the body of every answer may need to know of its request. */
export interface AnswerContext {
  requestId: string;
  at: Date;
}

/** How many requests a caller may make. */
export interface Limit {
  requests: number;
  seconds: number;
}

/** JSON Schema as OpenAPI 3.0 takes it. */
export type JsonSchema = Record<string, unknown>;

/**
 * What all routes of one legacy API have in common: the envelope, the errors, paging, limits and headers. It belongs to the
 * route, not to the path; `prefixes` only say in whose words an unknown path is answered.
 */
export interface Dialect {
  readonly name: string;
  readonly title: string;
  /** Markdown, for the API pages. */
  readonly description: string;
  readonly version: string;
  /** Paths below these that no route has are answered in this dialect. */
  readonly prefixes: readonly string[];
  /** The body of a success. `page` is there for lists; its limit is what was used. */
  success(answer: Answer, page: Page | null, context: AnswerContext): unknown;
  /** The body of an error. */
  failure(error: RestError, status: number, context: AnswerContext): unknown;
  /** Statuses that differ from the usual ones, by code. */
  readonly statuses: Readonly<Record<string, number>>;
  /** The query parameters that page a list, and what they mean. `most`: the longest page (null: no bound). */
  readonly paging: {
    readonly query: z.ZodObject;
    read(query: Record<string, unknown>, most: number | null): Page;
  };
  /** Documented limits, by whether the caller has shown who it is. */
  readonly limits: { readonly user: Limit; readonly anonymous: Limit };
  /** Headers of every answer. */
  headers?(context: AnswerContext): Record<string, string>;
  readonly openapi: {
    /** The envelope around the data of a route. */
    success(data: JsonSchema, list: boolean): JsonSchema;
    readonly failure: JsonSchema;
  };
}
