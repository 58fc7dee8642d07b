import { monitorTraffic } from '../tools.ts';
import { flag, integer, name, text } from '../values.ts';
import type { Menu } from './menu.ts';

export const interfaceMenus: Menu[] = [
  {
    path: '/interface',
    noun: 'interface',
    key: 'name',
    duplicate: 'already have interface with such name',
    persistent: true,
    commands: ['print', 'listen', 'get', 'find', 'set', 'unset', 'enable', 'disable', 'comment', 'reset-counters', 'reset-counters-all'],
    actions: { 'monitor-traffic': { policy: 'read', run: monitorTraffic } },
    properties: {
      name: { kind: name },
      'default-name': {},
      type: {},
      mtu: { kind: integer(68, 65535) },
      'actual-mtu': {},
      l2mtu: {},
      'mac-address': {},
      'last-link-up-time': {},
      'link-downs': { default: '0' },
      'rx-byte': { counter: true },
      'tx-byte': { counter: true },
      'rx-packet': { counter: true },
      'tx-packet': { counter: true },
      'rx-drop': { default: '0' },
      'tx-drop': { default: '0' },
      'tx-queue-drop': { default: '0' },
      'rx-error': { default: '0' },
      'tx-error': { default: '0' },
      'fp-rx-byte': {},
      'fp-tx-byte': {},
      dynamic: {},
      running: { default: 'true' },
      disabled: { kind: flag, default: 'false' },
      comment: { kind: text },
    },
  },
];
