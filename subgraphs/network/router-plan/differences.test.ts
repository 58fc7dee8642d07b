import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import { formatOwnership, parseOwnership } from '../routeros/ownership.ts';
import type { ProfileRow, SecretRow } from '../routeros/ppp-rows.ts';
import { isStep } from './difference.ts';
import { differences, hashOf, type ObservedRouter, type WishedRouter } from './differences.ts';
import { NO_WISHES } from './row-differences.ts';
import type { WishedProfile, WishedSecret } from './wished-rows.ts';

const TENANT = '00000000-0000-4000-8000-00000000000a';
const PLAN = '00000000-0000-4000-8000-0000000000f1';
const hash = (password: string, id: string) => `#${password}@${id}`;
const tag = (kind: 'secret' | 'profile', id: string, text = '', tenant = TENANT) => parseOwnership(formatOwnership({ tenant, kind, id, text }));

const wishedProfile = (changes: Partial<WishedProfile> = {}): WishedProfile => ({ id: uuidv7(), tenantId: TENANT, planId: PLAN, planCode: 'f100', name: 'headend-f100', rateLimit: '20M/100M', localAddress: '10.0.0.1', remotePool: 'pool', used: true, pending: false, ...changes });
const wishedSecret = (name: string, changes: Partial<WishedSecret> = {}): WishedSecret => {
  const credentialsId = uuidv7();
  const passwordFingerprint = hash(`pw-${name}`, credentialsId);
  return { serviceId: uuidv7(), tenantId: TENANT, name, service: 'pppoe', profile: 'headend-f100', profileId: uuidv7(), disabled: false, remoteAddress: null, callerId: null, passwordFingerprint, credentialsId, appliedFingerprint: passwordFingerprint, intent: 0, pending: false, cutDue: false, ...changes };
};

let ids = 0;
const secretRow = (wish: WishedSecret, changes: Partial<SecretRow> = {}): SecretRow => ({ id: `*${(ids += 1).toString(16)}`, name: wish.name, owner: tag('secret', wish.serviceId, 'call before noon'), own: false, password: `pw-${wish.name}`, service: 'pppoe', profile: wish.profile, remoteAddress: wish.remoteAddress ?? '', callerId: wish.callerId ?? '', disabled: wish.disabled, ...changes });
const profileRow = (wish: WishedProfile, changes: Partial<ProfileRow> = {}): ProfileRow => ({ id: `*${(ids += 1).toString(16)}`, name: wish.name, owner: tag('profile', wish.planId), own: false, localAddress: wish.localAddress, remoteAddress: wish.remotePool, rateLimit: wish.rateLimit, ...changes });
const seen = (changes: Partial<ObservedRouter>): ObservedRouter => ({ secrets: [], profiles: [], pools: [{ id: '*1', name: 'pool', owner: null, own: true, values: {} }], queues: [], sessions: [], version: '7.18', at: new Date(0), ...changes });
const wished = (secrets: WishedSecret[], profiles = [wishedProfile()], leaving: string[] = []): WishedRouter => ({ tenantId: TENANT, secrets, profiles, pools: NO_WISHES, queues: NO_WISHES, leaving: new Set(leaving) });
const diff = async (router: ObservedRouter, wishes: WishedRouter) => (await differences(router, wishes, { hash })).map(({ menu, action, name, fields, reason }) => ({ row: `${action} ${menu} ${name}`, fields: fields.map(({ field }) => field), reason: reason?.code ?? null }));

const profile = wishedProfile();
const alice = wishedSecret('alice');

