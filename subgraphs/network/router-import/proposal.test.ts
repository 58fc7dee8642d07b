import { describe, expect, it } from 'vitest';
import type { SubscriberProfile, SubscriberRows, SubscriberSecret } from '../routeros/subscriber-rows.ts';
import { givesTheSame, propose, type OfferedPlan, type ProposalContext } from './proposal.ts';

const TENANT = 'our-tenant';
const plan: OfferedPlan = { id: 'p1', code: 'fiber_100', name: 'Fiber 100', rateLimit: '20M/100M', localAddress: '10.0.0.1', remotePool: 'pool-a' };
const secret = (name: string, changes: Partial<SubscriberSecret> = {}): SubscriberSecret => ({
  name, service: 'pppoe', profile: 'gold', callerId: null, localAddress: null, remoteAddress: null, disabled: false, dynamic: false, comment: null, commentBytes: null, password: 'pw', owner: null, ...changes,
});
const profile = (name: string, changes: Partial<SubscriberProfile> = {}): SubscriberProfile => ({ name, rateLimit: '10M/50M', localAddress: '10.0.0.1', remoteAddress: 'pool-a', isDefault: false, comment: null, owner: null, ...changes });
const rows = (secrets: SubscriberSecret[], profiles: SubscriberProfile[] = [profile('gold')], online: string[] = []): SubscriberRows => ({
  secrets, profiles: [profile('default', { isDefault: true, rateLimit: null, localAddress: null, remoteAddress: null }), ...profiles], pools: [{ name: 'pool-a', ranges: '10.0.0.2-10.0.0.254', owner: null }], online: new Set(online),
});
const context = (changes: Partial<ProposalContext> = {}): ProposalContext => ({ tenantId: TENANT, plans: [plan], price: { amount: '10.00', currency: 'USD' }, customerNameFrom: 'COMMENT', taken: new Set(), ...changes });
const one = (given: SubscriberSecret, changes: Partial<ProposalContext> = {}) => propose(rows([given]), context(changes)).find(({ kind }) => kind === 'SECRET')!;
const codes = ({ problems }: { problems: Array<{ code: string }> }) => problems.map(({ code }) => code);

describe('a secret', () => {
  it('becomes a customer named by its comment, on the plan that its profile is', () => {
    expect(one(secret('ann', { comment: '  Ann \n Example ' }))).toMatchObject({ treatment: 'ADOPT', customerName: 'Ann Example', plan: { id: null, code: 'gold' }, problems: [], password: 'pw' });
    expect(one(secret('ann', { comment: 'Ann' }), { customerNameFrom: 'SECRET_NAME' }).customerName).toBe('ann');
    expect(one(secret('ann')).customerName).toBe('ann');
  });

  it.each([
    ['DISABLED', { disabled: true }],
    ['DYNAMIC', { dynamic: true }],
    ['OTHER_SERVICE', { service: 'l2tp' }],
    ['OWN_POOL', { remoteAddress: 'pool-a' }],
    ['CALLER_ID', { callerId: '203.0.113.9' }],
  ] as const)('is left alone and says %s', (code, changes) => {
    expect(one(secret('ann', changes))).toMatchObject({ treatment: 'SKIP', problems: [{ code, blocks: true }] });
  });

  it('keeps an address and a device of its own, and the service any', () => {
    expect(one(secret('ann', { remoteAddress: '10.0.0.9', callerId: 'AA:BB:CC:DD:EE:FF', service: 'any' }))).toMatchObject({ treatment: 'ADOPT', seen: { remoteAddress: '10.0.0.9', callerId: 'AA:BB:CC:DD:EE:FF', service: 'any' } });
  });

  it('without a profile that is a plan waits for a plan to be named', () => {
    expect(one(secret('ann', { profile: 'default' }))).toMatchObject({ treatment: 'SKIP', plan: null, problems: [{ code: 'DEFAULT_PROFILE', blocks: false }] });
    expect(one(secret('ann', { profile: 'gone' }))).toMatchObject({ treatment: 'SKIP', plan: null, problems: [{ code: 'NO_PROFILE', blocks: false }] });
  });

  it('with a password that is hidden or no text is taken over without it', () => {
    expect(one(secret('ann', { password: null }))).toMatchObject({ treatment: 'ADOPT', password: null, problems: [{ code: 'PASSWORD_HIDDEN', blocks: false }] });
    expect(one(secret('ann', { password: 'pässword' }))).toMatchObject({ treatment: 'ADOPT', password: null, problems: [{ code: 'PASSWORD_NOT_STORABLE', blocks: false }] });
  });

  it('of a name that cannot be kept, is there twice, or is taken, is left alone', () => {
    expect(codes(one(secret('mü ller')))).toEqual(['NAME_NOT_STORABLE']);
    expect(codes(one(secret('ann'), { taken: new Set(['ann']) }))).toEqual(['NAME_TAKEN']);
    const twice = propose(rows([secret('ann'), secret('ann', { service: 'any' }), secret('bea')]), context()).filter(({ kind }) => kind === 'SECRET');
    expect(twice.map(codes)).toEqual([['DUPLICATE_NAME'], ['DUPLICATE_NAME'], []]);
    const shared = propose(rows([secret('ann', { remoteAddress: '10.0.0.9' }), secret('bea', { remoteAddress: '10.0.0.9' })]), context()).filter(({ kind }) => kind === 'SECRET');
    expect(shared.map(codes)).toEqual([['DUPLICATE_ADDRESS'], ['DUPLICATE_ADDRESS']]);
  });

  it('of ours is shown as owned; of another tenant it is foreign, and no password of either is kept', () => {
    const owner = { tenant: TENANT, kind: 'secret' as const, id: 's', text: '' };
    expect(one(secret('ann', { owner, disabled: true }))).toMatchObject({ treatment: 'OWNED', problems: [], password: null });
    expect(one(secret('ann', { owner: { ...owner, tenant: 'other' } }))).toMatchObject({ treatment: 'SKIP', problems: [{ code: 'FOREIGN' }], password: null });
  });

  it('may hold any bytes: nothing comes through that no column can hold', () => {
    const item = one(secret('ann', { comment: 'a\0b\ud800c' }));
    expect(JSON.stringify(item)).not.toMatch(/\\u0000|\\ud800/);
    expect(item.customerName).toBe('a\u{FFFD}b\u{FFFD}c');
  });
});

