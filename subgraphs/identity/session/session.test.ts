import { describe, expect, it } from 'vitest';
import type { Role } from '../role/role.ts';
import { DEFAULT_SETTINGS, type Tenant } from '../tenant/tenant.ts';
import { chooseTenant } from './session.ts';

const at = new Date(0);
const tenant = (slug: string, active = true): Tenant => ({ id: `id-${slug}`, slug, name: slug, companyName: null, phone: null, timeZone: 'UTC', currency: 'USD', settings: DEFAULT_SETTINGS, maxRouters: null, maxSubscribers: null, features: {}, active, createdAt: at, updatedAt: at });
const role: Role = { id: 'r', code: 'viewer', name: 'Viewer', description: null, permissions: [], builtIn: true, createdAt: at, updatedAt: at };
const belongsTo = (...tenants: Tenant[]) => tenants.map((one, index) => ({ tenant: one, role, primary: index === 0 }));
const [one, two, off] = [tenant('one'), tenant('two'), tenant('off', false)];
const member = { superAdmin: false };
const root = { superAdmin: true };
const refusal = (code: string) => expect.objectContaining({ details: [expect.objectContaining({ field: 'tenant', code })] });

describe('the tenant of a login', () => {
  it('is the only one of a member, none for a super admin and for whoever belongs to none', () => {
    expect(chooseTenant(member, belongsTo(one), null, undefined)).toBe(one);
    expect(chooseTenant(member, belongsTo(one, off), null, undefined)).toBe(one);
    expect(chooseTenant(member, [], null, undefined)).toBeNull();
    expect(chooseTenant(root, belongsTo(one), null, undefined)).toBeNull();
  });

  it('is the one that is named, by slug or id', () => {
    expect(chooseTenant(member, belongsTo(one, two), 'TWO', undefined)).toBe(two);
    expect(chooseTenant(member, belongsTo(one, two), 'id-one', undefined)).toBe(one);
    expect(chooseTenant(root, [], 'two', two)).toBe(two);
  });

  it('must be named by members of several, and be one of them', () => {
    expect(() => chooseTenant(member, belongsTo(one, two), null, undefined)).toThrowError(refusal('REQUIRED'));
    expect(() => chooseTenant(member, belongsTo(one), 'two', two)).toThrowError(refusal('UNKNOWN'));
    expect(() => chooseTenant(member, belongsTo(off), 'off', undefined)).toThrowError(refusal('UNKNOWN'));
    expect(() => chooseTenant(member, belongsTo(off), null, undefined)).toThrowError(refusal('INACTIVE'));
    expect(() => chooseTenant(root, [], 'off', off)).toThrowError(refusal('UNKNOWN'));
  });
});
