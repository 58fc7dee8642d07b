import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { GraphQLError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Logger } from '#kernel/logs.ts';
import { makeSocketServer, type SocketContext, type SocketServer } from '#kernel/subgraph/socket-server.ts';
import type { Supergraph } from '#kernel/subgraph/subgraph.ts';
import type { Apollo } from '../apollo.ts';
import { finishResult } from '../guard/errors.ts';
import type { Limits } from '../guard/limits.ts';
import type { Credentials, Guard } from '../guard/principal.ts';
import type { OperationContextValue } from '../plan/data-source.ts';

export interface GraphqlRoutesOptions {
  apollo: Apollo;
  guard: Guard;
  /** The graph with the limits for clients. */
  supergraph: Supergraph;
  limits: Limits;
  /** Bytes of a request body or of a WebSocket message. */
  bodyLimit: number;
  socketLimits: { maxOperations?: number; maxBufferedBytes?: number; keepAliveMs?: number };
  log: Logger;
}

/** `/graphql`: POST and GET by Apollo Server, the page for browsers, and graphql-transport-ws on the same path. */
export async function addGraphqlRoutes(app: FastifyInstance, { apollo, guard, supergraph, limits, bodyLimit, socketLimits, log }: GraphqlRoutesOptions): Promise<SocketServer> {
  const sockets = makeSocketServer({
    executable: supergraph,
    // Refuses a socket with bad credentials at once; each operation looks again, because they may have ended meanwhile.
    onConnect: (context) => guard.principalOf(credentialsOf(context)),
    principalOf: (context, payload) => guard.principalOf(operationCredentials(payload) ?? credentialsOf(context)),
    finish: (result, requestId) => finishResult(result, { log, requestId }),
    log,
    maxTokens: limits.tokens,
    ...socketLimits,
  });

  const apolloHandler = fastifyApolloHandler(apollo.server, { context: contextOf(guard) });
  const handler: RouteHandlerMethod = (request, reply) => apollo.inRequest(request.id, () => apolloHandler.call(app, request, reply));

  await app.register(async (scope) => {
    // What fails before Apollo sees it (a body that is too large, not JSON, or of another type) answers in GraphQL too.
    scope.setErrorHandler((error, request, reply) => answerError(error as Error & { statusCode?: number }, request, reply, log));
    scope.route({ method: 'GET', url: '/graphql', exposeHeadRoute: false, handler, wsHandler: (socket, request) => sockets.accept(socket, request.raw) });
    scope.route({ method: 'POST', url: '/graphql', bodyLimit, handler });
  });
  return sockets;
}

/** HTTP status of credentials that are refused before any operation runs. */
const STATUS: Record<string, number> = { UNAUTHENTICATED: 401, FORBIDDEN: 403, NOT_FOUND: 404, UNAVAILABLE: 503 };

function contextOf(guard: Guard) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<OperationContextValue> => {
    const left = new AbortController();
    reply.raw.once('close', () => {
      if (!reply.raw.writableEnded) left.abort();
    });
    try {
      return { principal: await guard.principalOf(request.headers), requestId: request.id, signal: left.signal };
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      const status = STATUS[String(error.extensions.code)] ?? 400;
      throw new GraphQLError(error.message, { extensions: { ...error.extensions, http: { status } }, originalError: error.originalError });
    }
  };
}

function answerError(error: Error & { statusCode?: number }, request: FastifyRequest, reply: FastifyReply, log: Logger) {
  const status = error.statusCode ?? 500;
  if (status >= 500) log.error({ requestId: request.id, err: error }, 'A request failed before GraphQL');
  const message = status === 413 ? 'The request body is too large.' : status >= 500 ? 'Something went wrong on our side. The request id identifies it in the log.' : error.message;
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify({ errors: [{ message, extensions: { code: status >= 500 ? 'INTERNAL_ERROR' : 'BAD_REQUEST', requestId: request.id } }] }));
}

/** Credentials of a socket: the connection_init payload (also under `headers`, as some explorers send them) over the upgrade's headers. */
function credentialsOf({ connectionParams = {}, extra }: SocketContext): Credentials {
  const { authorization, 'x-api-key': apiKey, 'x-tenant-id': tenant } = extra.headers;
  const nested = typeof connectionParams.headers === 'object' && connectionParams.headers !== null ? (connectionParams.headers as Credentials) : {};
  return { ...defined({ authorization, 'x-api-key': apiKey, 'x-tenant-id': tenant }), ...lowerCased(nested), ...lowerCased(connectionParams) };
}

/** Credentials may come with each operation, so that one socket carries several principals (REST and ops apart do so). */
function operationCredentials(payload: SubscribePayload): Credentials | undefined {
  const headers = (payload.extensions as { headers?: unknown } | undefined | null)?.headers;
  return typeof headers === 'object' && headers !== null ? lowerCased(headers as Credentials) : undefined;
}

function lowerCased(record: Record<string, unknown>): Credentials {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key.toLowerCase(), value]));
}

function defined(record: Credentials): Credentials {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
