/** Traffic that is a function of time: counters cost nothing until somebody reads them. */

import { createHash } from 'node:crypto';

/** A 48-bit number that stays the same for the same text. */
export function fingerprint(text: string): number {
  return createHash('sha1').update(text, 'latin1').digest().readUIntBE(0, 6);
}

export interface Wave {
  /** Bits per second, `elapsed` ms after the start. */
  rate(elapsed: number): number;
  /** Bytes since the start. */
  bytes(elapsed: number): number;
}

/** What a subscriber moves, made when somebody first looks: most of 20,000 are never looked at. */
export class Traffic {
  private waves: [up: Wave, down: Wave] | undefined;
  /** `since`: ms; the limits: bits per second. */
  constructor(private readonly seed: string, private readonly limits: readonly [up: number, down: number], private readonly since: number) {}

  private look(): [up: Wave, down: Wave] {
    return (this.waves ??= [makeWave(`${this.seed} up`, this.limits[0]), makeWave(`${this.seed} down`, this.limits[1])]);
  }
  onInterface(now: number): Record<string, string> {
    const [up, down] = this.look();
    return interfaceCounters(up, down, now - this.since);
  }
  onQueue(now: number): Record<string, string> {
    const [up, down] = this.look();
    return queueCounters(up, down, now - this.since);
  }
}

/** A swell between 10 % and 60 % of `maxBits`, never above it; its phase comes from `seed`. */
export function makeWave(seed: string, maxBits: number): Wave {
  const mark = fingerprint(seed);
  const phase = ((mark % 1000) / 1000) * 2 * Math.PI;
  const period = 60 + (Math.floor(mark / 1000) % 240);
  const omega = (2 * Math.PI) / period;
  return {
    rate: (elapsed) => maxBits * (0.35 + 0.25 * Math.sin(omega * (elapsed / 1000) + phase)),
    bytes: (elapsed) => {
      const seconds = elapsed / 1000;
      // The integral of the rate.
      return Math.floor((maxBits * (0.35 * seconds + (0.25 / omega) * (Math.cos(phase) - Math.cos(omega * seconds + phase)))) / 8);
    },
  };
}

const PACKET = 900;

/** Counters of an interface whose rx is `up` and tx is `down`, as /interface prints them; `$…` values are for monitor-traffic. */
export function interfaceCounters(up: Wave, down: Wave, elapsed: number): Record<string, string> {
  const rx = up.bytes(elapsed);
  const tx = down.bytes(elapsed);
  return {
    'rx-byte': String(rx),
    'tx-byte': String(tx),
    'rx-packet': String(Math.floor(rx / PACKET)),
    'tx-packet': String(Math.floor(tx / PACKET)),
    'fp-rx-byte': '0',
    'fp-tx-byte': '0',
    '$rx-bits': String(up.rate(elapsed)),
    '$tx-bits': String(down.rate(elapsed)),
  };
}

/** The same as a simple queue counts it: upload/download. */
export function queueCounters(up: Wave, down: Wave, elapsed: number): Record<string, string> {
  const rx = up.bytes(elapsed);
  const tx = down.bytes(elapsed);
  return {
    bytes: `${rx}/${tx}`,
    packets: `${Math.floor(rx / PACKET)}/${Math.floor(tx / PACKET)}`,
    rate: `${Math.round(up.rate(elapsed))}/${Math.round(down.rate(elapsed))}`,
    'packet-rate': `${Math.round(up.rate(elapsed) / 8 / PACKET)}/${Math.round(down.rate(elapsed) / 8 / PACKET)}`,
  };
}
