import { buildSchema, type ExecutionResult } from 'graphql';
import { beforeEach, describe, expect, it } from 'vitest';
import { makePrincipal, type Principal } from '#kernel/access/principal.ts';
import { forbidden } from '#kernel/errors.ts';
import { silentLogger } from '#kernel/logs.ts';
import { makeEventQueue } from './event-queue.ts';
import { localSubgraph } from './local.ts';
import { isShared, makeSharedAnswers, scopeOf, shareEvent } from './shared-events.ts';
import type { Subgraph, SubgraphContext } from './subgraph.ts';

const TENANT = '00000000-0000-7000-8000-00000000000a';
const OTHER_TENANT = '00000000-0000-7000-8000-00000000000b';
const principal = (fields: Partial<Omit<Principal, 'permissions'>> & { permissions?: string[] } = {}) =>
  makePrincipal({ kind: 'user', id: 'ann', tenantId: TENANT, permissions: ['session:read', 'router:read'], ...fields });

const QUERY = 'subscription ($name: String) { happened(name: $name) { what secret } }';

describe('an event of a subscription in process', () => {
  let subgraph: Subgraph;
  let listeners: Array<ReturnType<typeof makeEventQueue<object>>>;
  /** Whose question each answer was worked out for. */
  let answered: string[];
  let answering: Promise<void>;

  beforeEach(() => {
    listeners = [];
    answered = [];
    answering = Promise.resolve();
    const schema = buildSchema('type Happening { what: String! secret: String } type Query { none: String } type Subscription { happened(name: String): Happening! }');
    Object.assign(schema.getSubscriptionType()!.getFields().happened!, {
      subscribe: () => {
        const queue = makeEventQueue<object>({ max: 100, overflow: () => ({}), onClose: () => undefined });
        listeners.push(queue);
        return queue;
      },
      resolve: async (event: object, _: unknown, { principal: { id } }: SubgraphContext) => {
        answered.push(id!);
        await answering;
        return event;
      },
    });
    Object.assign((schema.getType('Happening') as unknown as { getFields(): Record<string, object> }).getFields().secret!, {
      resolve: (_: unknown, __: unknown, { principal: { permissions } }: SubgraphContext) => {
        if (!permissions.has('router:read')) throw forbidden();
        return 'secret';
      },
    });
    subgraph = localSubgraph({ name: 'test', schema, loaders: () => ({}), log: silentLogger });
  });

  const subscribe = async (of: Principal, { query = QUERY, variables, signal }: { query?: string; variables?: Record<string, unknown>; signal?: AbortSignal } = {}) =>
    (await subgraph.subscribe({ query, principal: of, requestId: `request of ${of.id}`, ...(variables ? { variables } : {}), ...(signal ? { signal } : {}) })) as AsyncIterableIterator<ExecutionResult>;
  const announce = (event: object) => {
    for (const listener of listeners) listener.push(event);
  };
  const answersOf = async (subscribers: Array<AsyncIterableIterator<ExecutionResult>>) => (await Promise.all(subscribers.map((one) => one.next()))).map(({ value }) => value as ExecutionResult);

  it('is answered once for all who ask the same in the same tenant with the same rights, however their rights are ordered', async () => {
    const subscribers = await Promise.all([subscribe(principal()), subscribe(principal({ id: 'bob', permissions: ['router:read', 'session:read'] })), subscribe(principal({ id: 'cid', sessionId: 's' }))]);
    announce(shareEvent({ what: 'up' }));
    const answers = await answersOf(subscribers);
    expect(answers).toEqual(Array.from({ length: 3 }, () => ({ data: { happened: { what: 'up', secret: 'secret' } } })));
    expect(answered).toHaveLength(1);
    expect(new Set(answers).size).toBe(1);
    expect(isShared(answers[0])).toBe(true);
  });

  it.each<[string, Principal]>([
    ['another tenant', principal({ id: 'bob', tenantId: OTHER_TENANT })],
    ['other rights', principal({ id: 'bob', permissions: ['session:read'] })],
    ['a super admin', principal({ id: 'bob', superAdmin: true })],
    ['a service', principal({ id: 'bob', kind: 'service' })],
  ])('is answered anew for %s', async (_whom, other) => {
    const subscribers = await Promise.all([subscribe(principal()), subscribe(other)]);
    announce(shareEvent({ what: 'up' }));
    const [first, second] = await answersOf(subscribers);
    expect(answered).toEqual(['ann', 'bob']);
    expect(first).toEqual({ data: { happened: { what: 'up', secret: 'secret' } } });
    expect((second!.data!.happened as { secret: unknown }).secret).toBe(other.permissions.has('router:read') ? 'secret' : null);
  });

  it('is answered anew for another operation and for other variables', async () => {
    const subscribers = await Promise.all([
      subscribe(principal()),
      subscribe(principal({ id: 'bob' }), { query: 'subscription { happened { what } }' }),
      subscribe(principal({ id: 'cid' }), { variables: { name: 'home' } }),
    ]);
    announce(shareEvent({ what: 'up' }));
    const answers = await answersOf(subscribers);
    expect(answered).toEqual(['ann', 'bob', 'cid']);
    expect(answers[1]).toEqual({ data: { happened: { what: 'up' } } });
  });

  it('is answered for each one when nothing says that it may be shared', async () => {
    const subscribers = await Promise.all([subscribe(principal()), subscribe(principal({ id: 'bob' }))]);
    announce({ what: 'up' });
    await answersOf(subscribers);
    expect(answered).toEqual(['ann', 'bob']);
  });

  it('is answered for himself alone for whoever reads it when its time is over', async () => {
    const subscribers = await Promise.all([subscribe(principal()), subscribe(principal({ id: 'bob' }))]);
    announce(shareEvent({ what: 'up' }, performance.now() + 60_000));
    const [first, second] = await answersOf(subscribers);
    expect(second).toBe(first);
    announce(shareEvent({ what: 'down' }, performance.now()));
    const [third, fourth] = await answersOf(subscribers);
    expect(fourth).not.toBe(third);
    expect(fourth).toEqual(third);
    expect(answered).toEqual(['ann', 'ann', 'bob']);
  });

  it('hands no error on: each who meets one has his own, with his own request', async () => {
    const mayNot = ['session:read'];
    const subscribers = await Promise.all([subscribe(principal({ permissions: mayNot })), subscribe(principal({ id: 'bob', permissions: mayNot }))]);
    const event = shareEvent({ what: 'up' });
    announce(event);
    const [first, second] = await answersOf(subscribers);
    expect(answered).toEqual(['ann', 'bob']);
    expect(first!.errors![0]).not.toBe(second!.errors![0]);
    expect(isShared(first)).toBe(false);
  });

  it('reaches the others when the one it is being answered for leaves', async () => {
    let answer: () => void = () => undefined;
    answering = new Promise((resolve) => (answer = resolve));
    const left = new AbortController();
    const [leaver, stayer] = await Promise.all([subscribe(principal(), { signal: left.signal }), subscribe(principal({ id: 'bob' }))]);
    announce(shareEvent({ what: 'up' }));
    const ofLeaver = leaver.next();
    const ofStayer = stayer.next();
    left.abort();
    answer();
    expect((await ofStayer).value).toEqual({ data: { happened: { what: 'up', secret: 'secret' } } });
    await ofLeaver;
  });
});

