import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { addRequestIds, requestIdOf } from './request-id.ts';

async function server() {
  const app = Fastify({ genReqId: requestIdOf });
  addRequestIds(app);
  app.get('/here', (request) => request.id);
  await app.register(async (scope) => scope.setNotFoundHandler((_request, reply) => reply.code(404).send({ success: false })), { prefix: '/v1' });
  return app;
}

describe('an answer over HTTP', () => {
  it("carries the client's request id when that is safe to log, and one of its own otherwise", async () => {
    const app = await server();
    const kept = await app.inject({ url: '/here', headers: { 'x-request-id': 'trace-1:2' } });
    expect([kept.body, kept.headers['x-request-id']]).toEqual(['trace-1:2', 'trace-1:2']);
    const replaced = await app.inject({ url: '/here', headers: { 'x-request-id': '"}\u00e4{"' } });
    expect(replaced.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('to a path where there is nothing says so with the id, without what stood behind the question mark', async () => {
    const answer = await (await server()).inject({ url: '/nowhere?token=secret' });
    expect([answer.statusCode, answer.json()]).toEqual([404, { error: { code: 'NOT_FOUND', message: 'There is nothing at GET /nowhere.', requestId: answer.headers['x-request-id'] } }]);
  });

  it('keeps the format of a prefix that has one', async () => {
    const answer = await (await server()).inject({ url: '/v1/nowhere' });
    expect([answer.statusCode, answer.json(), answer.headers['x-request-id']]).toEqual([404, { success: false }, expect.any(String)]);
  });
});
