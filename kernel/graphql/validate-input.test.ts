import { describe, expect, it } from 'vitest';
import { DomainError } from '#kernel/errors.ts';
import { validateInput } from './validate-input.ts';

const refused = (args: Record<string, unknown>) => validateInput(Object.values(args)[0], undefined, { args }).then(
  () => [],
  (error: DomainError) => (error.extensions.details as Array<{ field: string }>).map(({ field }) => field),
);

describe('texts that cannot be stored', () => {
  it('are refused by field: in the input, in a list, in a plain argument, in JSON and its names', async () => {
    expect(await refused({ input: { customer: { name: 'a\0b', phone: 'fine 😀' } } })).toEqual(['customer.name']);
    expect(await refused({ input: { permissions: ['ok', '\ud800'] } })).toEqual(['permissions.1']);
    expect(await refused({ id: '\0' })).toEqual(['id']);
    expect(await refused({ input: { features: { deep: { 'a\0': 1, b: 'c\udc00' } } } })).toEqual(['features.deep', 'features.deep.b']);
    expect(await refused({ input: { name: 'Ada', at: new Date(), n: 1, none: null } })).toEqual([]);
  });

  it('are found in JSON of any depth', async () => {
    let deep: unknown = '\0';
    for (let level = 0; level < 50_000; level += 1) deep = [deep];
    expect(await refused({ input: { features: deep } })).toHaveLength(1);
  });
});
