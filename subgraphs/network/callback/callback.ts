import { randomBytes } from 'node:crypto';
import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { invalidField } from '#kernel/errors.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import type { RouterFleet } from '../router/router-fleet.ts';
import type { Router, Routers } from '../router/router.ts';
import { makeCallbackQueue, type CallbackQueue } from './callback-queue.ts';
import { hashSecret, makeCallbackSources, type SourceRouter } from './callback-sources.ts';
import { callbackSecretRotated } from './callback.events.ts';
import * as store from './callback.store.ts';
import { PppoeCallbackOutcome, type PppoeCallbackAction, type PppoeCallbackInput } from './callback.type.ts';
import { makeConfirmation } from './confirmation.ts';
import { makeSecretNames, type SecretNames } from './secret-names.ts';

/** What a router's script said of one user, as it said it. */
export interface PppoeCallback {
  action: PppoeCallbackAction;
  name: string;
  callerId: string | null;
  interface: string | null;
  localAddress: string | null;
  remoteAddress: string | null;
  service: string | null;
  receivedAt: Date;
  routerId: string;
}

/** What routers' `on-up` and `on-down` scripts tell. A callback is a hint: sessions change only by what is read after it. */
export interface Callbacks {
  /** Judges callbacks of any tenant, in their order; those that are accepted are passed on at once. @throws VALIDATION_ERROR */
  report(events: readonly PppoeCallbackInput[]): Promise<PppoeCallbackOutcome[]>;
  /** The accepted callbacks of a router, from now on. @throws NOT_FOUND; VALIDATION_ERROR naming `routerId`. */
  open(principal: Principal, routerId: string | null | undefined): Promise<AsyncIterableIterator<PppoeCallback, void, void>>;
  /** The row of the router that told, for somebody of its tenant: callbacks come by the thousand, so it is read once for all that come within a second. */
  routerOf(callback: PppoeCallback, principal: Principal, read: () => Promise<Router | null>): Promise<Router | null>;
  /** A new callback secret for a router; the one before is void. It is shown this once. @throws NOT_FOUND */
  rotateSecret(principal: Principal, routerId: string): Promise<string>;
  /** For whoever reads or changes PPP secrets. */
  readonly names: Pick<SecretNames, 'note'>;
  stop(): void;
}

export interface CallbacksOptions extends Pick<SubgraphKit, 'db' | 'bus' | 'clock' | 'log' | 'metrics'> {
  fleet: RouterFleet;
  routers: Pick<Routers, 'get' | 'meant'>;
  /** All addresses of a host name. Default: the system's resolver. */
  resolve?: (host: string) => Promise<string[]>;
}

const MAX_EVENTS = 1_000;
/** How long a router's row is known; a change of it is told sooner. */
const ROW_KNOWN_MS = 1_000;
/** Of each text a callback carries. */
const LONGEST = 255;

