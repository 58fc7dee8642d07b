/* The product as a process of its own: everything in one behind one port, or its subgraphs apart. */
import { createServer } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import { makeSubgraphServer } from '#kernel/subgraph/serve.ts';
import { serveHelper } from '../helper.ts';
import { furnish, liveSessions, onboard, openWorld, registerRouter, until, type World } from '../world.ts';

let world: World | undefined;
let furniture: { planId: string; routerId: string } | undefined;
const stops: Array<() => Promise<void> | void> = [];
const bareSockets = new Set<WebSocket>();

serveHelper(
  {
    /** Opens the product on a database; answers the address of its front door. */
    open: async ({ databaseUrl }: { databaseUrl: string }) => {
      world = await openWorld(databaseUrl);
      return world.gateway.listen(0, '127.0.0.1');
    },
    furnish: async (router: { port: number; username: string; password: string }) => (furniture = await furnish(world!, router)),
    /** Another router; answers its id. */
    register: ({ name, router }: { name: string; router: { port: number; username: string; password: string } }) => registerRouter(world!, name, router),
    onboard: (username: string) => onboard(world!, furniture!, username),
    /** Waits until so many sessions of the router are live. */
    live: async ({ routerId, sessions }: { routerId: string; sessions: number }) => {
      await until(`${sessions} live sessions`, 60_000, async () => (await liveSessions(world!, routerId)) >= sessions);
    },
    /** Every subgraph behind an HTTP server of its own; answers the addresses by name. */
    subgraphs: async () => {
      const { platform, subgraphs } = world!;
      const addresses: Record<string, string> = {};
      for (const subgraph of subgraphs) {
        const server = await makeSubgraphServer({ subgraph, tokens: platform.tokens, log: platform.log, metrics: platform.metrics });
        addresses[subgraph.name] = `${await server.listen(0, '127.0.0.1')}/graphql`;
        stops.push(() => server.stop());
      }
      return addresses;
    },
    memory: async () => {
      for (let round = 0; round < 3; round += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        (globalThis as { gc?: () => void }).gc?.();
      }
      const { rss, heapUsed } = process.memoryUsage();
      return { rss, heapUsed };
    },
    cpu: () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    },
    /** The limit of every stream: a bare ws server that hands the same bytes to every socket. */
    bareSocketServer: async () => {
      const http = createServer();
      const server = new WebSocketServer({ server: http });
      server.on('connection', (socket) => {
        bareSockets.add(socket);
        socket.on('close', () => bareSockets.delete(socket));
      });
      stops.push(() => {
        for (const socket of bareSockets) socket.terminate();
        http.close();
      });
      await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
      return `ws://127.0.0.1:${(http.address() as { port: number }).port}`;
    },
    broadcast: ({ text, times }: { text: string; times: number }) => {
      for (let time = 0; time < times; time += 1) for (const socket of bareSockets) socket.send(text);
    },
    /** The limit of every POST: a bare server that reads a JSON body and answers one. */
    bareHttpServer: async (answer: string) => {
      const http = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          if (chunks.length > 0) JSON.parse(Buffer.concat(chunks).toString('utf8'));
          response.setHeader('content-type', 'application/json');
          response.end(answer);
        });
      });
      stops.push(() => void http.close());
      await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(http.address() as { port: number }).port}`;
    },
  },
  async () => {
    for (const stop of stops.toReversed()) await stop();
    await world?.stop();
  },
);
