// The health check of a container: exit code 0 when the part in it answers /health. `node scripts/health.mjs [port]`; the
// default is the gateway's. Uses nothing but Node.
const port = process.argv[2] ?? (process.env.PORT || '8000');
try {
  const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(4000) });
  if (!response.ok) throw new Error(`answered ${response.status}`);
} catch (error) {
  console.error(`port ${port}: ${error.cause?.message ?? error.message}`);
  process.exitCode = 1;
}
