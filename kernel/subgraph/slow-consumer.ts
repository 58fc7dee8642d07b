import { DomainError } from '#kernel/errors.ts';

/** Why a subscription whose client does not keep up has ended. */
export function slowConsumer(): DomainError {
  return new DomainError('SLOW_CONSUMER', 'The subscription was ended because its events were not read fast enough. Subscribe again, and read the present state first.');
}
