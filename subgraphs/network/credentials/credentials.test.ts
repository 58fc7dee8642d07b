import { describe, expect, it } from 'vitest';
import type { DomainError } from '#kernel/errors.ts';
import { checkCredentials } from './credentials.ts';

function wrongFields(username: string, password: string): string[] {
  try {
    checkCredentials({ username, password });
    return [];
  } catch (error) {
    return (error as DomainError).details.map((detail) => detail.field);
  }
}

describe('PPP credentials', () => {
  it.each(['mia', 'mia.k@example.net', '00:11:22', 'a-b_c/d', 'x'.repeat(63), '~!#$%&()+;=?[]^`{|}'])('takes the user name %j', (username) => {
    expect(wrongFields(username, 'p w')).toEqual([]);
  });

  it.each(['', 'x'.repeat(64), 'a b', 'a"b', "a'b", 'a\\b', 'a,b', '<a>', 'müller', 'a\tb', '*1'])('refuses the user name %j', (username) => {
    expect(wrongFields(username, 'p')).toEqual(['credentials.username']);
  });

  it('refuses a password that is empty, too long or not ASCII, beside a wrong name', () => {
    for (const password of ['', 'x'.repeat(128), 'pässword', 'a\nb']) expect(wrongFields('mia', password)).toEqual(['credentials.password']);
    expect(wrongFields('', '')).toEqual(['credentials.username', 'credentials.password']);
  });
});
