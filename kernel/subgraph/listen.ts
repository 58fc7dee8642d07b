import type { FastifyInstance } from 'fastify';

/** Listens, and says in one line why it cannot. Answers the base URL, e.g. `http://127.0.0.1:8000`. */
export async function listenOn(app: FastifyInstance, port: number, host: string): Promise<string> {
  try {
    await app.listen({ port, host });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new Error(`Port ${port} on ${host} is taken: another Headend, or another program, listens there. Stop it, or choose another port.`, { cause: error });
    if (code === 'EACCES') throw new Error(`Port ${port} on ${host} may not be used without more rights: choose a port above 1023.`, { cause: error });
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw new Error(`This machine has no address ${host} to listen on.`, { cause: error });
    throw error;
  }
  const address = app.server.address();
  const actualPort = typeof address === 'object' && address ? address.port : port;
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${shown}:${actualPort}`;
}
