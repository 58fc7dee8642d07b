import { describe, expect, it } from 'vitest';
import { formatDatabaseUrl, parseDatabaseUrl } from './url.ts';

describe('a database URL', () => {
  it('is read with host, port, password and TLS', () => {
    expect(parseDatabaseUrl('postgresql://headend:p%40ss@db.example:6432/isp?sslmode=require')).toEqual({
      user: 'headend', password: 'p@ss', host: 'db.example', port: 6432, database: 'isp', ssl: 'require',
    });
  });

  it('is read with a socket folder, with and without a host beside the user', () => {
    for (const url of ['postgres://headend@localhost/isp?host=%2Frun%2Fpg', 'postgres://headend@/isp?host=/run/pg', 'postgresql:///isp?host=/run/pg&user=headend']) {
      expect(parseDatabaseUrl(url)).toMatchObject({ user: 'headend', host: '/run/pg', port: 5432, database: 'isp', ssl: 'off' });
    }
  });

  it('comes back the same from its parts', () => {
    for (const url of ['postgresql://a:b%2Fc@h:6000/d?sslmode=verify-full', 'postgresql://a@localhost/d?host=%2Ftmp%2Fx&port=5432', 'postgresql://a@[::1]:5432/d']) {
      expect(formatDatabaseUrl(parseDatabaseUrl(url))).toBe(url);
    }
  });

  it('is refused with the reason and without the password', () => {
    for (const url of ['mysql://a:secret@h/d', 'postgres://a:secret@h:99999/d', 'postgres://a:secret@h/d?sslmode=maybe', 'postgres://h/d', 'postgres://a:secret@h1,h2/d?host=h1,h2']) {
      let message = '';
      try {
        parseDatabaseUrl(url);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).toMatch(/^DATABASE_URL: /);
      expect(message).not.toContain('secret');
    }
  });
});
