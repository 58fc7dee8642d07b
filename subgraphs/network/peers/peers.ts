import { createServer, type Server } from 'node:http';
import { networkInterfaces } from 'node:os';
import { WebSocketServer } from 'ws';
import { makePrincipal } from '#kernel/access/principal.ts';
import type { Tokens } from '#kernel/access/tokens.ts';
import type { Logger } from '#kernel/logs.ts';
import type { RouterLink } from '../router/router-link.ts';
import { makePeerClient, type PeerClient } from './peer-client.ts';
import { PEER_AUDIENCE } from './peer-protocol.ts';
import { makePeerServer } from './peer-server.ts';
import { makeRemoteLink, type RemoteLink } from './remote-link.ts';

/**
 * The other processes of the network. Each process calls every other one: over that way it follows the routers of the other, gives them
 * commands, and tells what all should hear.
 */
export interface Peers {
  /** Listens for the others, on a port of its own. */
  start(): Promise<void>;
  /** Where they reach this process, once it has started. */
  readonly url: string;
  /** Who lives, by the database. */
  known(peers: ReadonlyArray<{ id: string; url: string }>): void;
  /** A router of this process, for the others. */
  offer(link: RouterLink, token: number): void;
  withdraw(routerId: string): void;
  /** Told to every other process that can be reached; what they missed is not told again. */
  tell(topic: string, payload: unknown): void;
  stop(): Promise<void>;
}

export interface PeersOptions {
  tokens: Pick<Tokens, 'signInternal' | 'verifyInternal'>;
  /** The address that the process listens on. */
  host: string;
  log: Logger;
  onOffer: (link: RemoteLink) => void;
  /** A process that offered routers is out of reach: it may have died. */
  onGone: () => void;
  onTold: (topic: string, payload: unknown) => void;
}

const SELF = makePrincipal({ kind: 'service', id: 'network', permissions: ['internal:network'] });
/** A callback's texts times a thousand, or the sessions of a large router. */
const MAX_FRAME_BYTES = 256 * 1024 * 1024;

export function makePeers({ tokens, host, log, onOffer, onGone, onTold }: PeersOptions): Peers {
  const clients = new Map<string, { url: string; client: PeerClient; links: Map<string, RemoteLink> }>();
  const server = makePeerServer({ log, onTold });
  let http: Server | undefined;
  let sockets: WebSocketServer | undefined;
  let url = '';

  const call = (peer: { id: string; url: string }): void => {
    const links = new Map<string, RemoteLink>();
    const orphan = (routerId: string) => {
      links.get(routerId)?.orphan();
      links.delete(routerId);
    };
    const client: PeerClient = makePeerClient({
      url: peer.url,
      token: () => tokens.signInternal(SELF, PEER_AUDIENCE),
      log,
      onFrame(frame) {
        const { routerId } = frame;
        switch (frame.kind) {
          case 'offer': {
            const link = makeRemoteLink({ client, spec: frame.spec, token: frame.token, status: frame.status, login: frame.login, live: frame.live, log });
            links.get(routerId)?.close();
            links.set(routerId, link);
            return onOffer(link);
          }
          case 'status':
            return links.get(routerId)?.onStatus(frame.status, frame.login);
          case 'change':
            return links.get(routerId)?.onChange(frame.change);
          case 'withdraw':
            orphan(routerId);
            return onGone();
        }
      },
      onLost() {
        for (const routerId of links.keys()) orphan(routerId);
        onGone();
      },
    });
    clients.set(peer.id, { url: peer.url, client, links });
  };

  const drop = (id: string): void => {
    const known = clients.get(id);
    clients.delete(id);
    known?.client.stop();
  };

  return {
    async start() {
      http = createServer((_request, response) => response.writeHead(426).end());
      sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false });
      const { accept } = server;
      http.on('upgrade', (request, socket, head) => {
        const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
        tokens.verifyInternal(token, PEER_AUDIENCE).then(
          () => sockets?.handleUpgrade(request, socket, head, accept),
          () => socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n'),
        );
        socket.on('error', () => socket.destroy());
      });
      await new Promise<void>((resolve, reject) => {
        http!.once('error', reject);
        http!.listen(0, host, resolve);
      });
      const { port } = http.address() as { port: number };
      const shown = reachable(host);
      url = `ws://${shown.includes(':') ? `[${shown}]` : shown}:${port}`;
    },
    get url() {
      return url;
    },
    known(peers) {
      for (const [id, { url: before }] of clients) if (!peers.some((peer) => peer.id === id && peer.url === before)) drop(id);
      for (const peer of peers) if (!clients.has(peer.id)) call(peer);
    },
    offer: (link, token) => server.offer(link, token),
    withdraw: (routerId) => server.withdraw(routerId),
    tell(topic, payload) {
      for (const { client } of clients.values()) client.tell(topic, payload);
    },
    async stop() {
      for (const id of clients.keys()) drop(id);
      server.stop();
      sockets?.close();
      const closing = http;
      http = undefined;
      if (!closing) return;
      closing.closeAllConnections();
      await new Promise((resolve) => closing.close(resolve));
    },
  };
}

/** Where others reach a process that listens on this address. */
function reachable(host: string): string {
  if (host !== '0.0.0.0' && host !== '::') return host;
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((one) => one && !one.internal && one.family === 'IPv4');
  return outside?.address ?? '127.0.0.1';
}
