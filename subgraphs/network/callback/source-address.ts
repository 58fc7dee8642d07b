import { isIPv4, isIPv6 } from 'node:net';

/**
 * The one spelling of an address by which two are compared: IPv6 compressed and in small letters, IPv4 within IPv6 as
 * IPv4, no brackets, no zone. Null when the text is no address.
 */
export function canonicalAddress(text: string): string | null {
  const bare = text.trim().replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  if (isIPv4(bare)) return bare;
  if (!isIPv6(bare)) return null;
  // The URL parser writes every IPv6 address in the form of RFC 5952.
  const host = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
  if (!mapped) return host;
  const [high, low] = [Number.parseInt(mapped[1]!, 16), Number.parseInt(mapped[2]!, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
