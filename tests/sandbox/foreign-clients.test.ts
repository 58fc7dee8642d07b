/**
 * Clients in other languages, each with its own reading of the protocol, against every release: what one of them finds wrong, ours
 * may have got used to. A client whose interpreter is not on the machine is skipped, by name.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeRouterSimulator, type RouterSimulator, type RouterSimulatorOptions } from '#sandbox/routeros/simulator.ts';
import { eventually } from '#sandbox/routeros/test-client.ts';

const folder = fileURLToPath(new URL('./clients/', import.meta.url));
const runs = (command: string, ...args: string[]) => spawnSync(command, args, { stdio: 'ignore', timeout: 20_000 }).status === 0;

interface Client {
  language: string;
  command: string;
  file: string;
  there: boolean;
  /** Whether it can answer the MD5 challenge of releases before 6.43. */
  challenge: boolean;
}

const CLIENTS: Client[] = [
  { language: 'Python', command: 'python3', file: 'client.py', there: runs('python3', '-c', 'import json, socket'), challenge: true },
  { language: 'Perl', command: 'perl', file: 'client.pl', there: runs('perl', '-MJSON::PP', '-MDigest::MD5', '-MIO::Socket::INET', '-e', '1'), challenge: true },
  { language: 'Tcl', command: 'tclsh', file: 'client.tcl', there: runs('tclsh', '/dev/null'), challenge: false },
];
const RELEASES = ['6.42.12', '6.49.10', '7.16', '7.18', '7.21'];

type Sentence = string[];

async function startRouter(version: string, more: Partial<RouterSimulatorOptions> = {}): Promise<{ router: RouterSimulator; port: number }> {
  const router = makeRouterSimulator({
    port: 0, version, identity: 'edge', users: [{ name: 'ops', password: 'g3heim' }], dialDelayMs: [5, 20],
    seed: { '/ip/pool': [{ name: 'pool-a', ranges: '10.64.0.2-10.64.0.20' }], '/ppp/profile': [{ name: 'plan-a', 'local-address': '10.64.0.1', 'remote-address': 'pool-a', 'rate-limit': '5M/20M' }] },
    ...more,
  });
  const { port } = await router.start();
  onTestFinished(() => router.stop());
  return { router, port };
}

