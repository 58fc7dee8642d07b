import type { Benchmark, BenchKit, Measurement } from './benchmark.ts';
import { machineTime, startHelper, type Helper } from './helper.ts';
import { median, ratiosOf, short } from './measure.ts';
import { API_KEY, freshDatabase } from './world.ts';

const HOMES = 20;
/** Milliseconds after which no further repetition begins, where so many are done: a busy machine measures less often, not for ever. */
const BURSTS_MS = 20_000;
const SINGLES_MS = 10_000;
const ENOUGH = 2;
const QUERY = 'subscription ($routerId: ID) { pppSessions(routerId: $routerId) { action remaining version session { id name address callerId } } }';

interface Heard {
  messages: number;
  bytes: number;
  lastAt: number;
  sample: string;
}

interface Memory {
  rss: number;
  heapUsed: number;
}

export const sessionStream: Benchmark = {
  name: 'session-stream',
  limit: 'a bare ws server that sends the same bytes to as many sockets',
  notes: `A change is executed, shaped and written as JSON once for all who may see the same, and handed on to some two hundred and fifty subscribers a turn of the event loop; what has come meanwhile
leaves for the next ones by the same write, which is why a burst may cost less than the bare server's single sends. What is left for each subscriber is his own queue, by which a slow one is told apart, a few turns of promises,
and the write to his socket, which is most of what the bare server does as well. Connecting costs more than an event: the handshake, authentication, planning's look-up, and a message for each session of the snapshot (executed once
for all who connect within 100 ms). Of the heap that a subscriber takes, a tenth is his socket as the bare server has it; the rest is his HTTP request and reply as Fastify keeps them, his authenticated context, and the
closures and promises of the layers between the router and his socket (a fifth of it all is the names that the TypeScript loader gives to each closure).`,
  async run(kit) {
    const measurements: Measurement[] = [];
    for (const count of kit.quick ? [200, 1000] : [1000, 10_000]) measurements.push(...(await crowd(kit, count)));
    measurements.push(await liveSessionMemory(kit));
    return measurements;
  },
};

/** What a process holds of a router's live sessions, with nobody listening. */
async function liveSessionMemory({ adminUrl, quick }: BenchKit): Promise<Measurement> {
  const sessions = quick ? 2000 : 10_000;
  const router = await startHelper('router', { core: 1 });
  const host = await startHelper('host', { core: 0 });
  try {
    const addressOf = (homes: number) => router.ask<{ port: number; username: string; password: string }>('start', { homes, relayed: false });
    await host.ask('open', { databaseUrl: await freshDatabase(adminUrl) });
    const { routerId } = await host.ask<{ routerId: string }>('furnish', await addressOf(HOMES));
    await host.ask('live', { routerId, sessions: HOMES });
    const before = await host.ask<Memory>('memory');
    const full = await host.ask<string>('register', { name: 'full', router: await addressOf(sessions) });
    await host.ask('live', { routerId: full, sessions });
    const after = await host.ask<Memory>('memory');
    const perThousand = (bytes: number) => `${short(bytes / 2 ** 20 / (sessions / 1000))} MB`;
    return { what: `a router with ${sessions} live sessions: memory`, figures: `${perThousand(after.heapUsed - before.heapUsed)} of heap and ${perThousand(after.rss - before.rss)} resident for 1,000 sessions` };
  } finally {
    await host.stop();
    await router.stop();
  }
}

