import { validate, type ValidationError } from 'class-validator';
import { validationError, type ErrorDetail } from '#kernel/errors.ts';

/**
 * Checks an input object against its class-validator decorators and throws one VALIDATION_ERROR that names every wrong
 * field by its path below `input`, e.g. `customer.email`. Given to type-graphql for every argument of every resolver.
 */
export async function validateInput(value: unknown, _type?: unknown, resolverData?: { args: Record<string, unknown> }): Promise<void> {
  const unstorable = unstorableTexts(resolverData?.args ?? { input: value });
  if (unstorable.length > 0) throw validationError(unstorable);
  if (value === null || typeof value !== 'object') return;
  const found: ErrorDetail[] = [];
  for (const item of Array.isArray(value) ? value : [value]) {
    // Inputs without a single decorator are fine; type-graphql has checked their shape already.
    collect(await validate(item as object, { skipMissingProperties: true, forbidUnknownValues: false, stopAtFirstError: true }), '', found);
  }
  if (found.length > 0) throw validationError(found);
}

/** A NUL or half of a surrogate pair: PostgreSQL keeps no such text, and several libraries throw on it. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

/** Texts that no column can hold, wherever they stand in the arguments: JSON values included. Without recursion, because JSON may be nested deeply. */
function unstorableTexts(args: Record<string, unknown>): ErrorDetail[] {
  const found: ErrorDetail[] = [];
  const waiting: Array<{ field: string; value: unknown }> = [];
  for (const [name, value] of Object.entries(args)) waiting.push({ field: typeof value === 'string' ? name : '', value });
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { field, value } = next;
    if (typeof value === 'string') {
      if (UNSTORABLE.test(value)) found.push({ field, code: 'INVALID_FORMAT', message: `${field} holds a character that cannot be stored: NUL, or half of a surrogate pair.` });
    } else if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) {
        if (UNSTORABLE.test(key)) found.push({ field, code: 'INVALID_FORMAT', message: `${field} holds a name with a character that cannot be stored: NUL, or half of a surrogate pair.` });
        else waiting.push({ field: field === '' ? key : `${field}.${key}`, value: inner });
      }
    }
  }
  return found;
}

/** Codes by class-validator's constraint names; anything else is INVALID. */
const CODES: Record<string, string> = {
  isEmail: 'INVALID_FORMAT',
  matches: 'INVALID_FORMAT',
  isTimeZone: 'INVALID_FORMAT',
  isUuid: 'INVALID_FORMAT',
  isIp: 'INVALID_FORMAT',
  isNotEmpty: 'REQUIRED',
  minLength: 'TOO_SHORT',
  maxLength: 'TOO_LONG',
  isLength: 'INVALID_LENGTH',
  min: 'OUT_OF_RANGE',
  max: 'OUT_OF_RANGE',
};

function collect(errors: ValidationError[], prefix: string, found: ErrorDetail[]): void {
  for (const error of errors) {
    const field = prefix === '' ? error.property : `${prefix}.${error.property}`;
    for (const [constraint, message] of Object.entries(error.constraints ?? {})) {
      found.push({ field, code: CODES[constraint] ?? 'INVALID', message: message.replace(error.property, field) });
    }
    collect(error.children ?? [], field, found);
  }
}
