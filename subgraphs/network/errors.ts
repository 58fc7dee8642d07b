import { DomainError, type ErrorDetail } from '#kernel/errors.ts';
import { ForeignRowError, RouterOsError } from './routeros/errors.ts';

/**
 * The network's error catalogue: what can be wrong between Headend and a router, in an operator's terms. A code stands in
 * `enforcement.reason`, in the result of a saga's step, in `router.status.reasonCode`, and in `extensions.details` of an
 * UNAVAILABLE error.
 */
export const NETWORK_ERRORS = {
  NETWORK_ROUTER_UNREACHABLE: 'There is no connection to the router. It is tried again until it answers.',
  NETWORK_ROUTER_LOGIN_REFUSED: 'The router refuses user name or password. It is tried again, slowly.',
  NETWORK_RIGHT_MISSING: 'The API user lacks a right on the router (it needs api, read, write, test and sensitive). It is tried again.',
  NETWORK_ROUTER_CERTIFICATE: 'The TLS handshake with the router failed: its certificate is not the expected one.',
  NETWORK_ROUTER_TIMEOUT: 'The router is connected but did not answer in time. What it was asked may or may not have been done; it is read again.',
  NETWORK_ROUTER_BUSY: 'Too much is waiting for this router at the moment.',
  NETWORK_VALUE_REJECTED: 'The router rejects a value; the message holds its own words.',
  NETWORK_FOREIGN_SECRET: 'A PPP secret of this name exists on the router and does not belong to Headend. It is not touched.',
  NETWORK_FOREIGN_PROFILE: 'A PPP profile of this name exists on the router and does not belong to Headend. It is not touched.',
  NETWORK_FOREIGN_POOL: 'An address pool of this name exists on the router and does not belong to Headend. It is not touched.',
  NETWORK_FOREIGN_QUEUE: 'A simple queue of this name exists on the router and does not belong to Headend. It is not touched.',
  NETWORK_UNKNOWN_POOL: 'A plan, or another pool, names an address pool that the router does not have.',
  NETWORK_UNKNOWN_QUEUE: 'A simple queue names a parent that the router does not have.',
  NETWORK_READ_BACK_DIFFERS: 'What the router has now is not what it was told. It is written again.',
  NETWORK_OVERTAKEN: 'What is wanted of the service has changed while the router was being told the former.',
  NETWORK_PROFILE_MISSING: 'The PPP profile that a secret is to have is not on the router and cannot be made.',
  NETWORK_PLAN_STALE: 'The router, or what is wished for, is another than when the plan was made: make a new one.',
  NETWORK_PROFILE_IN_USE: 'A PPP profile that no service has any more cannot go: secrets name it.',
  NETWORK_POOL_IN_USE: 'An address pool that nobody wishes for any more cannot go: profiles, secrets or other pools name it.',
  NETWORK_QUEUE_IN_USE: 'A simple queue that nobody wishes for any more cannot go: other queues have it as their parent.',
  NETWORK_ROW_CHANGED: 'The row has changed on the router, or is gone, since somebody decided to take it over. It was left alone.',
  NETWORK_PASSWORD_UNKNOWN: 'The router hid the password when the secret was taken over, so it cannot be written anew: give the service another password.',
  NETWORK_ACCESS_UNKNOWN: 'There is no access for this service any more.',
} as const;

export type NetworkErrorCode = keyof typeof NETWORK_ERRORS;

/** Code and words of one failure; `retry` says whether waiting can help. */
export interface DeviceFailure {
  code: NetworkErrorCode;
  message: string;
  retry: boolean;
}

/** What a failed exchange with a router means. Anything but a RouterOsError is our own bug and is not taken. */
export function deviceFailure(error: RouterOsError): DeviceFailure {
  const { message } = error;
  switch (error.code) {
    case 'AUTH':
      return { code: 'NETWORK_ROUTER_LOGIN_REFUSED', message, retry: true };
    case 'FORBIDDEN':
      // Mended on the router, like a password: worth waiting for.
      return { code: 'NETWORK_RIGHT_MISSING', message, retry: true };
    case 'TLS':
      return { code: 'NETWORK_ROUTER_CERTIFICATE', message, retry: true };
    case 'TIMEOUT':
      return { code: 'NETWORK_ROUTER_TIMEOUT', message, retry: true };
    case 'BUSY':
      return { code: 'NETWORK_ROUTER_BUSY', message, retry: true };
    case 'MISMATCH':
      return { code: 'NETWORK_READ_BACK_DIFFERS', message, retry: true };
    case 'FOREIGN':
      return { code: error instanceof ForeignRowError && error.menu === '/ppp/profile' ? 'NETWORK_FOREIGN_PROFILE' : 'NETWORK_FOREIGN_SECRET', message, retry: false };
    case 'UNREACHABLE':
    case 'CLOSED':
    case 'FATAL':
    case 'PROTOCOL':
    case 'INTERRUPTED':
      return { code: 'NETWORK_ROUTER_UNREACHABLE', message, retry: true };
    case 'NOT_FOUND':
    case 'DUPLICATE':
    case 'BAD_VALUE':
    case 'UNSUPPORTED':
    case 'FAILURE':
      return { code: 'NETWORK_VALUE_REJECTED', message, retry: false };
  }
}

/** The error of a query or mutation that needs the router now: UNAVAILABLE, with the router's own reason in `details`. */
export function routerUnavailable(failure: Pick<DeviceFailure, 'code' | 'message'>, field = 'router'): DomainError {
  const detail: ErrorDetail = { field, code: failure.code, message: failure.message };
  return new DomainError('UNAVAILABLE', failure.message, { details: [detail] });
}
