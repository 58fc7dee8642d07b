import type { z } from 'zod';
import type { ErrorDetail } from '#kernel/errors.ts';
import { RestError } from './errors.ts';

/** The value as the schema lets it through. @throws RestError VALIDATION_ERROR with every field that is wrong. */
export function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.flatMap((issue) => detailsOf(issue, value));
  const message = details.length === 1 ? details[0]!.message : `${details.length} fields are not valid: ${details.map(({ field }) => field).join(', ')}`;
  throw new RestError('VALIDATION_ERROR', message, { details });
}

function detailsOf(issue: z.core.$ZodIssue, value: unknown): ErrorDetail[] {
  const field = issue.path.map(String).join('.') || 'body';
  switch (issue.code) {
    case 'invalid_type': {
      const given = at(value, issue.path);
      if (given === undefined || given === null) return [{ field, code: 'REQUIRED', message: `${field} is required.` }];
      return [{ field, code: 'INVALID_TYPE', message: `${field} must be ${article(issue.expected)}.` }];
    }
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ field: [...issue.path.map(String), key].join('.'), code: 'UNKNOWN', message: `There is no field ${key}.` }));
    case 'too_small':
    case 'too_big':
      return [{ field, code: 'OUT_OF_RANGE', message: `${field}: ${issue.message}.` }];
    case 'invalid_value':
      return [{ field, code: 'INVALID_VALUE', message: `${field} must be one of ${issue.values.map(String).join(', ')}.` }];
    case 'invalid_format':
      return [{ field, code: 'INVALID_FORMAT', message: `${field}: ${issue.message}.` }];
    default:
      return [{ field, code: 'INVALID', message: `${field}: ${issue.message}.` }];
  }
}

function at(value: unknown, path: PropertyKey[]): unknown {
  let here: unknown = value;
  for (const key of path) here = here !== null && typeof here === 'object' ? (here as Record<PropertyKey, unknown>)[key] : undefined;
  return here;
}

function article(type: string): string {
  return type === 'object' ? 'an object' : type === 'array' ? 'a list' : type === 'int' ? 'a whole number' : type === 'boolean' ? 'true or false' : `a ${type}`;
}
