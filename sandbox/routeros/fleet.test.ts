import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { simulatorControl } from './control.ts';
import { makeFleet, type FleetOptions } from './fleet.ts';
import { eventually, logIn, openClient } from './test-client.ts';

async function startFleet(options: Partial<FleetOptions> = {}) {
  const fleet = makeFleet({ count: 3, subscribers: 100, basePort: 0, releases: ['7.18', '6.49.10'], user: { name: 'ops', password: 'pw' }, dialDelayMs: [5, 30], ...options });
  const routers = await fleet.start();
  onTestFinished(() => fleet.stop());
  return { fleet, routers };
}

describe('a fleet', () => {
  it('deals subscribers and releases out, and all homes come online with addresses of their own router', async () => {
    const { fleet, routers } = await startFleet();
    expect(routers.map(({ name, version, subscribers }) => [name, version, subscribers])).toEqual([['edge-01', '7.18', 34], ['edge-02', '6.49.10', 33], ['edge-03', '7.18', 33]]);
    await eventually(() => fleet.online() === 100, 'everybody online');
    const client = await logIn(routers[1]!.port, { name: 'ops', password: 'pw' });
    const { rows } = await client.talk('/ppp/active/print', '=.proplist=name,address');
    expect(rows).toHaveLength(33);
    expect(rows.every((row) => row.address!.startsWith('10.2.') && row.name!.startsWith('edge-02-h'))).toBe(true);
    expect((await client.talk('/system/identity/print')).rows).toEqual([{ name: 'edge-02' }]);
    client.close();
  });

  it('listens on the ports that follow, or on none when one is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as { port: number };
    const fleet = makeFleet({ count: 2, subscribers: 0, basePort: port - 1, releases: ['7.18'], user: { name: 'ops', password: '' } });
    await expect(fleet.start()).rejects.toThrow(/EADDRINUSE/);
    await expect(openClient(port - 1)).rejects.toThrow(/ECONNREFUSED/);
    taken.close();
  });

  it('has switches for each router', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fleet-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { routers } = await startFleet({ socketPath: join(folder, 'fleet.sock'), subscribers: 0 });
    const control = simulatorControl(join(folder, 'fleet.sock'));
    await control.setFaults('edge-02', { unreachable: true });
    await expect(openClient(routers[1]!.port)).rejects.toThrow(/ECONNREFUSED/);
    const other = await openClient(routers[2]!.port);
    other.close();
    expect((await control.routers()).map(({ name }) => name)).toEqual(['edge-01', 'edge-02', 'edge-03']);
  });

  it('names what cannot be', () => {
    const options = { count: 1, subscribers: 1, basePort: 0, releases: ['7.18'], user: { name: 'ops', password: '' } };
    expect(() => makeFleet({ ...options, count: 0 })).toThrow('count: must be 1 to 250 routers');
    expect(() => makeFleet({ ...options, subscribers: 65_001 })).toThrow('subscribers: must be 0 to 65000 for each router');
    expect(() => makeFleet({ ...options, basePort: 65_535, count: 2 })).toThrow('base port');
    expect(() => makeFleet({ ...options, releases: ['seven'] })).toThrow('version: "seven" is not a RouterOS version');
  });
});
