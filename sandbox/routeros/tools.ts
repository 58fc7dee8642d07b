/** Commands that measure: /interface/monitor-traffic and /tool/ping. */

import type { Action, Attributes, Call, Outcome, Sink, World } from './menus/menu.ts';
import { rowOf } from './describe.ts';
import type { Row } from './table.ts';
import { badValue, missing, noMatch, noSuchItem, outOfRange, Trap, unknownParameter } from './traps.ts';
import { parseAddress, parseDuration } from './values.ts';

/** An interval in ms within RouterOS' bounds. */
function interval(call: Call, property: string, fallback: number, min: number, max: number): number {
  const given = call.attributes.get(property);
  if (given === undefined) return fallback;
  const seconds = parseDuration(given);
  if (seconds === undefined) throw badValue(property);
  const ms = seconds * 1000;
  if (ms < min || ms > max) throw outOfRange(property, min, max);
  return ms;
}

function only(call: Call, world: World, allowed: readonly string[]): void {
  for (const name of call.attributes.keys()) if (!allowed.includes(name)) throw unknownParameter(world.release, name);
}

/** Calls `tick` now and then every `ms` until it says false or the stream is stopped. */
function repeat(world: World, ms: number, tick: (count: number) => boolean): () => void {
  let stopped = false;
  let disarm: (() => void) | undefined;
  let count = 0;
  const step = () => {
    if (stopped || !tick(count++) || stopped) return;
    disarm = world.after(ms, step);
  };
  step();
  return () => {
    stopped = true;
    disarm?.();
  };
}

const RATES = ['packets-per-second', 'bits-per-second', 'fp-packets-per-second', 'fp-bits-per-second', 'drops-per-second', 'errors-per-second'];

/** One tick's reading of an interface. rx = what the subscriber uploads. */
function reading(world: World, row: Row, wanted: ReadonlySet<string> | undefined): Attributes {
  const live = row.live?.() ?? {};
  const all: Attributes = world.release.atLeast(6, 0) ? { name: row.values.name ?? '' } : {};
  for (const side of ['rx', 'tx']) {
    const bits = Number(live[`$${side}-bits`] ?? 0);
    const packets = Math.round(bits / 8 / 900);
    for (const rate of RATES) {
      const property = rate.startsWith('fp-') ? `fp-${side}-${rate.slice(3)}` : `${side}-${rate}`;
      const fast = rate.startsWith('fp-');
      if (side === 'tx' && rate.startsWith('errors')) all['tx-queue-drops-per-second'] = '0';
      all[property] = fast || rate.startsWith('drops') || rate.startsWith('errors') ? '0' : String(rate.startsWith('packets') ? packets : Math.round(bits));
    }
  }
  return pick(all, wanted);
}

/** All interfaces together, as `interface=aggregate` asks for them. */
function together(readings: readonly Attributes[]): Attributes {
  const total: Attributes = { name: 'aggregate' };
  for (const one of readings) for (const property in one) if (property !== 'name') total[property] = String(Number(total[property] ?? 0) + Number(one[property]));
  return total;
}

function pick(all: Attributes, wanted: ReadonlySet<string> | undefined): Attributes {
  return wanted ? Object.fromEntries(Object.entries(all).filter(([property]) => wanted.has(property))) : all;
}

