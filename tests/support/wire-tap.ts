import { connect, createServer, type Socket } from 'node:net';

/** One connection through the tap. */
export interface Tapped {
  readonly open: boolean;
  /** Bytes that the client has sent so far. */
  readonly sent: number;
}

/** Stands between clients and a port of this machine, and counts. */
export interface WireTap {
  port: number;
  /** In the order in which they came. */
  connections: readonly Tapped[];
  /** Connections that are open now. */
  open(): number;
  /** The most that were ever open at once. */
  readonly most: number;
  close(): Promise<void>;
}

export async function tap(target: number): Promise<WireTap> {
  const connections: Array<{ open: boolean; sent: number }> = [];
  const sockets = new Set<Socket>();
  let most = 0;
  const open = () => connections.filter((one) => one.open).length;
  const server = createServer((client) => {
    const entry = { open: true, sent: 0 };
    connections.push(entry);
    most = Math.max(most, open());
    const router = connect(target, '127.0.0.1');
    for (const [from, to] of [[client, router], [router, client]] as const) {
      sockets.add(from);
      from.on('data', (data: Buffer) => {
        if (from === client) entry.sent += data.length;
        to.write(data);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        entry.open = false;
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    connections,
    open,
    get most() {
      return most;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
