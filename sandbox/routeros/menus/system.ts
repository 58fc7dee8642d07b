import { formatMoment, hasPingAlias } from '../release.ts';
import { rowOf } from '../describe.ts';
import { missing, noSuchDirectory, noSuchItem, unknownParameter } from '../traps.ts';
import { ping } from '../tools.ts';
import { duration, flag, formatDuration, name, text } from '../values.ts';
import { EDITABLE, READABLE, SWITCHABLE, type Action, type Menu } from './menu.ts';

const MEBIBYTE = 1024 * 1024;

const runScript: Action = (call, world) => {
  for (const given of call.attributes.keys()) if (!['.id', 'number', 'use-script-permissions'].includes(given)) throw unknownParameter(world.release, given);
  const table = world.table('/system/script');
  const wanted = call.attributes.get('.id') ?? call.attributes.get('number');
  if (wanted === undefined) throw missing('.id');
  const row = rowOf(table, wanted);
  if (!row) throw noSuchItem();
  // Scripts are kept and counted; the simulator does not interpret RouterOS' language.
  table.update(row, { 'run-count': String(Number(row.values['run-count'] ?? 0) + 1), 'last-started': formatMoment(world.release, world.now()) });
  return {};
};

/** `/log/info =message=…`: a line of the client's own. */
const writeLog = (topic: string): { policy: string; run: Action } => ({
  policy: 'write',
  run: (call, world) => {
    for (const given of call.attributes.keys()) if (given !== 'message') throw unknownParameter(world.release, given);
    const message = call.attributes.get('message');
    if (message === undefined) throw missing('message');
    world.log(`script,${topic}`, message);
    return {};
  },
});

/** When this release was built, as it writes dates. */
const BUILT = Date.UTC(2025, 1, 24, 9, 31, 10);
const capitalised = (moment: string) => moment[0]!.toUpperCase() + moment.slice(1);

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
        'build-time': capitalised(formatMoment(world.release, BUILT)),
        'free-memory': String(Math.max(64, 800 - Math.floor(sessions / 100)) * MEBIBYTE),
        'cpu-load': String(Math.min(95, 3 + Math.floor(sessions / 300))),
      };
    },
    properties: {
      uptime: {},
      version: {},
      'build-time': {},
      'factory-software': { default: '6.42.12' },
      'free-memory': {},
      'total-memory': { default: String(1024 * MEBIBYTE) },
      cpu: { default: 'ARMv7' },
      'cpu-count': { default: '4' },
      'cpu-frequency': { default: '1400' },
      'cpu-load': {},
      'free-hdd-space': { default: String(96 * MEBIBYTE) },
      'total-hdd-space': { default: String(128 * MEBIBYTE) },
      'write-sect-since-reboot': { default: '1024' },
      'write-sect-total': { default: '524288' },
      'bad-blocks': { default: '0' },
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
    // One row of readings before 7, a row for each after.
    singleton: (release) => !release.atLeast(7, 0),
    commands: ['print', 'get', 'find'],
    properties: {
      name: { since: [7, 0] },
      value: { since: [7, 0] },
      type: { since: [7, 0] },
      voltage: { default: '24.1', until: [7, 0] },
      temperature: { default: '38', until: [7, 0] },
    },
  },
  {
    path: '/system/clock',
    noun: 'clock',
    singleton: true,
    persistent: true,
    commands: ['print', 'get', 'set'],
    live: (world) => {
      const [date = '', time = ''] = formatMoment(world.release, world.now()).split(' ');
      return { time, date };
    },
    properties: {
      time: {},
      date: {},
      'time-zone-autodetect': { kind: flag, default: 'false' },
      'time-zone-name': { kind: text, default: 'UTC' },
      'gmt-offset': { default: '+00:00' },
      'dst-active': { default: 'false' },
    },
  },
  {
    path: '/system/script',
    noun: 'script',
    key: 'name',
    duplicate: 'item with this name already exists',
    autoName: 'script',
    persistent: true,
    commands: EDITABLE,
    actions: { run: { policy: 'write', run: runScript } },
    properties: {
      name: { kind: name, required: true },
      owner: {},
      policy: { kind: text, default: 'read,write,test' },
      'dont-require-permissions': { kind: flag, default: 'false' },
      'last-started': {},
      'run-count': { default: '0' },
      source: { kind: text, default: '' },
      comment: { kind: text },
      invalid: { default: 'false' },
    },
  },
  {
    path: '/system/scheduler',
    noun: 'scheduler',
    key: 'name',
    duplicate: 'item with this name already exists',
    autoName: 'schedule',
    persistent: true,
    commands: SWITCHABLE,
    properties: {
      name: { kind: name, required: true },
      'start-date': { kind: text },
      'start-time': { kind: text, default: '00:00:00' },
      interval: { kind: duration(), default: '0s' },
      'on-event': { kind: text, default: '' },
      owner: {},
      policy: { kind: text, default: 'read,write,test' },
      'run-count': { default: '0' },
      disabled: { kind: flag, default: 'false' },
      comment: { kind: text },
    },
  },
  {
    path: '/system/package',
    noun: 'package',
    key: 'name',
    commands: READABLE,
    properties: { name: {}, version: {}, 'build-time': {}, scheduled: { default: '' }, disabled: { default: 'false' }, available: { default: 'false', since: [7, 18] }, size: { since: [7, 18] } },
  },
  {
    path: '/system/license',
    noun: 'license',
    singleton: true,
    commands: ['print', 'get'],
    properties: { 'software-id': { default: 'HE0S-SAND' }, nlevel: { default: '5' }, features: { default: '' } },
  },
  {
    path: '/log',
    noun: 'log',
    commands: ['print', 'listen', 'get', 'find'],
    actions: { info: writeLog('info'), warning: writeLog('warning'), error: writeLog('error'), debug: writeLog('debug') },
    properties: { time: {}, topics: {}, message: {}, buffer: { default: 'memory' }, 'extra-info': { default: '', since: [7, 20] } },
  },
  { path: '/system', noun: 'system', commands: [], properties: {}, actions: { reboot: { policy: 'reboot', run: reboot } } },
  {
    path: '/safe-mode',
    noun: 'safe-mode',
    since: [7, 18],
    commands: [],
    properties: {},
    actions: Object.fromEntries(
      (['take', 'release', 'unroll'] as const).map((verb) => [
        verb,
        {
          policy: 'write',
          run: (call, world) => {
            if (call.session) world.safeMode[verb](call.session);
            return {};
          },
        } satisfies { policy: string; run: Action },
      ]),
    ),
  },
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
