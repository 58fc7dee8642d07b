// The burst after a power cut: every subscriber of a router calls back at once. Run against a server that is up:
//   node --import tsx tests/bench/pppoe-callbacks.ts http://127.0.0.1:8000 [callbacks] [connections]
import { Agent, request } from 'node:http';

const [base = 'http://127.0.0.1:8000', callbacks = '5000', connections = '500'] = process.argv.slice(2);
const count = Number(callbacks);
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });

function report(index: number): Promise<{ status: number | string; ms: number }> {
  const body = JSON.stringify({ name: `bench${index}`, caller_id: 'AA:BB:CC:DD:EE:FF', interface: 'pppoe-in1', local_address: '10.0.0.1', remote_address: '10.0.0.50', service: 'pppoe' });
  const began = performance.now();
  return new Promise((resolve) => {
    const sent = request(`${base}/v1/callbacks/pppoe/${index % 2 ? 'up' : 'down'}`, { method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': body.length } }, (answer) => {
      answer.resume().on('end', () => resolve({ status: answer.statusCode ?? 0, ms: performance.now() - began }));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve({ status: error.code ?? error.message, ms: performance.now() - began }));
    sent.end(body);
  });
}

const began = performance.now();
const answers = await Promise.all(Array.from({ length: count }, (_, index) => report(index)));
const seconds = (performance.now() - began) / 1000;
const statuses = new Map<number | string, number>();
for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
const sorted = answers.map(({ ms }) => ms).sort((a, b) => a - b);
process.stdout.write(
  `${count} callbacks in ${seconds.toFixed(2)} s = ${Math.round(count / seconds)} a second; answers ${[...statuses].map(([status, n]) => `${n} × ${status}`).join(', ')}; p50 ${Math.round(sorted[count >> 1]!)} ms, p99 ${Math.round(sorted[Math.floor(count * 0.99)]!)} ms\n`,
);
agent.destroy();