describe('the differences of a router', () => {
  it('are none when it has what is wished for, however it writes it', async () => {
    const router = seen({ profiles: [profileRow(profile, { rateLimit: '20000k/100000000' })], secrets: [secretRow(alice)], sessions: [{ id: '*9', name: 'alice', mark: '1' }] });
    expect(await diff(router, wished([alice], [profile]))).toEqual([]);
  });

  it('name each field that differs, and never a password', async () => {
    const router = seen({ profiles: [profileRow(profile, { rateLimit: '' })], secrets: [secretRow(alice, { password: 'changed by hand', disabled: true, profile: 'default', service: 'any' })] });
    const found = await differences(router, wished([alice], [profile]), { hash });
    expect(found.map(({ action, name, fields }) => ({ action, name, fields }))).toEqual([
      { action: 'CHANGE', name: 'headend-f100', fields: [{ field: 'rate-limit', from: null, to: '20M/100M' }] },
      {
        action: 'CHANGE',
        name: 'alice',
        fields: [
          { field: 'password', from: null, to: null, secret: true },
          { field: 'service', from: 'any', to: 'pppoe' },
          { field: 'profile', from: 'default', to: 'headend-f100' },
          { field: 'disabled', from: 'yes', to: 'no' },
        ],
      },
    ]);
    expect(JSON.stringify(found)).not.toMatch(/changed by hand|pw-alice/);
  });

  it('come in the order in which they are applied: profiles, secrets, removals in reverse, sessions', async () => {
    const gone = wishedSecret('gone');
    const old = wishedProfile({ name: 'headend-old', planId: uuidv7() });
    const router = seen({ profiles: [profileRow(old)], secrets: [secretRow(gone, { profile: 'headend-old' })], sessions: [{ id: '*9', name: 'gone', mark: '1' }] });
    expect((await diff(router, wished([alice], [profile]))).map(({ row }) => row)).toEqual(['ADD PROFILE headend-f100', 'ADD SECRET alice', 'REMOVE SECRET gone', 'REMOVE PROFILE headend-old', 'KICK SESSION gone']);
  });

  it('leave what is not ours alone, and report it', async () => {
    const other = wishedSecret('theirs');
    const router = seen({
      profiles: [profileRow(profile), { ...profileRow(profile, { owner: null }), name: 'by-hand' }, { ...profileRow(profile, { owner: null }), name: 'default', own: true }],
      secrets: [secretRow(alice), secretRow(wishedSecret('foreign'), { owner: null }), secretRow(other, { owner: tag('secret', other.serviceId, '', uuidv7()) }), secretRow(wishedSecret('dynamic'), { own: true }), secretRow(wishedSecret('odd'), { owner: tag('secret', 'no-uuid') })],
      queues: [{ id: '*5', name: 'shaper', owner: null, own: false, values: {} }],
      sessions: [{ id: '*9', name: 'foreign', mark: '1' }],
    });
    expect((await diff(router, wished([alice], [profile]))).map(({ row }) => row)).toEqual(['UNOWNED PROFILE by-hand', 'UNOWNED QUEUE shaper', 'UNOWNED SECRET foreign', 'UNOWNED SECRET odd', 'UNOWNED SECRET theirs']);
  });

  it('are a conflict where a row has our name and not our mark', async () => {
    const router = seen({ profiles: [profileRow(profile, { owner: null })], secrets: [secretRow(alice, { owner: null })], sessions: [{ id: '*9', name: 'alice', mark: '1' }] });
    expect(await diff(router, wished([{ ...alice, disabled: true }], [profile]))).toMatchObject([
      { row: 'CONFLICT PROFILE headend-f100', reason: 'NETWORK_FOREIGN_PROFILE' },
      { row: 'CONFLICT SECRET alice', reason: 'NETWORK_FOREIGN_SECRET' },
    ]);
  });

  it('are a conflict where a profile cannot be made, and for the secrets that need it', async () => {
    expect(await diff(seen({ pools: [] }), wished([alice], [profile]))).toMatchObject([
      { row: 'CONFLICT PROFILE headend-f100', reason: 'NETWORK_UNKNOWN_POOL' },
      { row: 'CONFLICT SECRET alice', reason: 'NETWORK_PROFILE_MISSING' },
    ]);
  });

  it('rename a row of ours instead of making another', async () => {
    const router = seen({ profiles: [profileRow(profile)], secrets: [secretRow(alice, { name: 'alice-old' })] });
    expect(await diff(router, wished([alice], [profile]))).toEqual([{ row: 'CHANGE SECRET alice-old', fields: ['name'], reason: null }]);
  });

  it('keep a profile that secrets of others name', async () => {
    const old = wishedProfile({ name: 'headend-old' });
    const router = seen({ profiles: [profileRow(old)], secrets: [secretRow(wishedSecret('foreign'), { owner: null, profile: 'headend-old' })] });
    expect(await diff(router, wished([], []))).toMatchObject([{ row: 'CONFLICT PROFILE headend-old', reason: 'NETWORK_PROFILE_IN_USE' }, { row: 'UNOWNED SECRET foreign' }]);
  });

  it('end a session that runs on what was before, and of who is not to be online; none for a password', async () => {
    const sessions = [{ id: '*9', name: 'alice', mark: '1' }];
    const of = async (row: Partial<SecretRow>, wish: Partial<WishedSecret>) => (await diff(seen({ profiles: [profileRow(profile), profileRow(profile, { name: 'other' })], secrets: [secretRow(alice, row)], sessions }), wished([{ ...alice, ...wish }], [profile]))).filter(({ row: text }) => text.startsWith('KICK')).map(({ reason }) => reason);
    expect(await of({ profile: 'other' }, {})).toEqual(['TERMS_CHANGED']);
    expect(await of({}, { disabled: true })).toEqual(['DISABLED']);
    expect(await of({}, { cutDue: true })).toEqual(['CUT_DUE']);
    expect(await of({ remoteAddress: '' }, { remoteAddress: '10.0.0.9' })).toEqual(['TERMS_CHANGED']);
    expect(await of({ callerId: 'AA:BB:CC:DD:EE:FF' }, {})).toEqual([]);
    expect(await of({ password: 'x' }, {})).toEqual([]);
  });

  it('are none for a secret that was taken over with the service any or without its password; one that is gone then is a conflict', async () => {
    const credentialsId = uuidv7();
    const unknown = hash('', credentialsId);
    const adopted = wishedSecret('adopted', { service: 'any', credentialsId, passwordFingerprint: unknown, appliedFingerprint: unknown });
    for (const password of ['whatever it is', null]) {
      expect(await diff(seen({ profiles: [profileRow(profile)], secrets: [secretRow(adopted, { service: 'any', password })] }), wished([adopted], [profile]))).toEqual([]);
    }
    expect(await diff(seen({ profiles: [profileRow(profile)] }), wished([adopted], [profile]))).toEqual([{ row: 'CONFLICT SECRET adopted', fields: [], reason: 'NETWORK_PASSWORD_UNKNOWN' }]);
  });

  it('are pending where enforcement is at it', async () => {
    const leaving = wishedSecret('leaving');
    const found = await differences(seen({ profiles: [profileRow(profile)], secrets: [secretRow(leaving)] }), wished([{ ...alice, pending: true }], [profile], [leaving.serviceId]), { hash });
    expect(found.map(({ name, action, pending }) => ({ name, action, pending }))).toEqual([{ name: 'alice', action: 'ADD', pending: true }, { name: 'leaving', action: 'REMOVE', pending: true }]);
  });
});

