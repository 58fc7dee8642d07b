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

/** A frontend: GraphQL over HTTP, and over graphql-transport-ws for subscriptions. */
export interface Client {
  /** The whole answer, with its errors. */
  send<T = Record<string, unknown>>(query: string, variables?: Record<string, unknown>): Promise<GraphAnswer<T>>;
  /** The data; fails on any error. */
  ask<T = Record<string, unknown>>(query: string, variables?: Record<string, unknown>): Promise<T>;
  /** The events of a subscription; each `next` waits for one. An error ends it. */
  subscribe<T = Record<string, unknown>>(query: string, variables?: Record<string, unknown>): AsyncIterableIterator<T>;
  close(): Promise<void>;
}

export function makeClient(url: string, headers: Record<string, string> = {}): Client {
  let socket: SocketClient | undefined;
  const send: Client['send'] = async (query, variables = {}) => {
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query, variables }) });
    return { status: response.status, ...((await response.json()) as object) } as never;
  };
  return {
    send,
    async ask(query, variables) {
      const answer = await send(query, variables);
      if (answer.errors) throw Object.assign(new Error(`${answer.errors.map((error) => `${error.extensions?.code}: ${error.message}`).join('; ')}\nin ${query}`), { errors: answer.errors });
      return answer.data as never;
    },
    subscribe(query, variables = {}) {
      socket ??= createSocketClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket, connectionParams: headers, retryAttempts: 0 });
      const results = socket.iterate({ query, variables });
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