export function makeCallbacks({ db, bus, clock, log, metrics, fleet, routers, resolve }: CallbacksOptions): Callbacks {
  const outcomes = metrics.counter('headend_pppoe_callbacks_total', 'PPPoE callbacks by outcome', ['outcome']);
  const reads = metrics.counter('headend_pppoe_callback_reads_total', 'Reads of routers because of PPPoE callbacks: `names` some users\' sessions, `all` every session, `secrets` the names of the secrets', ['kind']);
  const sources = makeCallbackSources({ list: () => db.system((tx) => store.listSources(tx)), ...(resolve ? { resolve } : {}) });
  const names = makeSecretNames({ fleet, onRead: () => reads.inc({ kind: 'secrets' }) });
  const confirmation = makeConfirmation({ fleet, log, onRead: (kind) => reads.inc({ kind }) });
  const watchers = new Map<string, Set<CallbackQueue<PppoeCallback>>>();

  const rows = new Map<string, { row: Promise<Router | null>; until: number; tenantId: string }>();

  const unsubscribe = fleet.onLink((routerId, what) => {
    rows.delete(routerId);
    if (what !== 'lost') sources.forget();
    if (what !== 'removed') return;
    names.forget(routerId);
    for (const queue of watchers.get(routerId) ?? []) queue.end();
    watchers.delete(routerId);
  });

  const pass = (callback: PppoeCallback): void => {
    for (const queue of watchers.get(callback.routerId) ?? []) queue.post(callback);
  };
  // Who watches may do so in another process than the one that the router calls.
  fleet.onTold('callbacks', (callbacks: PppoeCallback[]) => callbacks.forEach(pass));

  const accept = (event: PppoeCallbackInput, routerId: string): PppoeCallback => {
    const callback: PppoeCallback = {
      action: event.action,
      name: event.name,
      callerId: clip(event.callerId),
      interface: clip(event.interface),
      localAddress: clip(event.localAddress),
      remoteAddress: clip(event.remoteAddress),
      service: clip(event.service),
      receivedAt: event.receivedAt,
      routerId,
    };
    pass(callback);
    confirmation.hint(routerId, event.name);
    return callback;
  };

  return {
    async report(events) {
      if (events.length > MAX_EVENTS) throw invalidField('events', 'TOO_LONG', `events must have at most ${MAX_EVENTS} entries.`);
      const known = await sources.snapshot();
      const from = events.map((event) => known.of(event));
      const told = events.map(({ name }, at) => from[at]!.length > 0 && name !== '' && name.length <= LONGEST);

      // Whose service it is decides, on one statement for all of them.
      const candidates = new Map<string, SourceRouter>();
      for (const [at, routersThere] of from.entries()) if (told[at]) for (const router of routersThere) candidates.set(router.id, router);
      const asked = [...new Set(events.filter((_, at) => told[at]).map(({ name }) => name))];
      const owned = new Set<string>();
      if (asked.length > 0) {
        for (const { routerId, name } of await db.system((tx) => store.ownersOf(tx, [...candidates.values()], asked))) owned.add(`${routerId} ${name}`);
      }
      const ownerOf = (at: number) => from[at]!.find(({ id }) => owned.has(`${id} ${events[at]!.name}`));
      const holderOf = (at: number) => from[at]!.find(({ id }) => names.has(id, events[at]!.name));

      // Who belongs to no service may still have a secret on the router.
      const unsure = new Set<string>();
      for (const at of events.keys()) if (told[at] && !ownerOf(at) && !holderOf(at)) for (const { id } of from[at]!) unsure.add(id);
      await names.refresh(unsure);

      const accepted: PppoeCallback[] = [];
      const judged = events.map((event, at) => {
        const router = told[at] ? (ownerOf(at) ?? holderOf(at)) : undefined;
        const outcome = router ? PppoeCallbackOutcome.ACCEPTED : from[at]!.length > 0 ? PppoeCallbackOutcome.RECORDED : PppoeCallbackOutcome.REFUSED;
        outcomes.inc({ outcome });
        if (router) accepted.push(accept(event, router.id));
        return outcome;
      });
      if (accepted.length > 0) fleet.tell('callbacks', accepted);
      return judged;
    },

    async open(principal, routerId) {
      const router = await routers.meant(principal, routerId);
      const there = watchers.get(router.id) ?? new Set();
      watchers.set(router.id, there);
      const queue = makeCallbackQueue<PppoeCallback>({
        nameOf: ({ name }) => name,
        onReturn: () => {
          there.delete(queue);
          if (there.size === 0 && watchers.get(router.id) === there) watchers.delete(router.id);
        },
      });
      there.add(queue);
      return queue;
    },

    routerOf({ routerId }, principal, read) {
      const tenantId = tenantOf(principal);
      const known = rows.get(routerId);
      if (known && known.tenantId === tenantId && performance.now() < known.until) return known.row;
      const row = read();
      rows.set(routerId, { row, until: performance.now() + ROW_KNOWN_MS, tenantId });
      // A failure is not an answer: the next callback asks again.
      row.catch(() => rows.delete(routerId));
      return row;
    },

    async rotateSecret(principal, routerId) {
      const tenantId = tenantOf(principal);
      const router = await routers.get(principal, routerId);
      const secret = randomBytes(32).toString('base64url');
      const now = clock.now();
      await db.write(tenantId, async (tx) => {
        await store.keepSecret(tx, { routerId: router.id, tenantId, secretHash: hashSecret(secret), rotatedAt: now });
        await bus.publish(tx, [callbackSecretRotated(tenantId, router.id, principal)]);
      });
      sources.forget();
      return secret;
    },

    names,

    stop() {
      unsubscribe();
      confirmation.stop();
      for (const there of watchers.values()) for (const queue of there) queue.end();
      watchers.clear();
    },
  };
}

function clip(text: string | null | undefined): string | null {
  return text?.slice(0, LONGEST) || null;
}