/** Servers on core 0, clients on core 1; each pair in processes of their own. */
async function crowd({ adminUrl, quick, progress }: BenchKit, count: number): Promise<Measurement[]> {
  const helpers: Helper[] = [];
  const helper = async (name: string, core?: number) => {
    const started = await startHelper(name, core === undefined ? {} : { core });
    helpers.push(started);
    return started;
  };
  try {
    const router = await helper('router');
    const address = await router.ask<{ port: number; username: string; password: string }>('start', { homes: HOMES, relayed: true });
    const host = await helper('host', 0);
    const url = await host.ask<string>('open', { databaseUrl: await freshDatabase(adminUrl) });
    const { routerId } = await host.ask<{ routerId: string }>('furnish', address);
    await host.ask('live', { routerId, sessions: HOMES });
    const bareHost = await helper('host', 0);
    const bareUrl = await bareHost.ask<string>('bareSocketServer');

    const clients = await helper('sockets', 1);
    const bareClients = await helper('sockets', 1);
    // The first few pay for what is made once: plans, compiled code.
    const warm = await helper('sockets', 1);
    await warm.ask('connect', { url: `${url.replace('http', 'ws')}/graphql`, count: 50, subscription: { query: QUERY, variables: { routerId }, headers: API_KEY } });
    const connecting = async (crowdOf: Helper, server: Helper, input: object) => {
      const before = await server.ask<Memory>('memory');
      const began = performance.now();
      await crowdOf.ask('connect', { count, ...input });
      const seconds = (performance.now() - began) / 1000;
      const after = await server.ask<Memory>('memory');
      return { seconds, rss: (after.rss - before.rss) / count, heap: (after.heapUsed - before.heapUsed) / count };
    };
    const ours = await connecting(clients, host, { url: `${url.replace('http', 'ws')}/graphql`, subscription: { query: QUERY, variables: { routerId }, headers: API_KEY } });
    const bare = await connecting(bareClients, bareHost, { url: bareUrl });
    await warm.stop();
    progress(`${count} subscribers in ${short(ours.seconds)} s; bursts …`);
    const listens = (await router.ask<string[][]>('asked')).filter(([command]) => command === '/ppp/active/listen').length;

    // A quarter of them where each event goes to ten thousand.
    const names = Array.from({ length: count > 1000 ? HOMES / 4 : HOMES }, (_, at) => `home-${at}`);
    const rates = { ours: [] as number[], bare: [] as number[] };
    const cpu = { ours: [] as number[], bare: [] as number[] };
    const timed = async (series: 'ours' | 'bare', crowdOf: Helper, server: Helper, each: number, cause: () => Promise<unknown>): Promise<Heard> => {
      await crowdOf.ask('reset');
      const cpuBefore = await server.ask<number>('cpu');
      const began = machineTime();
      await cause();
      const heard = await crowdOf.ask<Heard>('heardAll', each);
      rates[series].push((heard.messages / (heard.lastAt - began)) * 1000);
      cpu[series].push(((await server.ask<number>('cpu')) - cpuBefore) / heard.messages);
      return heard;
    };
    // A home that hangs up dials again: one DOWN, one UP.
    const each = names.length * 2;
    const repetitions = quick ? 2 : 7;
    const burstsEnd = performance.now() + BURSTS_MS;
    for (let repetition = -1; repetition < repetitions && (repetition < ENOUGH || performance.now() < burstsEnd); repetition += 1) {
      if (repetition === 0) for (const series of [rates.ours, rates.bare, cpu.ours, cpu.bare]) series.length = 0;
      const { sample } = await timed('ours', clients, host, each, () => router.ask('hangUp', names));
      await timed('bare', bareClients, bareHost, each, () => bareHost.ask('broadcast', { text: sample, times: each }));
    }

    progress('single events …');
    const rounds = quick ? 5 : 60;
    await router.ask('ups');
    const waits = { p50: [] as number[], p99: [] as number[], n: 0 };
    const singlesEnd = performance.now() + SINGLES_MS;
    for (let round = 0; round < rounds && (round < ENOUGH || performance.now() < singlesEnd); round += 1) {
      await clients.ask('reset');
      await clients.ask('watch');
      await router.ask('hangUp', [names[round % names.length]!]);
      await clients.ask('heardAll', 2);
      const { p50, p99, n } = await clients.ask<{ p50: number; p99: number; n: number }>('latencies', await router.ask('ups'));
      waits.p50.push(p50);
      waits.p99.push(p99);
      waits.n += n;
    }

    const kb = (bytes: number) => `${short(bytes / 1024)} KB`;
    return [
      {
        what: `pppSessions to ${count} subscribers, ${listens} upstream listen: bursts of ${each} events`,
        against: 'bare ws broadcast',
        ratios: ratiosOf(rates.ours, rates.bare),
        figures: `${short(median(rates.ours))} messages a second (bare ${short(median(rates.bare))}); CPU of the server ${short(median(cpu.ours) * 1000)} µs a message (bare ${short(median(cpu.bare) * 1000)})`,
      },
      {
        what: `the same by the CPU that the server spends`,
        against: 'bare ws broadcast',
        ratios: ratiosOf(cpu.bare, cpu.ours),
        figures: 'as above',
      },
      {
        what: `${count} subscribers: memory`,
        figures: `${kb(ours.rss)} resident and ${kb(ours.heap)} of heap each (bare socket ${kb(bare.rss)} and ${kb(bare.heap)}); ${count} connected with ${HOMES} rows of snapshot each in ${short(ours.seconds)} s`,
      },
      {
        what: `${count} subscribers: from a session's up on the wire to a subscriber's message`,
        figures: `p50 ${short(median(waits.p50))} ms, p99 ${short(median(waits.p99))} ms (medians of ${waits.p50.length} single events, ${waits.n} messages)`,
      },
    ];
  } finally {
    for (const started of helpers.toReversed()) await started.stop();
  }
}
