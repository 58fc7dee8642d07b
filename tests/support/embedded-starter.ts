/* Started as a process of its own by tests: runs the embedded server on the folder given, and tells what became of it. */
import { startEmbeddedPostgres } from '#kernel/db/embedded-postgres.ts';
import { silentLogger } from '#kernel/logs.ts';

try {
  const server = await startEmbeddedPostgres({ dataDir: process.argv[2]!, log: silentLogger, durable: process.argv[3] === 'durable' });
  process.stdout.write(`${JSON.stringify({ url: server.url, adminUrl: server.adminUrl, pid: server.pid })}\n`);
  process.stdin.once('data', async () => {
    await server.stop();
    process.exit(0);
  });
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: (error as Error).message })}\n`);
}
