/** What a router holds before anybody configured it. */

import { toBytes } from './codec.ts';
import type { RouterUser } from './login.ts';
import { addUsers } from './menus/user.ts';
import { formatMoment } from './release.ts';
import { MENUS } from './menus/index.ts';
import { isSingleton, type World } from './menus/menu.ts';
import { makeWave, interfaceCounters } from './traffic.ts';

export type SeedRows = Record<string, readonly Record<string, string>[]>;

/** Rows of a factory-new router: made through the tables, not through `add`, since some of it is read-only. */
export function factoryRows(world: World, identity: string, ports: { api: number; tls: number }): void {

  world.table('/ppp/profile').add({ name: 'default', 'change-tcp-mss': 'yes', default: 'true' }, { id: '*0' });
  world.table('/ppp/profile').add({ name: 'default-encryption', 'change-tcp-mss': 'yes', 'use-encryption': 'yes', default: 'true' }, { id: '*FFFFFFFE' });
  world.table('/system/identity').add({ name: identity });
  for (let port = 1; port <= 5; port += 1) {
    const name = `ether${port}`;
    world.table('/interface').add({
      name,
      'default-name': name,
      type: 'ether',
      mtu: '1500',
      'actual-mtu': '1500',
      l2mtu: '1592',
      'mac-address': `48:8F:5A:00:00:0${port}`,
      running: port <= 2 ? 'true' : 'false',
      disabled: 'false',
    });
  }
  const services: [string, number][] = [['telnet', 23], ['ftp', 21], ['www', 80], ['ssh', 22], ['www-ssl', 443], ['api', ports.api], ['winbox', 8291], ['api-ssl', ports.tls]];
  for (const [name, port] of services) {
    const off = name === 'www-ssl' || (name === 'api-ssl' && ports.tls === 0);
    world.table('/ip/service').add({ name, port: String(port), disabled: String(off), ...(name.endsWith('ssl') ? { certificate: 'none' } : {}) });
  }
}

/** What a router has by itself at every start, whether configured or restored. */
export function bootRows(world: World, users: readonly RouterUser[]): void {
  addUsers(world, users.map((user) => ({ ...user, name: toBytes(user.name), password: toBytes(user.password) })));
  for (const menu of MENUS) {
    const table = world.table(menu.path);
    if (isSingleton(menu, world.release) && table.size === 0) table.add({});
  }
  if (world.release.atLeast(7, 0)) {
    const health = world.table('/system/health');
    health.add({ name: 'voltage', value: '24.1', type: 'V' });
    health.add({ name: 'temperature', value: '38', type: 'C' });
  }
  const built = formatMoment(world.release, Date.UTC(2025, 1, 24, 9, 31, 10));
  const packages = world.release.atLeast(7, 0) ? ['routeros'] : ['system', 'ppp', 'dhcp', 'security', 'advanced-tools', 'routing'];
  for (const name of packages) world.table('/system/package').add({ name, version: world.release.text, 'build-time': built });
  for (const row of world.table('/interface').rows()) {
    if (row.values.type === 'ether') world.table('/interface/ethernet').add({ ...row.values }, { id: row.id });
  }
  for (const name of ['default', 'default-small', 'ethernet-default', 'pcq-upload-default', 'pcq-download-default']) {
    world.table('/queue/type').add({ name, kind: name.startsWith('pcq') ? 'pcq' : 'pfifo', default: 'true' });
  }
  const started = world.now();
  for (const row of world.table('/interface').rows()) {
    const running = row.values.running === 'true';
    const limit = running ? 400e6 : 0;
    const up = makeWave(`${row.id} rx`, limit);
    const down = makeWave(`${row.id} tx`, limit);
    row.live = () => interfaceCounters(up, down, world.now() - started);
  }
}
