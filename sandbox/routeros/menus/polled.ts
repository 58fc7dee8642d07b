/** Menus that clients look into although the simulator has little to show there: they print, most of them nothing. */

import { duration, flag, integer, listOf, mac, name, oneOf, prefix, reference, text } from '../values.ts';
import { READABLE, SWITCHABLE, type Menu, type Property } from './menu.ts';

const comment: Property = { kind: text };
const disabled: Property = { kind: flag, default: 'false' };
const state: Property = {};
const off: Property = { default: 'false' };

/** Rows that can be made, changed and removed, and do nothing. */
const kept = (path: string, noun: string, properties: Record<string, Property>, more: Partial<Menu> = {}): Menu => ({
  path, noun, persistent: true, commands: SWITCHABLE, properties: { ...properties, disabled, comment }, ...more,
});
/** Rows of the router's own. */
const shown = (path: string, noun: string, properties: readonly string[], more: Partial<Menu> = {}): Menu => ({
  path, noun, commands: READABLE, properties: Object.fromEntries(properties.map((property) => [property, state])), ...more,
});
/** One row of settings. */
const settings = (path: string, noun: string, properties: Record<string, Property>, more: Partial<Menu> = {}): Menu => ({
  path, noun, singleton: true, persistent: true, commands: ['print', 'get', 'set'], properties, ...more,
});
/** A firewall chain's rules: matched by nobody. */
const rules = (path: string, actions: readonly string[]): Menu =>
  kept(
    path,
    'rule',
    {
      chain: { kind: name, required: true },
      action: { kind: oneOf(...actions), default: 'accept' },
      'src-address': { kind: text },
      'dst-address': { kind: text },
      'src-address-list': { kind: text },
      'dst-address-list': { kind: text },
      protocol: { kind: text },
      'dst-port': { kind: text },
      'in-interface': { kind: reference('/interface'), refersTo: '/interface' },
      'out-interface': { kind: reference('/interface'), refersTo: '/interface' },
      'connection-state': { kind: text },
      'to-addresses': { kind: text },
      'to-ports': { kind: text },
      'new-packet-mark': { kind: text },
      'address-list': { kind: text },
      log: { kind: flag, default: 'false' },
      bytes: { default: '0' },
      packets: { default: '0' },
      invalid: off,
      dynamic: off,
    },
    { commands: [...SWITCHABLE, 'move'] },
  );

