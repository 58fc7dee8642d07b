import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Dialect } from './dialect.ts';
import { RestError } from './errors.ts';

/** Answers what fastify refuses before it has looked for a route: no hook and no scope is reached by then. */
export function makeFrameworkErrors(dialects: readonly Dialect[]): (error: Error, request: FastifyRequest, reply: FastifyReply) => void {
  return (_error, request, reply) => {
    const path = request.url.split('?')[0]!;
    const dialect = dialects.find(({ prefixes }) => prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`)));
    const refused = new RestError('MALFORMED_ADDRESS', 'The address is not well encoded.');
    const body = dialect?.failure(refused, 400, { requestId: request.id, at: new Date() }) ?? { error: 'Bad Request', message: refused.message, statusCode: 400 };
    void reply.code(400).header('x-request-id', request.id).type('application/json; charset=utf-8').send(JSON.stringify(body));
  };
}
