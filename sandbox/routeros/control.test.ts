import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeSimulatorControl, simulatorControl } from './control.ts';
import { logIn, openClient } from './test-client.ts';
import { secret, startRouter } from './test-router.ts';

async function startControl() {
  const started = await startRouter({ dialDelayMs: [60_000, 60_000] });
  const folder = mkdtempSync(join(tmpdir(), 'control-'));
  const socketPath = join(folder, 'router.sock');
  const server = makeSimulatorControl({ socketPath, routers: { edge: { router: started.router, port: started.port } } });
  await server.start();
  onTestFinished(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  return { ...started, socketPath, control: simulatorControl(socketPath) };
}

describe('the control socket', () => {
  it('lists routers, shows rows and sessions, dials and hangs up', async () => {
    const { control, client, port, socketPath } = await startControl();
    await client.talk(...secret('ann b/c'));
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
    expect(await control.routers()).toMatchObject([{ name: 'edge', version: '7.18', port, sessions: 0, connections: 1, faults: {} }]);
    expect(await control.rows('edge', '/ppp/secret')).toMatchObject([{ name: 'ann b/c' }]);
    await control.dial('edge', 'ann b/c');
    expect(await control.sessions('edge')).toMatchObject([{ name: 'ann b/c' }]);
    expect(await control.hangUp('edge', 'ann b/c')).toBe(true);
    await expect(control.dial('edge', 'nobody')).rejects.toThrow('no such secret');
  });

  it('switches faults on and off and reboots', async () => {
    const { control, client, port } = await startControl();
    expect((await control.setFaults('edge', { unreachable: true, latencyMs: 5 })).faults).toEqual({ unreachable: true, latencyMs: 5 });
    await client.closed;
    await expect(openClient(port)).rejects.toThrow(/ECONNREFUSED/);
    expect((await control.clearFaults('edge', 'unreachable')).faults).toEqual({ latencyMs: 5 });
    expect((await control.setFaults('edge', { latencyMs: null })).faults).toEqual({});
    const again = await logIn(port);
    await control.reboot('edge');
    await again.closed;
    await control.setFaults('edge', { cuts: [{ command: '/ppp/secret/add', when: 'after' }] });
    expect((await control.clearFaults('edge')).faults).toEqual({});
  });

  it('answers mistakes in plain words', async () => {
    const { control, socketPath } = await startControl();
    await expect(control.setFaults('edge', { latencyMs: 'slow' as never })).rejects.toThrow('latencyMs: must be a whole number');
    await expect(control.router('nowhere')).rejects.toThrow('no simulated router named nowhere; there are: edge');
    await expect(control.rows('edge', 'ppp/nothing')).rejects.toThrow('no menu /ppp/nothing');
    await expect(makeSimulatorControl({ socketPath, routers: {} }).start()).rejects.toThrow('another process already controls');
    await expect(simulatorControl(`${socketPath}.none`).routers()).rejects.toThrow('no simulated routers are running');
    expect(() => makeSimulatorControl({ socketPath: `/tmp/${'x'.repeat(100)}`, routers: {} })).toThrow('at most 100 are possible');
  });

  it('takes the place of a socket that a killed process left behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'control-'));
    const socketPath = join(folder, 'router.sock');
    writeFileSync(socketPath, '');
    const server = makeSimulatorControl({ socketPath, routers: {} });
    await server.start();
    expect(await simulatorControl(socketPath).routers()).toEqual([]);
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
});
