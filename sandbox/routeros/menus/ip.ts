import { duration, flag, integer, name, networkOf, prefix, ranges, reference, text } from '../values.ts';
import { EDITABLE, READABLE, SWITCHABLE, type Attributes, type Menu } from './menu.ts';

/** The network an address lies in, and where it is. */
function completeAddress(values: Attributes): void {
  if (values.address !== undefined) values.network = networkOf(values.address);
  if (values.interface !== undefined) values['actual-interface'] = values.interface;
}

export const ipMenus: Menu[] = [
  {
    path: '/ip/pool',
    noun: 'pool',
    key: 'name',
    duplicate: 'already have such name',
    persistent: true,
    commands: EDITABLE,
    properties: {
      name: { kind: name, required: true },
      ranges: { kind: ranges, required: true },
      'next-pool': { kind: reference('/ip/pool', 'none'), refersTo: '/ip/pool' },
      comment: { kind: text },
    },
  },
  {
    path: '/ip/pool/used',
    noun: 'used',
    commands: READABLE,
    properties: { pool: {}, address: {}, owner: {}, info: {} },
  },
  {
    path: '/ip/service',
    noun: 'service',
    key: 'name',
    keyRepeats: true,
    persistent: true,
    commands: ['print', 'listen', 'get', 'find', 'set', 'enable', 'disable'],
    properties: {
      name: {},
      port: { kind: integer(1, 65535) },
      address: { kind: text, default: '' },
      certificate: { kind: text },
      'max-sessions': { kind: integer(1, 1000), default: '20', since: [7, 16] },
      dynamic: { default: 'false', since: [7, 20] },
      connection: { since: [7, 20] },
      local: { since: [7, 20] },
      remote: { since: [7, 20] },
      disabled: { kind: flag, default: 'false' },
      invalid: { default: 'false' },
    },
  },
  {
    path: '/ip/firewall/address-list',
    noun: 'entry',
    duplicate: 'already have such entry',
    persistent: true,
    same: ({ list, address }) => `${list} ${address}`,
    commands: SWITCHABLE,
    properties: {
      list: { kind: name, required: true },
      address: { kind: text, required: true },
      'creation-time': {},
      timeout: { kind: duration() },
      dynamic: { default: 'false' },
      disabled: { kind: flag, default: 'false' },
      comment: { kind: text },
    },
  },
  {
    path: '/ip/address',
    noun: 'address',
    persistent: true,
    duplicate: 'already have such address',
    commands: SWITCHABLE,
    check: completeAddress,
    same: ({ address, interface: link }) => `${address} ${link}`,
    properties: {
      address: { kind: prefix, required: true },
      network: {},
      interface: { kind: reference('/interface'), required: true, refersTo: '/interface' },
      'actual-interface': {},
      invalid: { default: 'false' },
      dynamic: { default: 'false' },
      disabled: { kind: flag, default: 'false' },
      comment: { kind: text },
    },
  },
];
