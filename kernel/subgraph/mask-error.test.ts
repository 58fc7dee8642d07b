import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { silentLogger } from '#kernel/logs.ts';
import { maskError } from './mask-error.ts';

const masked = (originalError: Error) => maskError(new GraphQLError(originalError.message, { originalError }), { log: silentLogger, requestId: 'r' });

describe('what leaves the process of an error that nobody foresaw', () => {
  it.each(['57P03', 'CONNECTION_CLOSED', 'ECONNREFUSED', '08006'])('is UNAVAILABLE without its words when the database is away (%s), however deep it is wrapped', (code) => {
    const error = masked(new Error('Failed query: select secret', { cause: Object.assign(new Error('the database system is starting up'), { code }) }));
    expect(error.extensions.code).toBe('UNAVAILABLE');
    expect(error.message).not.toMatch(/select|database/);
  });

  it('is INTERNAL_ERROR without its words for anything else', () => {
    expect(masked(Object.assign(new Error('relation "secrets" does not exist'), { code: '42P01' }))).toMatchObject({ message: expect.not.stringContaining('secrets'), extensions: { code: 'INTERNAL_ERROR' } });
  });
});