describe('shared answers', () => {
  const source = {};

  it('are worked out anew when the work before has failed', async () => {
    const answers = makeSharedAnswers();
    await expect(answers.of(source, 'key', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await answers.of(source, 'key', async () => ({ data: { a: 1 } }))).toEqual({ data: { a: 1 } });
  });

  it('let those who waited for work that failed do their own', async () => {
    const answers = makeSharedAnswers();
    const first = answers.of(source, 'key', () => Promise.reject(new Error('away')));
    const second = answers.of(source, 'key', async () => ({ data: { a: 2 } }));
    await expect(first).rejects.toThrow('away');
    expect(await second).toEqual({ data: { a: 2 } });
  });

  it('are there at once for whoever comes later', async () => {
    const answers = makeSharedAnswers();
    const answer = await answers.of(source, 'key', async () => ({ data: { a: 1 } }));
    expect(answers.of(source, 'key', () => Promise.reject(new Error('not asked')))).toBe(answer);
  });
});

describe('the scope of a principal', () => {
  it('does not depend on who he is, and is wider for nobody', () => {
    expect(scopeOf(principal({ id: 'bob', sessionId: 's', expiresAt: 1 }))).toBe(scopeOf(principal()));
    const scopes = [principal(), principal({ tenantId: OTHER_TENANT }), principal({ tenantId: null }), principal({ permissions: ['session:read'] }), principal({ permissions: [] }), principal({ superAdmin: true }), principal({ kind: 'apiKey' })].map(scopeOf);
    expect(new Set(scopes).size).toBe(scopes.length);
  });
});