/** A client at work: what it is told to say, and the sentences it heard. */
async function open(client: Client, port: number, password = 'g3heim') {
  const child = spawn(client.command, [`${folder}${client.file}`, '127.0.0.1', String(port), 'ops', password], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const heard = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Sentence> => {
    const { value, done } = await heard.next();
    if (done) throw new Error(`the ${client.language} client ended`);
    return JSON.parse(value) as Sentence;
  };
  const upTo = async (): Promise<Sentence[]> => {
    const all: Sentence[] = [];
    do all.push(await next());
    while (!/^!(done|fatal)$/.test(all.at(-1)![0]!));
    return all;
  };
  const order = (...words: string[]) => void child.stdin.write(`${JSON.stringify(words)}\n`);
  return {
    welcome: await upTo(),
    talk: (...words: string[]) => {
      order('talk', ...words);
      return upTo();
    },
    send: (...words: string[]) => order('send', ...words),
    read: () => {
      order('read');
      return next();
    },
  };
}

describe.each(CLIENTS)('a client in $language', (client) => {
  it.skipIf(!client.there).each(RELEASES.filter((version) => client.challenge || version !== '6.42.12'))('reads, writes, listens and takes leave on %s', async (version) => {
    const { router, port } = await startRouter(version, { dialDelayMs: [60_000, 60_000] });
    const { welcome, talk, send, read } = await open(client, port);
    expect(welcome).toEqual([['!done']]);
    expect(await talk('/system/identity/print')).toEqual([['!re', '=name=edge'], ['!done']]);
    const empty = await talk('/ppp/active/print');
    expect(empty).toEqual(['7.18', '7.21'].includes(version) ? [['!empty'], ['!done']] : [['!done']]);
    // 256 and 20,000 characters: length prefixes with a zero in them, and of three bytes; text beyond ASCII.
    for (const comment of ['a'.repeat(256 - '=comment='.length), 'x'.repeat(20_000), 'Łukasz "北京" \\ [a] {b} $c']) {
      const [added] = await talk('/ppp/secret/add', '=name=ann', '=password=pw', '=service=pppoe', '=profile=plan-a', '=disabled=yes', `=comment=${comment}`);
      expect(added).toEqual(['!done', expect.stringMatching(/^=ret=\*[0-9A-F]+$/)]);
      expect(await talk('/ppp/secret/print', '=.proplist=comment', '?name=ann')).toEqual([['!re', `=comment=${comment}`], ['!done']]);
      expect(await talk('/ppp/secret/remove', '=.id=ann')).toEqual([['!done']]);
    }
    send('/ppp/active/listen', '.tag=L');
    send('/ppp/secret/add', '=name=bob', '=password=pw', '=service=pppoe', '=profile=plan-a', '.tag=A');
    expect(await read()).toEqual(['!done', '.tag=A', expect.stringMatching(/^=ret=\*/)]);
    router.dial('bob');
    const up = await read();
    expect(up.slice(0, 2)).toEqual(['!re', '.tag=L']);
    expect(up).toContain('=name=bob');
    router.hangUp('bob');
    expect(await read()).toEqual(['!re', '.tag=L', up[2], '=.dead=true']);
    send('/ppp/secret/remove', '=.id=bob', '.tag=R');
    expect(await read()).toEqual(['!done', '.tag=R']);
    send('/cancel', '=tag=L', '.tag=C');
    expect([await read(), await read(), await read()]).toEqual([['!trap', '.tag=L', '=category=2', '=message=interrupted'], ['!done', '.tag=C'], ['!done', '.tag=L']]);
    expect(await talk('/nowhere/print')).toEqual([['!trap', '=category=0', '=message=no such command or directory (nowhere)'], ['!trap', '=message=no such command prefix'], ['!done']]);
    expect(await talk('/quit')).toEqual([['!fatal', 'session terminated on request']]);
    await eventually(() => router.connections() === 0, 'the session gone');
  });

  it.skipIf(!client.there)('is refused with a wrong password, and reads answers that come byte by byte', async () => {
    const { router, port } = await startRouter('7.18');
    const stranger = await open(client, port, 'wrong');
    expect(stranger.welcome).toEqual([['!trap', '=message=invalid user name or password (6)'], ['!done']]);
    await router.faults.set({ fragmentBytes: 1 });
    const { welcome, talk } = await open(client, port);
    expect(welcome).toEqual([['!done']]);
    expect((await talk('/ppp/profile/print', '=.proplist=name')).map((words) => words.at(-1))).toEqual(['=name=default', '=name=default-encryption', '=name=plan-a', '!done']);
  });
});

describe('librouteros (Debian: python3-librouteros)', () => {
  it.skipIf(!runs('python3', '-c', 'import librouteros')).each([['6.42.12', 'token'], ['6.49.10', 'plain'], ['7.16', 'plain'], ['7.18', 'plain'], ['7.21', 'plain']])('adds, queries, is refused and removes on %s', async (version, method) => {
    const { port } = await startRouter(version, { dialDelayMs: [60_000, 60_000] });
    const child = spawn('python3', [`${folder}with-librouteros.py`, '127.0.0.1', String(port), 'ops', 'g3heim', method], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    await new Promise((resolve) => child.once('close', resolve));
    expect(JSON.parse(out)).toEqual({
      identity: 'edge',
      comment: ['a'.repeat(256)],
      disabled: ['lib-3'],
      either: ['lib-1', 'lib-3'],
      both: ['lib-2'],
      in: ['lib-2', 'lib-3'],
      duplicate: 'failure: secret with the same name already exists',
      unknown: ['no such command or directory (nowhere)', 'no such command prefix'],
      missing: 'missing =.id=',
      left: [],
      nothing: [],
    });
  });
});
