/**
 * The hand on the routers' switches from another process: HTTP over a Unix socket, for operators and tests. Whoever may
 * open the socket (mode 0600) may use it; it answers JSON and shows passwords of secrets, as the routers' console would.
 */

import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { FaultError, type FaultSettings } from './faults.ts';
import type { RouterSimulator } from './simulator.ts';
import type { Session } from './subscribers.ts';

/** A Unix socket's path has about 100 bytes (108 on Linux, 104 elsewhere, with the final zero). */
const MAX_PATH_BYTES = 100;
const MAX_BODY_BYTES = 64 * 1024;

export interface RouterSummary {
  name: string;
  version: string;
  /** TCP port of the API, undefined before it listens. */
  port: number | undefined;
  tlsPort: number | undefined;
  sessions: number;
  connections: number;
  faults: FaultSettings;
}

export interface ControlledRouter {
  router: RouterSimulator;
  port?: number | undefined;
  tlsPort?: number | undefined;
}

class HttpError extends Error {
  readonly status: number;
  readonly field: string | undefined;
  constructor(status: number, message: string, field?: string) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

export interface SimulatorControlServer {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Refuses a path the system would cut off or reject without saying why. */
function checkPath(socketPath: string): void {
  const bytes = Buffer.byteLength(socketPath);
  if (bytes > MAX_PATH_BYTES) {
    throw new Error(`the control socket's path has ${bytes} bytes, at most ${MAX_PATH_BYTES} are possible: ${socketPath}; choose a data folder with a shorter path`);
  }
}

export function makeSimulatorControl(options: { socketPath: string; routers: Readonly<Record<string, ControlledRouter>> }): SimulatorControlServer {
  const { socketPath, routers } = options;
  checkPath(socketPath);

  const find = (name: string): ControlledRouter => {
    const found = Object.hasOwn(routers, name) ? routers[name] : undefined;
    if (!found) throw new HttpError(404, `no simulated router named ${name}; there are: ${Object.keys(routers).join(', ')}`);
    return found;
  };
  const summary = (name: string, { router, port, tlsPort }: ControlledRouter): RouterSummary => ({
    name,
    version: router.version,
    port,
    tlsPort,
    sessions: router.sessionCount(),
    connections: router.connections(),
    faults: router.faults.current(),
  });

  async function answer(method: string, path: string, body: unknown): Promise<unknown> {
    const [first, name, verb, ...rest] = path.split('/').filter(Boolean).map(decodeURIComponent);
    if (first !== 'routers') throw new HttpError(404, `no such page: ${path}`);
    if (name === undefined) {
      if (method !== 'GET') throw new HttpError(405, `${method} is not possible here`);
      return Object.entries(routers).map(([each, router]) => summary(each, router));
    }
    const controlled = find(name);
    const { router } = controlled;
    const argument = rest.join('/');
    switch (`${method} ${verb ?? ''}`) {
      case 'GET ':
        return summary(name, controlled);
      case 'POST faults':
        if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new HttpError(400, 'the body must be a JSON object of faults');
        await router.faults.set(body);
        return summary(name, controlled);
      case 'DELETE faults':
        await router.faults.clear(...((argument === '' ? [] : [argument]) as (keyof FaultSettings)[]));
        return summary(name, controlled);
      case 'POST reboot':
        await router.reboot();
        return summary(name, controlled);
      case 'GET sessions':
        return router.sessions();
      case 'POST dial': {
        const reason = router.dial(argument);
        if (reason !== undefined) throw new HttpError(409, reason);
        return { connected: true };
      }
      case 'POST hang-up':
        return { hungUp: router.hangUp(argument) };
      case 'GET rows':
        try {
          return router.rows(`/${argument}`);
        } catch (error) {
          throw new HttpError(404, error instanceof Error ? error.message : String(error));
        }
      default:
        throw new HttpError(404, `no such action: ${method} ${path}`);
    }
  }

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    try {
      send(200, await answer(message.method ?? 'GET', (message.url ?? '/').split('?')[0]!, await readJson(message)));
    } catch (error) {
      if (error instanceof HttpError) send(error.status, { error: error.message, field: error.field });
      else if (error instanceof FaultError) send(400, { error: error.message, field: error.field });
      else if (error instanceof URIError) send(400, { error: 'the path is not valid' });
      else send(500, { error: error instanceof Error ? error.message : String(error) });
    }
  }

