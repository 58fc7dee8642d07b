import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { anonymous, type Principal } from '#kernel/access/principal.ts';
import { systemClock, type Clock } from '#kernel/clock.ts';
import type { Logger } from '#kernel/logs.ts';
import type { Metrics } from '#kernel/metrics.ts';
import type { Supergraph } from '#kernel/subgraph/subgraph.ts';
import { refuseUnready, type Catalogue, type ServedRoute } from './catalogue.ts';
import type { Answer, Dialect } from './dialect.ts';
import { asRestError, RestError, statusOf } from './errors.ts';
import type { Limiter } from './limits.ts';
import { admit, callerOf, credentialsOf, inputOf, runSteps, type Credentials, type Door } from './request.ts';
import type { Input } from './route.ts';
import { run } from './run.ts';
import { addStream, type StreamLimits } from './websocket.ts';

/** What answers in place of an operation (see `Route.intake`), with the variables that the route's map gives. */
export type Intake = (variables: Record<string, unknown>, input: Input) => Promise<Answer>;

export interface RouterOptions {
  catalogue: Catalogue;
  supergraph: Supergraph;
  /** The one principal of what a client shows. Throws UNAUTHENTICATED, FORBIDDEN or NOT_FOUND (a tenant). */
  principalOf(credentials: Credentials): Promise<Principal>;
  limiter: Limiter;
  intakes: Readonly<Record<string, Intake>>;
  log: Logger;
  metrics: Metrics;
  clock?: Clock;
  /** Bytes of a request body. Default 1 MB. */
  bodyLimit?: number;
  streams?: Partial<StreamLimits>;
}

/** What the handlers of one scope share. */
export interface Machine extends RouterOptions {
  clock: Clock;
  answerError(error: unknown, dialect: Dialect, request: FastifyRequest, reply: FastifyReply): FastifyReply;
  principals: WeakMap<FastifyRequest, Principal>;
}

const BODY_LIMIT = 1024 * 1024;

/** Mounts every route of the catalogue, and answers what no route has below the dialects' prefixes. */
export async function mountCatalogue(app: FastifyInstance, options: RouterOptions): Promise<void> {
  const { catalogue, metrics, clock = systemClock, log } = options;
  const seconds = metrics.histogram('headend_rest_request_seconds', 'How long REST requests take', ['dialect', 'route', 'status']);

  const machine: Machine = {
    ...options,
    clock,
    principals: new WeakMap(),
    answerError(thrown, dialect, request, reply) {
      const error = asRestError(thrown);
      const status = statusOf(error.code, dialect.statuses);
      const fields = { requestId: request.id, code: error.code, method: request.method, path: request.url.split('?')[0] };
      if (status === 500) log.error({ ...fields, err: error.cause ?? error }, 'A REST request failed');
      else log.debug(fields, 'A REST request was refused');
      const context = { requestId: request.id, at: clock.now() };
      for (const [name, value] of Object.entries({ ...dialect.headers?.(context), ...error.headers })) void reply.header(name, value);
      return reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify(dialect.failure(error, status, context)));
    },
  };

  for (const dialect of catalogue.dialects) {
    await app.register(async (scope) => {
      prepareScope(scope, dialect, machine);
      scope.addHook('onResponse', (request, reply, done) => {
        const { restRoute = 'none' } = request.routeOptions.config as { restRoute?: string };
        seconds.observe({ dialect: dialect.name, route: restRoute, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
        done();
      });
      for (const group of grouped(catalogue.routes.filter((served) => served.dialect === dialect))) {
        if (group[0]!.route.stream) addStream(scope, group[0]!, machine);
        else addRoute(scope, group, machine);
      }
      for (const entry of catalogue.unserved.filter((one) => one.dialect === dialect)) {
        scope.route({
          method: entry.method,
          url: entry.path,
          config: { restRoute: entry.id, door: { auth: 'user', tenant: 'none' } satisfies Door },
          // Before the handler, so that a WebSocket handshake is refused as well.
          preHandler: async () => {
            throw new RestError('NOT_IMPLEMENTED', `${entry.id} is documented, but not served yet.`);
          },
          handler: (_request, reply) => reply,
        });
      }
    });
    for (const prefix of dialect.prefixes) {
      await app.register(
        async (scope) => {
          prepareScope(scope, dialect, machine);
          scope.setNotFoundHandler((request) => {
            throw unknownPath(app, request);
          });
        },
        { prefix },
      );
    }
  }
}

/** The dialect's errors for whatever goes wrong in this scope, limit headers on every answer, and our own body parsers. */
function prepareScope(scope: FastifyInstance, dialect: Dialect, machine: Machine): void {
  scope.setErrorHandler((error, request, reply) => machine.answerError(error, dialect, request, reply));
  scope.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    const door = doorOf(request);
    let principal: Principal = anonymous;
    let refused: unknown;
    if (door && door.auth !== 'none') {
      principal = await machine.principalOf(credentialsOf(request, door)).catch((error: unknown) => {
        refused = error;
        return anonymous;
      });
    }
    const limit = door?.limit ?? (principal.kind === 'anonymous' ? dialect.limits.anonymous : dialect.limits.user);
    for (const [name, value] of Object.entries(await machine.limiter.count(limit, callerOf(principal, request)))) void reply.header(name, value);
    if (refused) throw refused;
    machine.principals.set(request, principal);
    if (!door || (door.stream?.tokenIn && principal.kind === 'anonymous')) return;
    admit(door, principal);
  });

  scope.removeAllContentTypeParsers();
  const parseJson = scope.getDefaultJsonParser('error', 'error');
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parseJson(request, body as string, done);
  });
  scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (request, body, done) => {
    if (doorOf(request)?.acceptsForm === false) done(new RestError('UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json.'));
    else done(null, Object.fromEntries(new URLSearchParams(body as string)));
  });
}