export const polledMenus: Menu[] = [
  settings('/ip/dns', 'dns', {
    servers: { kind: text, default: '' },
    'dynamic-servers': { default: '' },
    'allow-remote-requests': { kind: flag, default: 'false' },
    'max-udp-packet-size': { kind: integer(50, 65507), default: '4096' },
    'cache-size': { kind: integer(64, 4194304), default: '2048' },
    'cache-max-ttl': { kind: duration(), default: '1w' },
    'cache-used': { default: '25' },
  }),
  kept(
    '/ip/dns/static',
    'entry',
    {
      name: { kind: text },
      regexp: { kind: text },
      type: { kind: oneOf('A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT', 'SRV', 'FWD', 'NXDOMAIN'), default: 'A', since: [6, 47] },
      address: { kind: text },
      cname: { kind: text, since: [6, 47] },
      text: { kind: text, since: [6, 47] },
      ttl: { kind: duration(), default: '1d' },
      dynamic: off,
    },
    {
      duplicate: 'entry already exists',
      commands: [...SWITCHABLE, 'move'],
      same: ({ name: host, regexp, type = 'A', address, cname, text: words }) => JSON.stringify([host, regexp, type, address, cname, words]),
    },
  ),
  kept('/ip/arp', 'arp', { address: { kind: text, required: true }, 'mac-address': { kind: mac }, interface: { kind: reference('/interface'), required: true, refersTo: '/interface' }, published: { kind: flag, default: 'false' }, invalid: off, dynamic: off, complete: { default: 'true' } }),
  kept('/ip/route', 'route', {
    'dst-address': { kind: prefix, default: '0.0.0.0/0' },
    gateway: { kind: text },
    distance: { kind: integer(1, 255), default: '1' },
    'routing-table': { kind: text, default: 'main', since: [7, 0] },
    active: { default: 'true' },
    static: { default: 'true' },
    dynamic: off,
  }),
  kept('/ip/dhcp-client', 'client', { interface: { kind: reference('/interface'), required: true, refersTo: '/interface' }, 'add-default-route': { kind: oneOf('yes', 'no', 'special-classless'), default: 'yes' }, status: { default: 'searching...' }, dynamic: off }),
  kept(
    '/ip/dhcp-server',
    'server',
    {
      name: { kind: name },
      interface: { kind: reference('/interface'), required: true, refersTo: '/interface' },
      'address-pool': { kind: reference('/ip/pool', 'static-only'), default: 'static-only', refersTo: '/ip/pool' },
      'lease-time': { kind: duration(), default: '30m' },
      invalid: off,
      dynamic: off,
    },
    { key: 'name', duplicate: 'server with such name already exists', autoName: 'dhcp' },
  ),
  kept('/ip/dhcp-server/network', 'network', { address: { kind: prefix, required: true }, gateway: { kind: text, default: '' }, 'dns-server': { kind: text, default: '' } }, { duplicate: 'such network already exists', same: ({ address }) => address ?? '' }),
  kept(
    '/ip/dhcp-server/lease',
    'lease',
    {
      address: { kind: text, required: true },
      'mac-address': { kind: mac },
      'client-id': { kind: text },
      server: { kind: reference('/ip/dhcp-server', 'all'), refersTo: '/ip/dhcp-server' },
      'dhcp-option': { default: '' },
      status: { default: 'waiting' },
      'last-seen': { default: 'never' },
      radius: off,
      dynamic: off,
      blocked: off,
    },
    { duplicate: 'already have static lease with this IP address', same: ({ address }) => address ?? '' },
  ),
  shown('/ip/neighbor', 'neighbor', ['interface', 'address', 'mac-address', 'identity', 'platform', 'version']),
  rules('/ip/firewall/filter', ['accept', 'drop', 'reject', 'jump', 'return', 'log', 'passthrough', 'fasttrack-connection', 'add-src-to-address-list', 'add-dst-to-address-list', 'tarpit']),
  rules('/ip/firewall/nat', ['accept', 'masquerade', 'src-nat', 'dst-nat', 'redirect', 'netmap', 'jump', 'return', 'log', 'passthrough']),
  rules('/ip/firewall/mangle', ['accept', 'mark-packet', 'mark-connection', 'mark-routing', 'change-mss', 'jump', 'return', 'log', 'passthrough']),
  shown('/ip/firewall/connection', 'connection', ['protocol', 'src-address', 'dst-address', 'timeout', 'tcp-state']),
  shown('/ip/hotspot/active', 'active', ['server', 'user', 'address', 'mac-address', 'uptime']),
  shown('/ip/hotspot/host', 'host', ['mac-address', 'address', 'to-address', 'server']),
  kept('/ip/hotspot/user', 'user', { server: { kind: text, default: 'all' }, name: { kind: name, required: true }, password: { kind: text, default: '', sensitive: true }, profile: { kind: text, default: 'default' }, dynamic: off }, { key: 'name', duplicate: 'already have user with this name for this server' }),
  shown('/interface/ethernet', 'ethernet', ['name', 'default-name', 'mtu', 'l2mtu', 'mac-address', 'running', 'disabled']),
  kept('/interface/bridge', 'bridge', { name: { kind: name }, mtu: { kind: text, default: 'auto' }, running: { default: 'true' }, dynamic: off }, { key: 'name', duplicate: 'already have interface with such name', autoName: 'bridge' }),
  kept('/interface/bridge/port', 'port', { interface: { kind: reference('/interface'), required: true, refersTo: '/interface' }, bridge: { kind: reference('/interface/bridge'), required: true, refersTo: '/interface/bridge' }, dynamic: off }),
  kept('/interface/vlan', 'vlan', { name: { kind: name }, 'vlan-id': { kind: integer(1, 4095), default: '1' }, interface: { kind: reference('/interface'), required: true, refersTo: '/interface' }, running: { default: 'true' } }, { key: 'name', duplicate: 'already have interface with such name', autoName: 'vlan' }),
  shown('/interface/pppoe-client', 'client', ['name', 'interface', 'user', 'running', 'disabled']),
  shown('/interface/wireless', 'wireless', ['name', 'ssid', 'running', 'disabled'], { until: [7, 13] }),
  shown('/interface/wireless/registration-table', 'client', ['interface', 'mac-address', 'signal-strength', 'uptime'], { until: [7, 13] }),
  kept('/interface/list', 'list', { name: { kind: name, required: true }, builtin: off, dynamic: off }, { key: 'name', duplicate: 'already have such name' }),
  kept('/interface/list/member', 'member', { interface: { kind: reference('/interface'), required: true, refersTo: '/interface' }, list: { kind: reference('/interface/list'), required: true, refersTo: '/interface/list' }, dynamic: off }),
  shown('/queue/tree', 'queue', ['name', 'parent', 'packet-mark', 'max-limit', 'bytes', 'disabled']),
  shown('/queue/type', 'type', ['name', 'kind', 'default']),
  shown('/certificate', 'certificate', ['name', 'common-name', 'fingerprint', 'invalid-after', 'expired']),
  shown('/file', 'file', ['name', 'type', 'size', 'creation-time', 'contents']),
  kept('/radius', 'server', { service: { kind: listOf('ppp', 'login', 'hotspot', 'wireless', 'dhcp', 'ipsec', 'dot1x'), required: true }, address: { kind: text, required: true }, secret: { kind: text, default: '', sensitive: true }, timeout: { kind: duration(), default: '300ms' } }),
  kept('/tool/netwatch', 'host', { host: { kind: text, required: true }, interval: { kind: duration(), default: '10s' }, status: { default: 'unknown' } }),
  settings('/snmp', 'snmp', { enabled: { kind: flag, default: 'false' }, contact: { kind: text, default: '' }, location: { kind: text, default: '' } }),
  settings('/system/note', 'note', { note: { kind: text, default: '' }, 'show-at-login': { kind: flag, default: 'true' } }),
  settings('/system/ntp/client', 'client', { enabled: { kind: flag, default: 'false' }, servers: { kind: text, default: '', since: [7, 0] }, 'primary-ntp': { kind: text, default: '0.0.0.0', until: [7, 0] }, 'secondary-ntp': { kind: text, default: '0.0.0.0', until: [7, 0] } }),
  shown('/system/history', 'action', ['action', 'by', 'time', 'policy']),
  shown('/ipv6/address', 'address', ['address', 'interface', 'dynamic', 'disabled']),
];
