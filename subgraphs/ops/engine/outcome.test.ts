import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DomainError } from '#kernel/errors.ts';
import { inSagaFields, pauseAfter, readFailure, readOutcome } from './outcome.ts';
import type { SagaCall } from './saga-definition.ts';
import { fill, valueAt } from './template.ts';

const call: SagaCall = { document: '', variables: {} };
const onRouter: SagaCall = { ...call, outcome: 'apply.result' };
const refusedWith = (code: string) => readOutcome(call, { errors: [new GraphQLError('no', { extensions: { code } })] }).kind;

describe('readOutcome', () => {
  it('waits for what may pass, and gives up on what will not', () => {
    for (const code of ['UNAVAILABLE', 'INTERNAL_ERROR', 'RATE_LIMITED', 'UNAUTHENTICATED', 'NETWORK_NEW_CODE']) expect([code, refusedWith(code)]).toEqual([code, 'WAIT']);
    for (const code of ['VALIDATION_ERROR', 'CONFLICT', 'NOT_FOUND', 'FORBIDDEN']) expect([code, refusedWith(code)]).toEqual([code, 'REFUSED']);
  });

  it('reads the outcome that the answer names', () => {
    const answer = (outcome: string) => readOutcome(onRouter, { data: { apply: { result: { outcome, code: 'C', message: 'm' } } } });
    expect(answer('DONE')).toEqual({ kind: 'DONE', kept: {} });
    expect(answer('WAIT')).toEqual({ kind: 'WAIT', error: { code: 'C', message: 'm' } });
    expect(answer('REJECTED')).toEqual({ kind: 'REFUSED', byRouter: true, error: { code: 'C', message: 'm' } });
    expect(answer('UNHEARD_OF').kind).toBe('WAIT');
    expect(readOutcome(onRouter, { data: { apply: null } }).kind).toBe('WAIT');
    expect(readOutcome(call, { data: null }).kind).toBe('WAIT');
  });

  it('keeps only what it is told to', () => {
    expect(readOutcome({ ...call, keep: { number: 'a.b.number' } }, { data: { a: { b: { number: 7, secret: 'x' } } } })).toEqual({ kind: 'DONE', kept: { number: 7 } });
  });
});

describe('readFailure', () => {
  it('waits, and says of the network only that it is away', () => {
    expect(readFailure(new Error('connect ECONNREFUSED 10.0.0.9:80'))).toEqual({ kind: 'WAIT', error: { code: 'UNAVAILABLE', message: 'The graph is out of reach.' } });
    expect(readFailure(new DOMException('late', 'TimeoutError'))).toMatchObject({ kind: 'WAIT', error: { code: 'TIMEOUT' } });
    expect(readFailure(new DomainError('UNAVAILABLE', 'The gateway is out of reach.'))).toMatchObject({ kind: 'WAIT', error: { message: 'The gateway is out of reach.' } });
  });
});

describe('inSagaFields', () => {
  it('names the fields of the saga\'s own input', () => {
    const error = { code: 'VALIDATION_ERROR', message: 'email is taken', details: [{ field: 'input.email', code: 'TAKEN', message: 'input.email is taken' }, { field: 'planId', code: 'X', message: 'planId is odd' }] };
    expect(inSagaFields(error, { email: 'customer.email' }).details).toEqual([
      { field: 'customer.email', code: 'TAKEN', message: 'customer.email is taken' },
      { field: 'planId', code: 'X', message: 'planId is odd' },
    ]);
  });
});

describe('pauseAfter', () => {
  it('doubles up to the longest, a quarter more or less', () => {
    const backOff = { firstMs: 1_000, longestMs: 15_000 };
    expect([1, 2, 3, 4, 5, 50, 5_000].map((attempts) => pauseAfter(attempts, backOff, () => 0.5))).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
    expect([pauseAfter(1, backOff, () => 0), pauseAfter(1, backOff, () => 1)]).toEqual([750, 1_250]);
  });
});

describe('fill', () => {
  const context = { input: { name: 'Ada', nothing: null }, ids: { a: '1' }, results: { step: { n: 3 } } };
  it('puts values in the place of references and leaves out what is not there', () => {
    expect(fill({ x: { $ref: 'ids.a' }, y: [{ $ref: 'results.step.n' }, 'z'], gone: { $ref: 'input.none' }, nothing: { $ref: 'input.nothing' } }, context)).toEqual({ x: '1', y: [3, 'z'], nothing: null });
  });
  it('does not reach into what objects inherit', () => {
    expect(valueAt(context, 'ids.constructor')).toBeUndefined();
    expect(valueAt(context, 'ids.a.length')).toBeUndefined();
  });
});
