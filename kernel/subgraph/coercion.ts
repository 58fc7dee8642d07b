import type { GraphQLError } from 'graphql';
import { validationError, type DomainError, type ErrorDetail } from '#kernel/errors.ts';

/** What graphql-js says of variables it cannot coerce; it gives no code and no field of its own (graphql/execution/values.js). */
const INVALID_VALUE = /^Variable "\$(\w+)" got invalid value /;
const VALUE_PATH = / at "([A-Za-z_]\w*(?:\.\w+|\[\d+\])+)"; /;
const REPEATED_VALUE = /( value): .*$/s;
const NOT_PROVIDED = /^Variable "\$(\w+)" of (?:required|non-null) type "([^"]+)" (was not provided|must not be null)\.$/;

/**
 * The VALIDATION_ERROR for variables that do not fit their types, or undefined when the error is about something else. The
 * value that graphql-js quotes is left out: it may be a password.
 */
export function coercionError(errors: readonly GraphQLError[]): DomainError | undefined {
  const details: ErrorDetail[] = [];
  for (const { message } of errors) {
    const missing = NOT_PROVIDED.exec(message);
    if (missing) {
      details.push({ field: missing[1]!, code: 'REQUIRED', message: `The variable ${missing[1]} (${missing[2]}) is required.` });
      continue;
    }
    const invalid = INVALID_VALUE.exec(message);
    if (!invalid) return undefined;
    // Fields are named by their path below the argument, as in every other validation error: `customer.email`.
    const path = VALUE_PATH.exec(message)?.[1]?.slice(invalid[1]!.length).replace(/^\./, '') ?? '';
    // Cut first where the reason repeats the value, which may itself hold the separator.
    const cut = message.replace(REPEATED_VALUE, '$1.');
    const reason = cut.slice(cut.lastIndexOf('; ') + 2);
    const required = /^Field "(\w+)" of required type/.exec(reason);
    const field = [path, required?.[1]].filter(Boolean).join('.') || invalid[1]!;
    details.push({ field, code: required ? 'REQUIRED' : 'INVALID_FORMAT', message: `${field}: ${reason}` });
  }
  return details.length > 0 ? validationError(details) : undefined;
}
