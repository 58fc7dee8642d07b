/* A crowd of WebSocket clients that count what they are sent. */
import { WebSocket } from 'ws';
import { machineTime, serveHelper } from '../helper.ts';
import { inParallel, percentile } from '../measure.ts';

interface Crowd {
  url: string;
  count: number;
  /** With it each socket speaks graphql-transport-ws and subscribes; without, it only listens. */
  subscription?: { query: string; variables: Record<string, unknown>; headers: Record<string, string> };
}

const sockets: WebSocket[] = [];
let messages = 0;
let bytes = 0;
let lastAt = 0;
let sample = '';
/** When each socket heard of which name. */
let heard: Array<{ name: string; at: number }> | undefined;

function open({ url, subscription }: Crowd): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, subscription ? 'graphql-transport-ws' : undefined, { perMessageDeflate: false });
    sockets.push(socket);
    let settled = !subscription;
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
    socket.on('open', () => {
      if (subscription) socket.send(JSON.stringify({ type: 'connection_init', payload: subscription.headers }));
      else resolve();
    });
    socket.on('message', (data: Buffer) => {
      if (settled) {
        messages += 1;
        bytes += data.length;
        lastAt = machineTime();
        if (sample === '') sample = data.toString('utf8');
        if (heard) {
          const name = /"action":"UP".*"name":"([^"]+)"/.exec(data.toString('utf8'))?.[1];
          if (name) heard.push({ name, at: lastAt });
        }
        return;
      }
      const message = JSON.parse(data.toString('utf8')) as { type: string; payload?: { data?: { pppSessions: { remaining: number | null } }; errors?: unknown } };
      if (message.type === 'connection_ack') socket.send(JSON.stringify({ id: '00000000-0000-4000-8000-000000000000', type: 'subscribe', payload: { query: subscription!.query, variables: subscription!.variables } }));
      else if (message.type === 'next' && message.payload?.data) {
        if (message.payload.data.pppSessions.remaining !== 0) return;
        settled = true;
        resolve();
      } else if (message.type !== 'ping') reject(new Error(data.toString('utf8')));
    });
  });
}

serveHelper(
  {
    /** Resolves when every socket is open and, with a subscription, has its snapshot. */
    connect: (crowd: Crowd) => inParallel(Array.from({ length: crowd.count }), 100, () => open(crowd)),
    /** Counts from here on. */
    reset: () => {
      messages = 0;
      bytes = 0;
      sample = '';
    },
    /** Waits until every socket has had so many messages; answers when the last came (machine time). */
    heardAll: async (each: number) => {
      for (const end = machineTime() + 120_000; messages < each * sockets.length; ) {
        if (machineTime() > end) throw new Error(`${messages} of ${each * sockets.length} messages came`);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      return { messages, bytes, lastAt, sample };
    },
    watch: () => void (heard = []),
    /** Milliseconds from each session's up to each socket's message. */
    latencies: (ups: Array<{ name: string; at: number }>) => {
      const at = new Map(ups.map((up) => [up.name, up.at]));
      const waits = heard!.filter(({ name }) => at.has(name)).map((one) => one.at - at.get(one.name)!);
      heard = undefined;
      return { n: waits.length, p50: percentile(waits, 0.5), p99: percentile(waits, 0.99) };
    },
  },
  () => {
    for (const socket of sockets) {
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.terminate();
    }
  },
);
