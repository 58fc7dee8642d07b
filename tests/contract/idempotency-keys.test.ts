import { readFileSync } from 'node:fs';
import { buildSchema, getNullableType, isInputObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';

const schema = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'), { assumeValidSDL: true });

/** Mutations that make something of their own, by how they are named. */
const MAKES = /^(create|register|import|adopt|onboard|preview|record|plan[A-Z]|applyPlan|runBilling)/;

const WITHOUT: Record<string, string> = {
  adoptIpPool: 'nothing is made: the row is there, and the same call again answers the same',
  adoptQueue: 'the same',
  createService: 'a step of ops: its id is minted by the run, and is the key',
  register: 'whoever calls has not logged in: strangers would share the keys. The user name is taken once',
};

describe('mutations that make something', () => {
  const making = Object.values(schema.getMutationType()!.getFields()).filter(({ name }) => MAKES.test(name));

  it.each(making.map(({ name }) => name).filter((name) => !WITHOUT[name]))('%s takes an idempotency key, and need not be given one', (name) => {
    const input = getNullableType(schema.getMutationType()!.getFields()[name]!.args.find((arg) => arg.name === 'input')!.type);
    expect(isInputObjectType(input) && String(input.getFields().idempotencyKey?.type)).toBe('String');
  });

  it('are known where they take none', () => {
    for (const name of Object.keys(WITHOUT)) expect(making.some((one) => one.name === name), name).toBe(true);
  });
});
