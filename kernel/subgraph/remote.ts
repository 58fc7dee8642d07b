import type { ExecutionResult } from 'graphql';
import type { Principal } from '#kernel/access/principal.ts';
import type { Tokens } from '#kernel/access/tokens.ts';
import type { Logger } from '#kernel/logs.ts';
import { makeGraphHttpClient } from './http-client.ts';
import { isNoConnection, makeOutageLog } from './outage-log.ts';
import { makeGraphSocketClient } from './socket-client.ts';
import type { Executable, GraphRequest, Subgraph, Supergraph } from './subgraph.ts';

/** What runs elsewhere: `stop` closes the connections to it. */
export interface Remote {
  stop(): Promise<void>;
}

const DEADLINE_MS = 10_000;

/** How long an internal token is good, and how long before its end it is made anew. */
const TOKEN_TTL_SECONDS = 120;
const TOKEN_MARGIN_SECONDS = 20;

export interface RemoteSubgraphOptions {
  name: string;
  /** `http://host:4103/graphql`; subscriptions use the same path over ws. */
  url: string;
  tokens: Pick<Tokens, 'signInternal'>;
  log: Logger;
  /** Per request, in milliseconds. Default 10 s. */
  deadlineMs?: number;
}

/** A subgraph in another process, over HTTP and graphql-ws. Out of reach: UNAVAILABLE, naming the subgraph. */
export function remoteSubgraph({ name, url, tokens, log, deadlineMs }: RemoteSubgraphOptions): Subgraph & Remote {
  // By the principal object: the gateway keeps one object for one set of credentials.
  const signed = new WeakMap<Principal, { token: Promise<string>; until: number }>();
  const tokenOf = (principal: Principal): Promise<string> => {
    const known = signed.get(principal);
    if (known && known.until > Date.now()) return known.token;
    const token = tokens.signInternal(principal, name, TOKEN_TTL_SECONDS);
    signed.set(principal, { token, until: Date.now() + (TOKEN_TTL_SECONDS - TOKEN_MARGIN_SECONDS) * 1000 });
    token.catch(() => signed.delete(principal));
    return token;
  };
  const shown = async (principal: Principal): Promise<Shown> => {
    const token = await tokenOf(principal);
    return { headers: { authorization: `Bearer ${token}` }, extensions: { token } };
  };
  return { name, ...remote({ url, peer: `the subgraph ${name}`, shown, log: log.child({ subgraph: name }), deadlineMs }) };
}

export interface RemoteSupergraphOptions {
  /** The gateway's public `/graphql`. */
  url: string;
  /** The headers that show the gateway who the request's principal is: `authorization`, or `x-api-key`. */
  credentials: (principal: Principal) => Promise<Record<string, string>>;
  log: Logger;
  deadlineMs?: number;
}

/** The whole graph from another process (ops and REST apart), through the gateway's front door. */
export function remoteSupergraph({ url, credentials, log, deadlineMs }: RemoteSupergraphOptions): Supergraph & Remote {
  const shown = async (principal: Principal): Promise<Shown> => {
    const headers = await credentials(principal);
    return { headers, extensions: { headers } };
  };
  return remote({ url, peer: 'the gateway', shown, log, deadlineMs });
}

/** How a principal is shown to the peer: by headers over HTTP, by extensions of the operation on a socket that many principals share. */
interface Shown {
  headers: Record<string, string>;
  extensions: Record<string, unknown>;
}

interface RemoteOptions {
  url: string;
  peer: string;
  shown: (principal: Principal) => Promise<Shown>;
  log: Logger;
  deadlineMs?: number;
}

function remote({ url, peer, shown, log, deadlineMs = DEADLINE_MS }: RemoteOptions): Executable & Remote {
  const http = makeGraphHttpClient({ url, peer });
  const socket = makeGraphSocketClient({ url, peer, connectWithinMs: deadlineMs });
  const outage = makeOutageLog({ log, peer });

  const execute = async ({ query, variables, operationName, principal, requestId, signal }: GraphRequest): Promise<ExecutionResult> => {
    const { headers } = await shown(principal);
    try {
      const result = await http.post({
        body: { query, variables, operationName },
        headers: { ...headers, 'x-request-id': requestId },
        deadlineMs,
        signal,
      });
      outage.reached();
      return result;
    } catch (error) {
      const { message, originalError } = error as { message: string; originalError?: Error };
      const fields = { requestId, cause: originalError?.message };
      if (isNoConnection(originalError)) outage.unreachable(fields, message);
      else log.warn(fields, message);
      throw error;
    }
  };

  const subscribe = async ({ query, variables, operationName, principal, requestId, signal }: GraphRequest): Promise<AsyncIterableIterator<ExecutionResult>> =>
    socket.subscribe({ query, variables, operationName, extensions: { ...(await shown(principal)).extensions, requestId }, signal });

  return {
    execute: execute as Executable['execute'],
    subscribe: subscribe as Executable['subscribe'],
    async stop() {
      http.stop();
      await socket.stop();
    },
  };
}
