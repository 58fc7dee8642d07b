import { hasPingAlias } from '../release.ts';
import { noSuchDirectory, noSuchItem } from '../traps.ts';
import { ping } from '../tools.ts';
import { flag, formatDuration, name, text } from '../values.ts';
import { EDITABLE, READABLE, type Action, type Menu } from './menu.ts';

const MEBIBYTE = 1024 * 1024;

const runScript: Action = (call, world) => {
  const table = world.table('/system/script');
  const wanted = call.attributes.get('.id') ?? call.attributes.get('number') ?? '';
  const row = table.byId(wanted) ?? table.byKey(wanted);
  if (!row) throw noSuchItem();
  // Scripts are kept and counted; the simulator does not interpret RouterOS' language.
  table.update(row, { 'run-count': String(Number(row.values['run-count'] ?? 0) + 1) });
  return {};
};

const reboot: Action = (_call, world) => {
  world.reboot();
  return {};
};

export const systemMenus: Menu[] = [
  {
    path: '/system/resource',
    noun: 'resource',
    singleton: true,
    commands: ['print', 'get'],
    live: (world) => {
      const sessions = world.table('/ppp/active').size;
      return {
        uptime: formatDuration((world.now() - world.bootedAt()) / 1000),
        version: world.release.title,
        'free-memory': String(Math.max(64, 800 - Math.floor(sessions / 100)) * MEBIBYTE),
        'cpu-load': String(Math.min(95, 3 + Math.floor(sessions / 300))),
      };
    },
    properties: {
      uptime: {},
      version: {},
      'build-time': { default: 'Feb/24/2025 09:31:10' },
      'factory-software': { default: '6.42.12' },
      'free-memory': {},
      'total-memory': { default: String(1024 * MEBIBYTE) },
      cpu: { default: 'ARMv7' },
      'cpu-count': { default: '4' },
      'cpu-frequency': { default: '1400' },
      'cpu-load': {},
      'free-hdd-space': { default: String(96 * MEBIBYTE) },
      'total-hdd-space': { default: String(128 * MEBIBYTE) },
      'architecture-name': { default: 'arm' },
      'board-name': { default: 'RB4011iGS+' },
      platform: { default: 'MikroTik' },
    },
  },
  {
    path: '/system/identity',
    noun: 'identity',
    singleton: true,
    persistent: true,
    commands: ['print', 'get', 'set'],
    properties: { name: { kind: name, default: 'MikroTik' } },
  },
  {
    path: '/system/routerboard',
    noun: 'routerboard',
    singleton: true,
    commands: ['print', 'get'],
    live: (world) => ({ 'current-firmware': world.release.text, 'upgrade-firmware': world.release.text }),
    properties: {
      routerboard: { default: 'true' },
      model: { default: 'RB4011iGS+' },
      'serial-number': { default: 'HE0SANDBOX01' },
      'firmware-type': { default: 'al2' },
      'factory-firmware': { default: '6.42.12' },
      'current-firmware': {},
      'upgrade-firmware': {},
    },
  },
  {
    path: '/system/health',
    noun: 'health',
    key: 'name',
    commands: ['print', 'get', 'find'],
    properties: { name: {}, value: {}, type: {} },
  },
  {
    path: '/system/clock',
    noun: 'clock',
    singleton: true,
    commands: ['print', 'get'],
    live: (world) => {
      const iso = new Date(world.now()).toISOString();
      return { time: iso.slice(11, 19), date: iso.slice(0, 10) };
    },
    properties: { time: {}, date: {}, 'time-zone-name': { default: 'UTC' }, 'gmt-offset': { default: '+00:00' } },
  },
  {
    path: '/system/script',
    noun: 'script',
    key: 'name',
    duplicate: 'item with this name already exists',
    persistent: true,
    commands: EDITABLE,
    actions: { run: { policy: 'write', run: runScript } },
    properties: {
      name: { kind: name, required: true },
      owner: {},
      policy: { kind: text, default: 'read,write,test' },
      'dont-require-permissions': { kind: flag, default: 'false' },
      'run-count': { default: '0' },
      source: { kind: text, default: '' },
      comment: { kind: text },
      invalid: { default: 'false' },
    },
  },
  {
    path: '/user',
    noun: 'user',
    key: 'name',
    commands: READABLE,
    properties: { name: {}, group: {}, address: { default: '' }, 'last-logged-in': {}, expired: { default: 'false' }, disabled: { default: 'false' }, comment: {} },
  },
  {
    path: '/log',
    noun: 'log',
    commands: ['print', 'listen', 'get', 'find'],
    properties: { time: {}, topics: {}, message: {}, buffer: { default: 'memory' }, 'extra-info': { default: '', since: [7, 20] } },
  },
  { path: '/system', noun: 'system', commands: [], properties: {}, actions: { reboot: { policy: 'reboot', run: reboot } } },
  { path: '/tool', noun: 'tool', commands: [], properties: {}, actions: { ping: { policy: 'test', run: ping } } },
  {
    path: '',
    noun: 'root',
    commands: [],
    properties: {},
    actions: {
      ping: {
        policy: 'test',
        run: (call, world) => {
          if (!hasPingAlias(world.release)) throw noSuchDirectory('ping');
          return ping(call, world);
        },
      },
    },
  },
];
