/**
 * The homes behind the router: each enabled PPP secret has a modem that dials, gets an address, moves traffic and hangs up.
 * A disabled secret is refused at the next dial and never ends a session that runs; neither does its removal.
 */

import { makeAddressPools, type Lease } from './address-pool.ts';
import { valueOf } from './describe.ts';
import { menuAt } from './menus/index.ts';
import type { World } from './menus/menu.ts';
import { formatMoment } from './release.ts';
import type { Appointment, Scheduler } from './scheduler.ts';
import type { Row } from './table.ts';
import { fingerprint, Traffic } from './traffic.ts';
import { formatDuration, parseAddress, parseBitsPair, parseDuration } from './values.ts';

/** A live PPPoE session. */
export interface Session {
  readonly name: string;
  readonly callerId: string;
  readonly address: string;
  readonly localAddress: string;
  readonly service: string;
  readonly interfaceName: string;
  readonly interfaceId: string;
  readonly activeId: string;
  readonly sessionId: string;
  readonly profile: string;
  /** ms since 1970. */
  readonly since: number;
}

export interface SessionChange {
  kind: 'up' | 'down';
  session: Session;
  /** Why it went down: `admin-reset`, `peer-request`, `session-timeout`, `reboot`. */
  reason?: string;
}

export interface SubscriberOptions {
  world: World;
  scheduler: Scheduler;
  random: () => number;
  /** Shortest and longest wait before a dial, ms. */
  dialDelayMs: readonly [number, number];
  /** Secrets whose modem hangs up by itself after so many ms (shortest, longest). */
  hangUpAfterMs: Readonly<Record<string, readonly [number, number]>>;
  onChange: (change: SessionChange) => void;
}

interface Subscriber {
  secret: Row;
  /** MAC of the modem; fixed when the secret first appears. */
  mac: string;
  call: Call | undefined;
  dial: Appointment | undefined;
  refused: boolean;
}

interface Call {
  session: Session;
  active: Row;
  link: Row;
  binding: Row;
  queue: Row | undefined;
  leases: Lease[];
  owner: Subscriber | undefined;
  timers: Appointment[];
}

export interface Subscribers {
  /** Dials now. Gives undefined when it worked or why it did not. */
  dial(name: string): string | undefined;
  /** The modem (or, with a reason, the router) ends the session; the modem redials later. */
  hangUp(name: string, reason?: string): boolean;
  /** Another modem at that home: its MAC from the next dial on. */
  changeModem(name: string, mac: string): void;
  sessions(): Session[];
  count(): number;
  sessionAt(address: string): Session | undefined;
  /** Lets everybody dial. */
  start(): void;
  /** Ends every session without a word to the homes, as a power cut does; nobody dials until `start`. */
  powerOff(): void;
}

const secretMenu = menuAt('/ppp/secret')!;
/** What a session without a rate-limit moves at most, bits per second. */
const UNLIMITED: [number, number] = [20e6, 100e6];

function macOf(name: string): string {
  const hex = (fingerprint(name) % 2 ** 40).toString(16).padStart(10, '0').toUpperCase();
  return `02:${hex.match(/../g)!.join(':')}`;
}

