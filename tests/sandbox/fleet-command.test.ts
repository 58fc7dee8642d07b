/** `headend sandbox routers` as an operator runs it: it prints the ports, answers on them, and goes with Ctrl-C. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { argsOf } from '../support/child-programs.ts';
import { openClient } from '#sandbox/routeros/test-client.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

function headend(data: string, ...args: string[]) {
  const child = spawn(process.execPath, [...argsOf('headend'), 'sandbox', ...args], { cwd: root, env: { ...process.env, HEADEND_DATA: data }, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      for (const watcher of watchers) watcher();
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  /** Resolves with the whole output once it holds `what`; rejects when the command ends before. */
  const said = (what: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        if (!what.test(out)) return;
        watchers.delete(look);
        resolve(out);
      };
      watchers.add(look);
      void ended.then(() => reject(new Error(`ended before it said ${what}: ${out}`)));
      look();
    });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, said, ended, output: () => out };
}

it('starts a fleet, lets its routers be switched, and stops', async () => {
  const data = mkdtempSync(join(tmpdir(), 'fleet-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const fleet = headend(data, 'routers', '--count', '2', '--subscribers', '6', '--base-port', '0', '--release', '7.18,6.42.12');
  const printed = await fleet.said(/6 of 6 homes online/);
  const ports = [...printed.matchAll(/^edge-\d\d\t127\.0\.0\.1:(\d+)\t/gm)].map(([, port]) => Number(port));
  expect(ports).toHaveLength(2);
  const client = await openClient(ports[0]!);
  expect((await client.talk('/login', '=name=admin', '=password=')).traps).toEqual([]);
  expect((await client.talk('/ppp/active/print', '=count-only=')).ret).toBe('3');
  const off = headend(data, 'router', 'off', '--name', 'edge-01');
  expect(await off.ended).toBe(0);
  await client.closed;
  const unknown = headend(data, 'router', 'off', '--name', 'edge-9');
  expect(await unknown.ended).toBe(1);
  expect(unknown.output()).toContain('no simulated router named edge-9; there are: edge-01, edge-02');
  fleet.child.kill('SIGINT');
  expect(await fleet.ended).toBe(0);
  expect(fleet.output()).toContain('The routers are off.');
}, 60_000);
