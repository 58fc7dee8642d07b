import { describe, expect, it } from 'vitest';
import type { DomainError } from '#kernel/errors.ts';
import { checkedRouterFields, type RouterFields } from './router-address.ts';

function wrongFields(fields: RouterFields): string[] {
  try {
    checkedRouterFields(fields);
    return [];
  } catch (error) {
    return (error as DomainError).details.map((detail) => `${detail.field} ${detail.code}`);
  }
}

describe('the fields of a router', () => {
  it('takes names and addresses, in the form that is stored', () => {
    const checked = checkedRouterFields({ name: ' Core ', host: 'R1.Example.NET', port: 8728, username: 'api', password: '', site: ' ', tls: { mode: 'OFF' } });
    expect(checked).toEqual({ name: 'Core', host: 'r1.example.net', port: 8728, username: 'api', password: '', site: null, tls: { mode: 'OFF', fingerprint: null } });
    expect(checkedRouterFields({ host: '[2001:DB8::1]' }).host).toBe('2001:db8::1');
  });

  it.each(['http://10.0.0.1', '10.0.0.1:8728', '10.0.0', '999.1.1.1', 'a b', '', 'router/1', '-x', 'x'.repeat(254)])('refuses %j as a host', (host) => {
    expect(wrongFields({ host })).toEqual(['host INVALID_FORMAT']);
  });

  it('names every field that is wrong, not only the first', () => {
    expect(wrongFields({ name: ' ', host: '::::', port: 65_536, username: 'é', password: 'a\nb', site: 'x'.repeat(101), tls: { mode: 'FINGERPRINT' } })).toEqual([
      'name INVALID_LENGTH', 'host INVALID_FORMAT', 'port OUT_OF_RANGE', 'username INVALID_FORMAT', 'password INVALID_FORMAT', 'site TOO_LONG', 'tls.fingerprint REQUIRED',
    ]);
  });

  it('takes a fingerprint with and without colons, and none where it has no meaning', () => {
    const hex = 'AB'.repeat(32);
    const colons = hex.match(/../g)!.join(':');
    for (const fingerprint of [hex, colons]) expect(checkedRouterFields({ tls: { mode: 'FINGERPRINT', fingerprint } }).tls).toEqual({ mode: 'FINGERPRINT', fingerprint: hex.toLowerCase() });
    expect(wrongFields({ tls: { mode: 'FINGERPRINT', fingerprint: 'AB'.repeat(31) } })).toEqual(['tls.fingerprint INVALID_FORMAT']);
    expect(wrongFields({ tls: { mode: 'VERIFY', fingerprint: hex } })).toEqual(['tls.fingerprint NOT_ALLOWED']);
  });
});