export function makeSubscribers(options: SubscriberOptions): Subscribers {
  const { world, scheduler } = options;
  const secrets = world.table('/ppp/secret');
  const pools = makeAddressPools(world.table('/ip/pool'), world.table('/ip/pool/used'));
  const bySecret = new Map<string, Subscriber>();
  const calls = new Map<string, Call>();
  const byAddress = new Map<string, Call>();
  /** Numbers sessions and their dynamic rows; a later boot begins elsewhere, so that no id comes back as another row. */
  let serial = Math.floor(scheduler.now() / 1000) % 0xfffff;
  let running = false;

  const between = ([least, most]: readonly [number, number]) => least + options.random() * (most - least);
  const ofSecret = (subscriber: Subscriber, property: string) => valueOf(secretMenu, subscriber.secret, property) ?? '';
  const nameOf = (subscriber: Subscriber) => subscriber.secret.values.name ?? '';

  function schedule(subscriber: Subscriber, patience = 1): void {
    subscriber.dial?.cancel();
    if (!running || !['any', 'pppoe'].includes(ofSecret(subscriber, 'service'))) return;
    subscriber.dial = scheduler.at(scheduler.now() + between(options.dialDelayMs) * patience, () => {
      subscriber.dial = undefined;
      connect(subscriber);
    });
  }

  /** Logs a refusal and lets the modem try again, less eagerly when only an operator can change the outcome. */
  function refuse(subscriber: Subscriber, why: string, patience: number): string {
    world.log('pppoe,ppp,error', `<${subscriber.mac}>: user ${nameOf(subscriber)} ${why}`);
    subscriber.refused = true;
    schedule(subscriber, patience);
    return why;
  }

  /** The address a session gets: a fixed one, or one of a pool. */
  function assign(wanted: string | undefined, owner: string, leases: Lease[]): string | undefined {
    if (!wanted || parseAddress(wanted) !== undefined) return wanted || undefined;
    const lease = pools.take(wanted, owner);
    if (lease) leases.push(lease);
    return lease?.address;
  }

  function connect(subscriber: Subscriber): string | undefined {
    const name = nameOf(subscriber);
    const ongoing = calls.get(name);
    if (ongoing) {
      // The secret was removed and made anew while its modem stayed connected.
      ongoing.owner = subscriber;
      subscriber.call = ongoing;
      return undefined;
    }
    if (ofSecret(subscriber, 'disabled') === 'true') return refuse(subscriber, 'authentication failed - user disabled', 5);
    const lock = ofSecret(subscriber, 'caller-id');
    if (lock !== '' && lock.toUpperCase() !== subscriber.mac) return refuse(subscriber, 'authentication failed - caller-id does not match', 5);

    const profileName = ofSecret(subscriber, 'profile');
    const profile = world.table('/ppp/profile').byKey(profileName);
    if (!profile) return refuse(subscriber, `authentication failed - profile ${profileName} is missing`, 5);
    const leases: Lease[] = [];
    const remote = subscriber.secret.values['remote-address'] ?? profile.values['remote-address'];
    let address = assign(remote, name, leases);
    if (!address && remote) return refuse(subscriber, `could not get an address: pool ${remote} is empty`, 1);
    const local = assign(subscriber.secret.values['local-address'] ?? profile.values['local-address'], name, leases);
    serial += 1;
    if (!address) {
      address = `10.112.${112 + (Math.floor(serial / 254) % 100)}.${1 + (serial % 254)}`;
      world.log('pppoe,ppp,info', `<pppoe-${name}>: could not determine remote address, using ${address}`);
    }
    open(subscriber, { name, address, local: local ?? '10.112.112.112', profile, leases });
    return undefined;
  }

  function open(subscriber: Subscriber, terms: { name: string; address: string; local: string; profile: Row; leases: Lease[] }): void {
    const { name, address, local, profile, leases } = terms;
    const since = scheduler.now();
    const interfaceName = `<pppoe-${name}>`;
    const sessionId = `0x${(0x81100000 + serial).toString(16)}`;
    const rate = profile.values['rate-limit'];
    const [upLimit, downLimit] = (rate ? parseBitsPair(rate.split(' ')[0]!) : undefined) ?? UNLIMITED;
    const traffic = new Traffic(name, [upLimit * 0.5, downLimit], since);
    const live = () => ({ uptime: formatDuration((scheduler.now() - since) / 1000) });

    const link = world.table('/interface').add(
      {
        name: interfaceName, type: 'pppoe-in', mtu: '1480', 'actual-mtu': '1480', dynamic: 'true', running: 'true', disabled: 'false',
        'last-link-up-time': formatMoment(world.release, since),
      },
      { dynamic: true, live: () => traffic.onInterface(scheduler.now()), id: `*${(0xf00000 + serial).toString(16).toUpperCase()}` },
    );
    const binding = world.table('/interface/pppoe-server').add(
      {
        name: interfaceName, user: name, service: 'service1', 'remote-address': subscriber.mac, encoding: '', mtu: '1480', mru: '1480',
        running: 'true', dynamic: 'true', disabled: 'false',
      },
      { dynamic: true, live, id: link.id },
    );
    const queue = rate
      ? world.table('/queue/simple').add(
          { name: interfaceName, target: interfaceName, 'max-limit': `${upLimit}/${downLimit}`, dynamic: 'true', disabled: 'false' },
          { dynamic: true, live: () => traffic.onQueue(scheduler.now()) },
        )
      : undefined;
    const comment = subscriber.secret.values.comment;
    const active = world.table('/ppp/active').add(
      {
        name, service: 'pppoe', 'caller-id': subscriber.mac, address, encoding: '', 'session-id': sessionId,
        'limit-bytes-in': '0', 'limit-bytes-out': '0', radius: 'false', ...(comment === undefined ? {} : { comment }),
      },
      { dynamic: true, live, id: `*${(0x80000000 + serial).toString(16).toUpperCase()}` },
    );
    const session: Session = {
      name, callerId: subscriber.mac, address, localAddress: local, service: 'pppoe', interfaceName, interfaceId: link.id, activeId: active.id,
      sessionId, profile: profile.values.name ?? '', since,
    };
    const call: Call = { session, active, link, binding, queue, leases, owner: subscriber, timers: [] };
    calls.set(name, call);
    byAddress.set(address, call);
    subscriber.call = call;
    subscriber.refused = false;
    const endAfter = (ms: number, reason: string) => call.timers.push(scheduler.at(since + ms, () => close(call, reason)));
    const timeout = parseDuration(profile.values['session-timeout'] ?? '');
    if (timeout) endAfter(timeout * 1000, 'session-timeout');
    const habit = Object.hasOwn(options.hangUpAfterMs, name) ? options.hangUpAfterMs[name] : undefined;
    if (habit) endAfter(between(habit), 'peer-request');
    world.log('pppoe,ppp,info', `${interfaceName}: connected`);
    options.onChange({ kind: 'up', session });
  }

  function close(call: Call, reason: string): void {
    const { session } = call;
    if (calls.get(session.name) !== call) return;
    calls.delete(session.name);
    if (byAddress.get(session.address) === call) byAddress.delete(session.address);
    for (const timer of call.timers) timer.cancel();
    world.table('/ppp/active').remove(call.active);
    if (call.queue) world.table('/queue/simple').remove(call.queue);
    world.table('/interface/pppoe-server').remove(call.binding);
    world.table('/interface').remove(call.link);
    for (const lease of call.leases) lease.release();
    const { owner } = call;
    if (owner) {
      owner.call = undefined;
      if (reason !== 'reboot') {
        secrets.update(owner.secret, {
          'last-logged-out': formatMoment(world.release, scheduler.now()),
          'last-caller-id': session.callerId,
          'last-disconnect-reason': reason,
        });
      }
      schedule(owner);
    }
    if (reason !== 'reboot') world.log('pppoe,ppp,info', `${session.interfaceName}: terminating... - ${reason}`);
    options.onChange({ kind: 'down', session, reason });
  }

  function welcome(secret: Row): void {
    const lock = (secret.values['caller-id'] ?? '').toUpperCase();
    // A secret that is born locked is locked to the modem that is there.
    secret.hidden.mac ??= lock || macOf(secret.values.name ?? '');
    secret.values['last-logged-out'] ??= formatMoment(world.release, 0);
    const subscriber: Subscriber = { secret, mac: secret.hidden.mac, call: undefined, dial: undefined, refused: false };
    bySecret.set(secret.id, subscriber);
    schedule(subscriber);
  }

  secrets.subscribe((event) => {
    if (event.kind === 'order') return;
    const subscriber = bySecret.get(event.row.id);
    if (event.kind === 'add') welcome(event.row);
    else if (!subscriber) return;
    else if (event.kind === 'remove') {
      bySecret.delete(event.row.id);
      subscriber.dial?.cancel();
      if (subscriber.call) subscriber.call.owner = undefined;
    } else if (!subscriber.call) {
      const differs = ['disabled', 'caller-id', 'profile', 'service', 'remote-address'].some((name) => event.before[name] !== event.row.values[name]);
      if (differs && (subscriber.refused || !subscriber.dial || event.before.disabled !== event.row.values.disabled)) schedule(subscriber);
    }
  });
  for (const row of secrets.rows()) welcome(row);

  const subscriberNamed = (name: string) => {
    const row = secrets.byKey(name);
    return row && bySecret.get(row.id);
  };

  return {
    dial(name) {
      const subscriber = subscriberNamed(name);
      if (!subscriber) return 'no such secret';
      subscriber.dial?.cancel();
      subscriber.dial = undefined;
      return connect(subscriber);
    },
    hangUp(name, reason = 'peer-request') {
      const call = calls.get(name);
      if (call) close(call, reason);
      return call !== undefined;
    },
    changeModem(name, mac) {
      const subscriber = subscriberNamed(name);
      if (!subscriber) throw new Error(`no secret named ${name}`);
      subscriber.mac = mac.toUpperCase();
      subscriber.secret.hidden.mac = subscriber.mac;
    },
    sessions: () => [...calls.values()].map((call) => call.session),
    count: () => calls.size,
    sessionAt: (address) => byAddress.get(address)?.session,
    start() {
      running = true;
      for (const subscriber of bySecret.values()) schedule(subscriber);
    },
    powerOff() {
      running = false;
      for (const subscriber of bySecret.values()) subscriber.dial?.cancel();
      for (const call of calls.values()) close(call, 'reboot');
    },
  };
}
