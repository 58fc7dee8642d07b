import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeRouterSimulator } from './simulator.ts';
import { logIn } from './test-client.ts';
import { secret, SEED, startRouter } from './test-router.ts';

function stateFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'router-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'deep', 'router.jsonl');
}

const options = (file: string) => ({
  port: 0, version: '7.18', identity: 'kept', users: [{ name: 'admin', password: '' }], stateFile: file, seed: SEED, dialDelayMs: [60_000, 60_000] as const,
});

describe('the journal', () => {
  it('restores configuration, order and ids, and forgets sessions', async () => {
    const file = stateFile();
    const first = await startRouter(options(file));
    await first.client.talk(...secret('ann', '=comment=Łukasz'));
    await first.client.talk(...secret('bob'));
    await first.client.talk('/ppp/secret/remove', '=.id=bob');
    await first.client.talk('/system/identity/set', '=name=edge');
    await first.client.talk('/queue/simple/add', '=name=q1', '=target=10.0.0.1');
    await first.client.talk('/queue/simple/add', '=name=q2', '=target=10.0.0.2', '=place-before=q1');
    expect(first.router.dial('ann')).toBeUndefined();
    await first.router.stop();

    // The seed is not laid over what an operator changed.
    const second = await startRouter(options(file));
    const { router } = second;
    expect(router.rows('/ppp/secret')).toMatchObject([{ name: 'ann', comment: 'Łukasz', password: 'pw' }]);
    expect(router.rows('/system/identity')).toEqual([{ name: 'edge' }]);
    expect(router.rows('/queue/simple').map((row) => row.name)).toEqual(['q2', 'q1']);
    expect(router.rows('/ppp/profile').map((row) => row['.id'])).toEqual(['*0', '*FFFFFFFE', '*1']);
    expect(router.sessions()).toEqual([]);
    expect(router.dial('ann')).toBeUndefined();
    // The id of a removed row is not given again.
    const { ret } = await second.client.talk(...secret('cem'));
    expect(ret).toBe('*3');
    await router.stop();
  });

  it('drops a line that a kill cut short, and refuses a file that is something else', async () => {
    const file = stateFile();
    const first = await startRouter(options(file));
    await first.client.talk(...secret('ann'));
    await first.router.stop();
    appendFileSync(file, '{"m":"/ppp/secret","id":"*9","v":{"na');
    const second = makeRouterSimulator(options(file));
    expect(second.rows('/ppp/secret').map((row) => row.name)).toEqual(['ann']);
    await second.stop();
    writeFileSync(file, '{"something":"else"}\n');
    expect(() => makeRouterSimulator(options(file))).toThrow('is not a state file of the simulated router');
    expect(readFileSync(file, 'utf8')).toBe('{"something":"else"}\n');
  });

  it('loses nothing that was acknowledged when its process is killed', async () => {
    const file = stateFile();
    const script = `
      import { makeRouterSimulator } from ${JSON.stringify(new URL('./simulator.ts', import.meta.url).href)};
      const router = makeRouterSimulator(${JSON.stringify(options(file))});
      router.start().then(({ port }) => console.log(port));
    `;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const port = await new Promise<number>((resolve, reject) => {
      child.stdout.once('data', (text: Buffer) => resolve(Number(text.toString())));
      child.once('exit', () => reject(new Error('the router did not start')));
    });
    const client = await logIn(port);
    const acknowledged: string[] = [];
    const writing = (async () => {
      for (let index = 0; ; index += 1) {
        const { ret } = await client.talk(...secret(`home-${index}`));
        if (ret) acknowledged.push(`home-${index}`);
        if (index === 150) child.kill('SIGKILL');
      }
    })();
    await expect(writing).rejects.toThrow('the line closed before');
    expect(acknowledged.length).toBeGreaterThanOrEqual(150);
    const restored = makeRouterSimulator(options(file));
    const names = new Set(restored.rows('/ppp/secret').map((row) => row.name));
    expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
    await restored.stop();
  });
});