export const monitorTraffic: Action = (call, world) => {
  only(call, world, ['interface', 'once', 'interval', 'duration', '.proplist', 'numbers', '.id']);
  const asked = call.attributes.get('interface') ?? call.attributes.get('numbers') ?? call.attributes.get('.id');
  if (asked === undefined || asked === '') throw missing('interface');
  const table = world.table('/interface');
  const aggregate = asked === 'aggregate';
  const ids = (aggregate ? [...table.rows()].filter((row) => !row.dynamic).map((row) => row.id) : asked.split(',')).map((item) => {
    const row = rowOf(table, item);
    if (!row) throw noMatch('interface');
    return row.id;
  });
  const proplist = call.attributes.get('.proplist');
  const wanted = proplist === undefined ? undefined : new Set(proplist.split(','));
  const ms = interval(call, 'interval', 1000, 20, 5000);
  const duration = call.attributes.has('duration') ? interval(call, 'duration', 0, 0, Infinity) : Infinity;
  const present = () => ids.map((id) => table.byId(id)).filter((row) => row !== undefined);
  const readings = () => (aggregate ? [pick(together(present().map((row) => reading(world, row, undefined))), wanted)] : present().map((row) => reading(world, row, wanted)));

  const once = call.attributes.get('once');
  if (once !== undefined && once !== 'no' && once !== 'false') return { rows: readings() };

  const started = world.now();
  return {
    stream: (sink) =>
      repeat(world, ms, (section) => {
        const rows = present();
        if (rows.length === 0) {
          sink.end(noSuchItem());
          return false;
        }
        for (const one of readings()) sink.row({ ...one, '.section': String(section) });
        if (world.now() - started + ms <= duration) return true;
        sink.end();
        return false;
      }),
  };
};

/** Microseconds as RouterOS writes a round trip: `1ms45us`, from before 7 `1ms`. */
function formatRoundTrip(world: World, micros: number): string {
  const ms = Math.floor(micros / 1000);
  if (!world.release.atLeast(7, 0)) return `${ms}ms`;
  return ms === 0 ? `${micros}us` : `${ms}ms${micros % 1000 === 0 ? '' : `${micros % 1000}us`}`;
}

/** The running totals of one ping. */
function pinger(call: Call, world: World, host: string) {
  const size = call.attributes.get('size') ?? '56';
  const ttl = call.attributes.get('ttl') ?? '64';
  let received = 0;
  let total = 0;
  let least = Infinity;
  let most = 0;
  return (seq: number): Attributes => {
    const micros = world.roundTrip(host, seq);
    if (micros !== undefined) {
      received += 1;
      total += micros;
      least = Math.min(least, micros);
      most = Math.max(most, micros);
    }
    const sent = seq + 1;
    const totals: Attributes = {
      sent: String(sent),
      received: String(received),
      'packet-loss': String(Math.round(((sent - received) / sent) * 100)),
    };
    if (received > 0) {
      totals['min-rtt'] = formatRoundTrip(world, least);
      totals['avg-rtt'] = formatRoundTrip(world, Math.round(total / received));
      totals['max-rtt'] = formatRoundTrip(world, most);
    }
    if (micros === undefined) return { seq: String(seq), host, status: 'timeout', ...totals };
    return { seq: String(seq), host, size, ttl, time: formatRoundTrip(world, micros), ...totals };
  };
}

export const ping: Action = (call, world): Outcome => {
  only(call, world, ['address', 'count', 'interval', 'size', 'src-address', 'interface', 'vrf', 'routing-table', 'ttl', 'dscp', 'arp-ping', 'do-not-fragment', '.proplist']);
  const address = call.attributes.get('address');
  if (address === undefined || address === '') throw missing('address');
  if (parseAddress(address) === undefined) {
    if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(address)) throw badValue('address');
    throw new Trap({ message: 'while resolving ip-address: could not get answer from dns server' });
  }
  const countText = call.attributes.get('count');
  if (countText !== undefined && !/^\d+$/.test(countText)) throw badValue('count');
  const count = countText === undefined ? Infinity : Number(countText);
  const ms = interval(call, 'interval', 1000, 10, 5000);
  const next = pinger(call, world, address);
  const wanted = call.attributes.has('.proplist') ? new Set(call.attributes.get('.proplist')!.split(',')) : undefined;
  return {
    stream: (sink: Sink) =>
      repeat(world, ms, (seq) => {
        if (seq < count) sink.row(pick(next(seq), wanted));
        if (seq + 1 < count) return true;
        sink.end();
        return false;
      }),
  };
};