  const server = createServer((message, response) => void serve(message, response));
  let listening = false;
  return {
    async start() {
      mkdirSync(dirname(socketPath), { recursive: true });
      if (existsSync(socketPath)) {
        if (await answers(socketPath)) throw new Error(`another process already controls the simulated routers through ${socketPath}`);
        // Left behind by a process that was killed.
        rmSync(socketPath);
      }
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(socketPath, () => {
          server.off('error', reject);
          resolve();
        });
      });
      chmodSync(socketPath, 0o600);
      listening = true;
    },
    async stop() {
      if (!listening) return;
      listening = false;
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function readJson(message: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new HttpError(413, 'the body is too large');
    chunks.push(chunk);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new HttpError(400, 'the body is not JSON');
  }
}

/** Whether somebody listens behind a socket file. */
function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

export interface SimulatorControl {
  routers(): Promise<RouterSummary[]>;
  router(name: string): Promise<RouterSummary>;
  setFaults(name: string, faults: { [Name in keyof FaultSettings]: FaultSettings[Name] | null }): Promise<RouterSummary>;
  /** All faults, or one. */
  clearFaults(name: string, fault?: keyof FaultSettings): Promise<RouterSummary>;
  reboot(name: string): Promise<RouterSummary>;
  /** Menu as `ppp/secret`. */
  rows(name: string, menu: string): Promise<Record<string, string>[]>;
  sessions(name: string): Promise<Session[]>;
  dial(name: string, secret: string): Promise<void>;
  hangUp(name: string, secret: string): Promise<boolean>;
}

/** The other end of `makeSimulatorControl`. Errors carry the server's words; none running says so. */
export function simulatorControl(socketPath: string): SimulatorControl {
  checkPath(socketPath);
  const call = <Result>(method: string, path: string, body?: unknown): Promise<Result> =>
    new Promise((resolve, reject) => {
      const outgoing = request({ socketPath, path, method, headers: { 'content-type': 'application/json' } }, (response) => {
        readAll(response).then((text) => {
          const value = JSON.parse(text) as Result & { error?: string };
          if (response.statusCode === 200) resolve(value);
          else reject(new Error(value.error ?? `the simulator answered ${response.statusCode}`));
        }, reject);
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        const away = error.code === 'ENOENT' || error.code === 'ECONNREFUSED';
        reject(away ? new Error(`no simulated routers are running (${socketPath})`) : error);
      });
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  const at = (name: string, ...rest: string[]) => ['/routers', encodeURIComponent(name), ...rest].join('/');
  return {
    routers: () => call('GET', '/routers'),
    router: (name) => call('GET', at(name)),
    setFaults: (name, faults) => call('POST', at(name, 'faults'), faults),
    clearFaults: (name, fault) => call('DELETE', at(name, 'faults', ...(fault === undefined ? [] : [fault]))),
    reboot: (name) => call('POST', at(name, 'reboot')),
    rows: (name, menu) => call('GET', at(name, 'rows', menu.replace(/^\/+/, ''))),
    sessions: (name) => call('GET', at(name, 'sessions')),
    dial: async (name, secret) => void (await call('POST', at(name, 'dial', encodeURIComponent(secret)))),
    hangUp: async (name, secret) => (await call<{ hungUp: boolean }>('POST', at(name, 'hang-up', encodeURIComponent(secret)))).hungUp,
  };
}

async function readAll(message: IncomingMessage): Promise<string> {
  let text = '';
  message.setEncoding('utf8');
  for await (const chunk of message as AsyncIterable<string>) text += chunk;
  return text;
}
