/* HTTP requests over keep-alive connections, as many as the server takes. */
import { Agent, request } from 'node:http';
import { serveHelper } from '../helper.ts';
import { inParallel, percentile } from '../measure.ts';

interface Shot {
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
}

export interface LoadAnswer {
  requests: number;
  statuses: Record<string, number>;
  p50: number;
  p99: number;
  seconds: number;
  /** Of the first answer. */
  body: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 1000 });

function shoot({ url, method, headers, body }: Shot): Promise<{ status: string; text: string }> {
  return new Promise((resolve) => {
    const sent = request(url, { agent, method, headers: { ...headers, ...(body ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) } : {}) } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: String(response.statusCode), text: Buffer.concat(chunks).toString('utf8') }));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve({ status: error.code ?? error.message, text: '' }));
    sent.end(body);
  });
}

async function fire(shots: Shot[], connections: number): Promise<LoadAnswer> {
  const statuses: Record<string, number> = {};
  const waits: number[] = [];
  let text = '';
  const began = performance.now();
  await inParallel(shots, connections, async (shot) => {
    const sentAt = performance.now();
    const answer = await shoot(shot);
    waits.push(performance.now() - sentAt);
    statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
    text ||= answer.text;
  });
  return { requests: shots.length, statuses, p50: percentile(waits, 0.5), p99: percentile(waits, 0.99), seconds: (performance.now() - began) / 1000, body: text };
}

serveHelper(
  {
    /** The same request again and again. */
    repeat: ({ shot, times, connections }: { shot: Shot; times: number; connections: number }) => fire(Array.from({ length: times }, () => shot), connections),
    fire: ({ shots, connections }: { shots: Shot[]; connections: number }) => fire(shots, connections),
  },
  () => agent.destroy(),
);
