import type postgres from 'postgres';
import type { Connection } from './connection.ts';
import { drizzle, type PostgresJsDatabase } from './drizzle.ts';

/**
 * drizzle bound to one open transaction. Statements with parameters are prepared once per connection. Valid until the
 * function it was passed to has settled; later use is an error. `tx.transaction()` is a savepoint.
 */
export type Tx = PostgresJsDatabase;

/** drizzle over one leased connection, until `close`. */
export function openTx(connection: Connection, onStatement: (text: string) => void): { tx: Tx; close: () => void } {
  let over = false;
  let savepoints = 0;

  function unsafe(text: string, params: unknown[] = []): unknown {
    if (over) throw new Error('This transaction is over: a query was made after the function it was passed to had settled');
    if (connection.lost) throw connection.lost;
    onStatement(text);
    if (params.length > 0) connection.prepared.add(text);
    // drizzle asks for unprepared statements, which cost a second round trip and a parse each time.
    const query = connection.client.unsafe(text, params as never[], { prepare: true });
    connection.watch(query);
    return query;
  }

  async function savepoint<T>(work: (client: unknown) => Promise<T>): Promise<T> {
    const name = `s${(savepoints += 1)}`;
    await unsafe(`savepoint ${name}`);
    try {
      const result = await work(client);
      await unsafe(`release savepoint ${name}`);
      return result;
    } catch (error) {
      if (!connection.lost && !over) await unsafe(`rollback to savepoint ${name}`);
      throw error;
    }
  }

  const client = { options: connection.client.options, unsafe, begin: savepoint, savepoint };
  return {
    tx: drizzle(client as unknown as postgres.Sql),
    close: () => {
      over = true;
    },
  };
}
