import { describe, expect, it } from 'vitest';
import { isUuid, uuidv7 } from './ids.ts';

describe('uuidv7', () => {
  it('makes ids that sort in the order they were made, also within one millisecond and when the clock steps back', () => {
    const ids: string[] = [];
    for (let i = 0; i < 10_000; i++) ids.push(uuidv7(i % 2 === 0 ? 2_000_000_000_000 : 1_999_999_999_000));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('carries version 7 and the RFC variant', () => {
    expect(uuidv7()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('isUuid', () => {
  it('refuses what is no UUID', () => {
    expect(isUuid(uuidv7())).toBe(true);
    expect(isUuid("no-such-id'--")).toBe(false);
    expect(isUuid(7)).toBe(false);
  });
});
