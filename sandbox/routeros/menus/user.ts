import type { RouterUser } from '../login.ts';
import { failure, noMatch } from '../traps.ts';
import { flag, name, reference, text, type Kind } from '../values.ts';
import { EDITABLE, READABLE, SWITCHABLE, type Menu, type Policies, type World } from './menu.ts';

const POLICIES = ['local', 'telnet', 'ssh', 'ftp', 'reboot', 'read', 'write', 'policy', 'test', 'winbox', 'password', 'web', 'sniff', 'sensitive', 'api', 'romon', 'rest-api'];

/** Every policy is printed: what the group has, then what it has not (`!write`). */
const policyList: Kind = (value, property) => {
  const given = new Set<string>();
  for (const item of value.split(',').filter(Boolean)) {
    if (!POLICIES.includes(item.replace(/^!/, ''))) throw noMatch(property);
    if (!item.startsWith('!')) given.add(item);
  }
  return [...POLICIES.filter((policy) => given.has(policy)), ...POLICIES.filter((policy) => !given.has(policy)).map((policy) => `!${policy}`)].join(',');
};

const allBut = (...left: string[]) => POLICIES.filter((policy) => !left.includes(policy)).join(',');
/** The groups every router comes with. */
export const GROUPS: Readonly<Record<string, string>> = { read: allBut('ftp', 'write', 'policy'), write: allBut('ftp', 'policy'), full: allBut() };

/** Every right there is: whoever fills the router in. */
export const EVERYTHING: Policies = new Set(POLICIES);

export function policiesOf(world: World, group: string): Policies {
  const row = world.table('/user/group').byKey(group);
  return new Set((row?.values.policy ?? '').split(',').filter((policy) => policy !== '' && !policy.startsWith('!')));
}

/** Groups and users as they are at a start; what was saved of them stays. */
export function addUsers(world: World, users: readonly RouterUser[]): void {
  const groups = world.table('/user/group');
  for (const [group, policy] of Object.entries(GROUPS)) {
    if (!groups.byKey(group)) groups.add({ name: group, policy: policyList(policy, 'policy', world), skin: 'default' });
  }
  for (const { name: login, password, group = 'full' } of users) {
    if (!groups.byKey(group)) {
      const there = [...groups.rows()].map((row) => row.values.name);
      throw new Error(`user ${login}: there is no group ${group}; there are: ${there.join(', ')}`);
    }
    if (!world.table('/user').byKey(login)) world.table('/user').add({ name: login, password, group, disabled: 'false' });
  }
}

export const userMenus: Menu[] = [
  {
    path: '/user',
    noun: 'user',
    key: 'name',
    duplicate: 'user with the same name already exists',
    persistent: true,
    writePolicy: 'policy',
    commands: SWITCHABLE,
    mayRemove: (row, world) => {
      const others = [...world.table('/user').rows()].filter((other) => other !== row && other.values.disabled !== 'true');
      if (!others.some((other) => policiesOf(world, other.values.group ?? '').has('policy'))) throw failure('can not remove the last user with full rights');
    },
    properties: {
      name: { kind: name, required: true },
      group: { kind: reference('/user/group'), required: true, refersTo: '/user/group' },
      address: { kind: text, default: '' },
      password: { kind: text, default: '', writeOnly: true },
      'last-logged-in': {},
      'inactivity-timeout': { default: '10m', since: [7, 16] },
      'inactivity-policy': { default: 'none', since: [7, 16] },
      expired: { default: 'false', since: [7, 0] },
      disabled: { kind: flag, default: 'false' },
      comment: { kind: text },
    },
  },
  {
    path: '/user/group',
    noun: 'group',
    key: 'name',
    duplicate: 'group with the same name already exists',
    persistent: true,
    writePolicy: 'policy',
    commands: EDITABLE,
    mayRemove: (row, world) => {
      if (Object.hasOwn(GROUPS, row.values.name ?? '')) throw failure('can not remove system group');
      for (const user of world.table('/user').rows()) if (user.values.group === row.values.name) throw failure('group has some users');
    },
    properties: { name: { kind: name, required: true }, policy: { kind: policyList, default: policyList('', 'policy', { resolve: () => undefined, namesBeginning: () => [] }) }, skin: { kind: text, default: 'default' }, comment: { kind: text } },
  },
  {
    path: '/user/active',
    noun: 'active',
    commands: READABLE,
    properties: { when: {}, name: {}, address: {}, via: {}, group: { since: [7, 0] }, radius: { default: 'false' } },
  },
];
