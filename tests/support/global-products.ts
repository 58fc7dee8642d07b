import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { subgraphNames } from '#cli/composition/blueprints.ts';
import { startEmbeddedPostgres } from '#kernel/db/embedded-postgres.ts';
import { bootstrapRoles } from '#kernel/db/roles.ts';
import { silentLogger } from '#kernel/logs.ts';
import { MODES, startProduct, type Mode } from './product.ts';
import { SHARED_SECRET, type SharedProduct } from './shared-product.ts';

/**
 * The products that test files share, one a mode, each on a PostgreSQL of its own: started when the first file asks for it
 * (over HTTP: files run in processes of their own), stopped when the run ends.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = new Map<Mode, Promise<{ shared: SharedProduct; stop(): Promise<void> }>>();
  const broker = createServer((request, response) => {
    const mode = MODES.find((one) => request.url === `/${one}`);
    if (!mode) return void response.writeHead(404).end();
    if (!started.has(mode)) started.set(mode, open(mode));
    started.get(mode)!.then(
      ({ shared }) => response.end(JSON.stringify(shared)),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  broker.listen(0, '127.0.0.1');
  await once(broker, 'listening');
  project.provide('sharedProducts', `http://127.0.0.1:${(broker.address() as AddressInfo).port}`);
  return async () => {
    broker.close();
    for (const product of await Promise.allSettled(started.values())) if (product.status === 'fulfilled') await product.value.stop();
  };
}

async function open(mode: Mode): Promise<{ shared: SharedProduct; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), `headend-test-${process.pid}-`));
  const server = await startEmbeddedPostgres({ dataDir: join(folder, 'pg'), log: silentLogger, durable: false, maxConnections: 200 });
  const close = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await bootstrapRoles({ url: server.adminUrl, login: 'headend', subgraphs: subgraphNames, log: silentLogger });
    const product = await startProduct({ mode, databaseUrl: server.url, env: { HEADEND_SECRET: SHARED_SECRET } });
    return {
      shared: { url: product.url, restUrl: product.restUrl },
      async stop() {
        await product.stop();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
