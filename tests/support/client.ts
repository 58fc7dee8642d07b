import type { TypedDocumentString } from '#schema/operations/graphql.ts';
import { createClient as createSocketClient, type Client as SocketClient } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface GraphError {
  message: string;
  path?: Array<string | number>;
  extensions: { code: string; details?: Array<{ field: string; code: string; message: string }>; requestId?: string };
}

export interface GraphAnswer<T> {
  status: number;
  data: T | null;
  errors?: GraphError[];
}

/** An operation: a typed document of `schema/operations/`, or a text. */
type Operation<Result, Variables> = TypedDocumentString<Result, Variables> | string;

/** A frontend: GraphQL over HTTP, and over graphql-transport-ws for subscriptions. */
export interface Client {
  /** The whole answer, with its errors. */
  send<Result = Record<string, unknown>, Variables = Record<string, unknown>>(operation: Operation<Result, Variables>, variables?: Variables): Promise<GraphAnswer<Result>>;
  /** The data; fails on any error. */
  ask<Result = Record<string, unknown>, Variables = Record<string, unknown>>(operation: Operation<Result, Variables>, variables?: Variables): Promise<Result>;
  /** The events of a subscription; each `next` waits for one. An error ends it. */
  subscribe<Result = Record<string, unknown>, Variables = Record<string, unknown>>(operation: Operation<Result, Variables>, variables?: Variables): AsyncIterableIterator<Result>;
  close(): Promise<void>;
}

export function makeClient(url: string, headers: Record<string, string> = {}): Client {
  let socket: SocketClient | undefined;
  const send: Client['send'] = async (operation, variables) => {
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query: operation.toString(), variables }) });
    return { status: response.status, ...((await response.json()) as object) } as never;
  };
  return {
    send,
    async ask(operation, variables) {
      const answer = await send(operation, variables);
      if (answer.errors) throw Object.assign(new Error(`${answer.errors.map((error) => `${error.extensions?.code}: ${error.message}`).join('; ')}\nin ${operation.toString()}`), { errors: answer.errors });
      return answer.data as never;
    },
    subscribe(operation, variables) {
      socket ??= createSocketClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: headers, retryAttempts: 0 });
      const results = socket.iterate({ query: operation.toString(), variables: variables as Record<string, unknown> });
      return {
        async next() {
          const { value, done } = await results.next();
          if (done) return { value: undefined, done: true };
          if (value.errors) throw Object.assign(new Error(value.errors.map(({ message }) => message).join('; ')), { errors: value.errors });
          return { value: value.data as never, done: false };
        },
        return: async () => {
          await results.return?.();
          return { value: undefined, done: true };
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
    async close() {
      await socket?.dispose();
    },
  };
}

/** A client that has logged in; the sandbox's administrator by default. */
export async function loggedIn(url: string, input: { username?: string; email?: string; password: string; tenant?: string } = { username: 'test@dotmac.cloud', password: 'test123' }, headers: Record<string, string> = {}): Promise<Client> {
  const { login } = await makeClient(url).ask<{ login: { accessToken: string } }>('mutation ($input: LoginInput!) { login(input: $input) { accessToken } }', { input });
  return makeClient(url, { authorization: `Bearer ${login.accessToken}`, ...headers });
}
