import { describe, expect, it } from 'vitest';
import { canonicalAddress } from './source-address.ts';

describe('the address of a callback', () => {
  it('has one spelling', () => {
    for (const text of ['127.0.0.1', '::ffff:127.0.0.1', '::FFFF:7f00:1', '[::ffff:127.0.0.1]', ' 127.0.0.1 ']) expect(canonicalAddress(text)).toBe('127.0.0.1');
    for (const text of ['2001:DB8:0:0::1', '[2001:db8::1]', '2001:db8::1%eth0', '2001:0db8::0001']) expect(canonicalAddress(text)).toBe('2001:db8::1');
  });

  it('is none for what is no address', () => {
    for (const text of ['', 'router.example', '10.0.0.256', '1.2.3', 'unknown', '::g']) expect(canonicalAddress(text)).toBeNull();
  });
});
