import { isIPv4 } from 'node:net';
import { conflict, invalidField, type DomainError } from '#kernel/errors.ts';
import { normaliseMac } from '../routeros/normalise.ts';

/** What may be said of a subscriber's line beside his plan: his own address, the one device that may dial. */

/** @throws VALIDATION_ERROR naming `address`: a subscriber can be given the address of a host only. */
export function checkHost(address: string): void {
  const first = isIPv4(address) ? Number(address.split('.')[0]) : 0;
  // 0 is no network, 127 is oneself, 224 and above are groups.
  if (first === 0 || first === 127 || first >= 224) throw invalidField('address', 'INVALID_FORMAT', 'address must be the IPv4 address of a host, e.g. 10.64.0.20.');
}

/** The MAC as RouterOS compares it. @throws VALIDATION_ERROR naming `callerId` */
export function checkedMac(callerId: string): string {
  const mac = normaliseMac(callerId);
  if (!/^([0-9A-F]{2}:){5}[0-9A-F]{2}$/.test(mac)) throw invalidField('callerId', 'INVALID_FORMAT', 'callerId must be a MAC address, e.g. AA:BB:CC:DD:EE:FF.');
  return mac;
}

export function addressTaken(): DomainError {
  const message = 'Another service has this address on the same router.';
  return conflict(message, [{ field: 'address', code: 'TAKEN', message }]);
}
