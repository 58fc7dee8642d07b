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
    commands: ['print', 'listen', 'get', 'find', 'set', 'unset', 'enable', 'disable', 'comment'],
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
      'rx-byte': {},
      'tx-byte': {},
      'rx-packet': {},
      'tx-packet': {},
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
