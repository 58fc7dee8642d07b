import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { uuidv7 } from '#kernel/ids.ts';

/** A request id of the client's is kept when it is safe to log. */
const REQUEST_ID = /^[\w.:-]{1,100}$/;

/** For fastify's `genReqId`: the client's `x-request-id`, or a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : uuidv7();
}

/**
 * Every answer carries its request id, also that to a path where there is nothing: 404, `{ error: { code, message, requestId } }`.
 * Not in the format of GraphQL's errors: whoever has a wrong URL for a subgraph would take it for the subgraph's own answer.
 */
export function addRequestIds(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0]!;
    return reply.code(404).send({ error: { code: 'NOT_FOUND', message: `There is nothing at ${request.method} ${path}.`, requestId: request.id } });
  });
}