describe('a profile', () => {
  const plans = (profiles: SubscriberProfile[], changes: Partial<ProposalContext> = {}) => propose(rows([], profiles), context(changes)).filter(({ kind, name }) => kind === 'PROFILE' && name !== 'default');

  it('becomes the plan that gives the same, however it is written, else a new one of its name', () => {
    expect(plans([profile('gold', { rateLimit: '20000k/100000000' })])[0]).toMatchObject({ treatment: 'USE_PLAN', plan: { id: 'p1', price: null } });
    expect(plans([profile('Gold 50!')])[0]).toMatchObject({ treatment: 'CREATE_PLAN', plan: { id: null, code: 'Gold-50', name: 'Gold 50!', rateLimit: '10M/50M', price: { amount: '10.00' } } });
  });

  it('prefers, of several plans that give the same, the one of its name', () => {
    const twins = [plan, { ...plan, id: 'p2', code: 'gold', name: 'Gold' }];
    expect(plans([profile('gold', { rateLimit: '20M/100M' })], { plans: twins })[0]!.plan!.id).toBe('p2');
  });

  it('of a name that a plan with other terms has, gets a code beside it', () => {
    expect(plans([profile('fiber_100'), profile('fiber 100'), profile('fiber?100')]).map((item) => item.plan!.code)).toEqual(['fiber_100-2', 'fiber-100', 'fiber-100-2']);
  });

  it.each([{ rateLimit: null }, { rateLimit: 'fast' }, { localAddress: 'pool-a' }, { localAddress: null }, { remoteAddress: '10.0.0.7' }, { remoteAddress: 'no-such-pool' }])('that a plan cannot say is no plan: %j', (changes) => {
    expect(plans([profile('gold', changes)])[0]).toMatchObject({ treatment: 'SKIP', plan: null, problems: [{ code: 'NOT_A_PLAN' }] });
  });

  it('of ours leads to its plan, so that secrets that somebody put on it can be taken over', () => {
    const owner = { tenant: TENANT, kind: 'profile' as const, id: 'p1', text: '' };
    const items = propose(rows([secret('ann')], [profile('gold', { owner })]), context());
    expect(items.map(({ treatment }) => treatment)).toEqual(['SKIP', 'OWNED', 'ADOPT', 'KEEP']);
    expect(items[2]!.plan!.id).toBe('p1');
  });
});

it('an asymmetric limit is not the same as its mirror', () => {
  expect(givesTheSame(plan, { rateLimit: '100M/20M', localAddress: '10.0.0.1', remoteAddress: 'pool-a' })).toBe(false);
  expect(givesTheSame(plan, { rateLimit: null, localAddress: '10.0.0.1', remoteAddress: 'pool-a' })).toBe(false);
});