describe('a password that the router hides', () => {
  const hidden = (applied: string | null) => diff(seen({ profiles: [profileRow(profile)], secrets: [secretRow(alice, { password: null })] }), wished([{ ...alice, appliedFingerprint: applied }], [profile]));

  it('makes no difference when the router was given this one', async () => {
    expect(await hidden(alice.passwordFingerprint)).toEqual([]);
  });

  it('differs when it was given another one, or none', async () => {
    expect((await hidden('another'))[0]).toMatchObject({ fields: ['password'] });
    expect((await hidden(null))[0]).toMatchObject({ fields: ['password'] });
  });
});

describe('for any router and any wishes', () => {
  /** A few names, so that rows and wishes meet in every way. */
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const owners = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000003'];
  const wish = fc.record({ name, service: fc.constantFrom(...owners), disabled: fc.boolean(), password: fc.constantFrom('x', 'y') }).map(({ name: named, service, disabled, password }) => wishedSecret(named, { serviceId: service, credentialsId: service, passwordFingerprint: hash(password, service), appliedFingerprint: hash('x', service), disabled }));
  const wishes = fc.uniqueArray(wish, { selector: ({ serviceId }) => serviceId }).map((all) => all.filter((one, at) => all.findIndex((other) => other.name === one.name) === at));
  const rows = fc.uniqueArray(
    fc.record({ name, owner: fc.constantFrom(null, ...owners), own: fc.constant(false), password: fc.constantFrom('x', 'y', null), service: fc.constantFrom('pppoe', 'any'), profile: fc.constantFrom('headend-f100', 'default'), disabled: fc.boolean(), remoteAddress: fc.constantFrom('', '10.0.0.9'), callerId: fc.constantFrom('', 'AA:BB:CC:DD:EE:FF') }),
    { selector: ({ name: named }) => named },
  ).map((all) => all.map((row, at): SecretRow => ({ ...row, id: `*${at}`, owner: row.owner === null ? null : tag('secret', row.owner) })));

  it('nothing without our mark is acted upon, every row is spoken of at most once, and applying the steps leaves no step but what a conflict held up', async () => {
    await fc.assert(
      fc.asyncProperty(rows, wishes, async (secrets, wanted) => {
        const router = seen({ profiles: [profileRow(profile)], secrets });
        const found = await differences(router, wished(wanted, [profile]), { hash });
        const steps = found.filter(isStep);
        const byId = new Map(secrets.map((row) => [row.id, row]));
        expect(steps.filter(({ rowId }) => rowId !== null && byId.get(rowId)!.owner === null)).toEqual([]);
        const touched = steps.filter(({ rowId }) => rowId !== null).map(({ rowId }) => rowId);
        expect(new Set(touched).size).toBe(touched.length);
        // What a router is after the steps, as the steps say it.
        const after = secrets.filter(({ id }) => !steps.some(({ action, rowId }) => action === 'REMOVE' && rowId === id)).map((row): SecretRow => {
          const step = steps.find(({ rowId }) => rowId === row.id);
          return step ? secretRow(wanted.find(({ serviceId }) => serviceId === step.serviceId)!, { id: row.id, password: null }) : row;
        });
        for (const step of steps.filter(({ action }) => action === 'ADD')) after.push(secretRow(wanted.find(({ serviceId }) => serviceId === step.serviceId)!, { password: null }));
        const applied = wanted.map((one) => (steps.some(({ serviceId }) => serviceId === one.serviceId) ? { ...one, appliedFingerprint: one.passwordFingerprint } : one));
        const again = await differences(seen({ profiles: [profileRow(profile)], secrets: after }), wished(applied, [profile]), { hash });
        const held = new Set(found.filter(({ action }) => action === 'CONFLICT').map(({ serviceId }) => serviceId));
        expect(again.filter(isStep).filter(({ serviceId }) => !held.has(serviceId))).toEqual([]);
      }),
    );
  });

  it('the hash stands for what is to be done: the order of rows, what is not ours and the sessions do not count', async () => {
    await fc.assert(
      fc.asyncProperty(rows, wishes, async (secrets, wanted) => {
        const one = hashOf('r', await differences(seen({ secrets, profiles: [profileRow(profile)] }), wished(wanted, [profile]), { hash }));
        const other = hashOf('r', await differences(seen({ secrets: secrets.toReversed(), profiles: [profileRow(profile)], queues: [{ id: '*7', name: 'q', owner: null, own: false, values: {} }] }), wished(wanted.toReversed(), [profile]), { hash }));
        expect(other).toBe(one);
      }),
    );
  });
});