const doorOf = (request: FastifyRequest): Door | undefined => (request.routeOptions.config as { door?: Door }).door;

/** Routes of one method and path: their bodies decide between them. */
function grouped(routes: readonly ServedRoute[]): ServedRoute[][] {
  const groups = new Map<string, ServedRoute[]>();
  for (const served of routes) {
    const key = `${served.route.method} ${served.route.path}`;
    const group = groups.get(key);
    if (group) group.push(served);
    else groups.set(key, [served]);
  }
  return [...groups.values()];
}

function addRoute(scope: FastifyInstance, group: readonly ServedRoute[], machine: Machine): void {
  const { route: first } = group[0]!;
  const handler = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const served = group.length === 1 ? group[0]! : (group.find(({ route }) => route.when?.(request.body)) ?? group.at(-1)!);
    const { route, dialect } = served;
    refuseUnready(served);
    const principal = machine.principals.get(request) ?? anonymous;
    const input = inputOf(request, route, dialect, principal);
    const answer = route.intake ? await intakeOf(machine, route.intake)(route.toVariables?.(input, {}) ?? {}, input) : await answerOf(served, input, request.id, machine);
    const context = { requestId: request.id, at: machine.clock.now() };
    const page = route.list ? input.page : null;
    for (const [name, value] of Object.entries(dialect.headers?.(context) ?? {})) void reply.header(name, value);
    return reply
      .code(route.status ?? 200)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(dialect.success(answer, page, context)));
  };
  scope.route({ method: first.method as HTTPMethods, url: first.path, bodyLimit: machine.bodyLimit ?? BODY_LIMIT, config: { restRoute: first.id, door: { ...first, acceptsForm: first.acceptsForm ?? false } satisfies Door }, handler });
}

async function answerOf(served: ServedRoute, input: Input, requestId: string, machine: Machine): Promise<Answer> {
  const { route, operations } = served;
  const runOne = (name: string, variables: Record<string, unknown>) =>
    run(machine.supergraph, { operation: operations.get(name)!, variables, principal: input.principal, requestId, fields: route.fields });
  const found = await runSteps(route, input, runOne);
  const data = await runOne(route.operation, route.toVariables?.(input, found) ?? {});
  return route.toResponse?.(data, input, found) ?? { data };
}

function intakeOf(machine: Machine, name: string): Intake {
  const intake = machine.intakes[name];
  if (!intake) throw new RestError('INTERNAL_ERROR', `There is no intake ${name}.`);
  return intake;
}

/** A path that no route has, or one that has routes for other methods. */
function unknownPath(app: FastifyInstance, request: FastifyRequest): RestError {
  const path = request.url.split('?')[0]!;
  const allowed = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).filter((method) => method !== request.method && app.findRoute({ url: path, method }) !== null);
  if (allowed.length > 0) return new RestError('METHOD_NOT_ALLOWED', `${request.method} is not possible here, but ${allowed.join(', ')}.`, { headers: { allow: allowed.join(', ') } });
  return new RestError('UNKNOWN_PATH', `There is nothing at ${path}.`);
}
