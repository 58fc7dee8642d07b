import { conflict, validationError, type DomainError } from '#kernel/errors.ts';
import { deviceFailure, routerUnavailable } from '../errors.ts';
import { RouterOsError } from '../routeros/errors.ts';
import type { DirectProperty } from './direct-menu.ts';

/**
 * What a router's answer to a direct command means for whoever sent it: its refusal of a value is the caller's to mend,
 * its silence is not.
 * @param field where the trap names no property of the menu.
 */
export function directError(error: RouterOsError, properties: readonly DirectProperty[] = [], field = 'input'): DomainError {
  const { message } = error;
  switch (error.code) {
    case 'DUPLICATE':
      return conflict(message, [{ field: 'name', code: 'TAKEN', message: 'name is taken on this router.' }]);
    case 'NOT_FOUND':
    case 'BAD_VALUE':
    case 'UNSUPPORTED':
    case 'FAILURE': {
      const named = fieldOf(message, properties) ?? field;
      return validationError([{ field: named, code: 'REFUSED', message: `The router refuses ${named}: ${message}` }]);
    }
    default: {
      const failure = deviceFailure(error);
      return routerUnavailable(error.outcomeUnknown ? { ...failure, message: `${message}. It may have been done all the same: look before you repeat it.` } : failure);
    }
  }
}

/** The input field that a trap speaks of: `input does not match any value of profile`, `invalid value for argument ranges`. */
function fieldOf(message: string, properties: readonly DirectProperty[]): string | undefined {
  const words = message.toLowerCase().split(/[^a-z0-9-]+/);
  // The command's own path comes first in the message: the last word that is a property is the one that is meant.
  // `upload-max-limit` is one side of `max-limit`; one bad item of `ranges` is called `range`.
  const meant = (word: string) => properties.find(({ attribute }) => [word, `${word}s`].includes(attribute) || word === `upload-${attribute}` || word === `download-${attribute}`);
  const named = words.findLast((word) => meant(word));
  return named === undefined ? undefined : meant(named)?.field;
}
