import { isIP } from 'node:net';
import { uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import type { SessionOwners } from '../ppp-session/session-owners.ts';
import type { RouterSpec } from '../router/router-fleet.ts';
import type { LiveChange, LiveSession, LiveSessions } from '../routeros/live-sessions.ts';
import type { HistoryUpkeep } from './history-upkeep.ts';
import type { SessionRecord } from './session-history.ts';
import { SessionEndReason } from './session-history.type.ts';
import * as store from './session-history.store.ts';

type LiveView = Pick<LiveSessions, 'sessions' | 'byName'>;

/**
 * Writes the sessions of routers into the history: behind the events, many at once. What a process that dies has not written yet,
 * the next owner of the router finds by comparing what is open on paper with what the router has.
 */
export interface SessionRecorder {
  changed(spec: Pick<RouterSpec, 'id' | 'tenantId'>, change: LiveChange, live: LiveView): void;
  /** Writes what waits; used at stop. */
  drain(): Promise<void>;
}

export interface SessionRecorderOptions extends Pick<SubgraphKit, 'db' | 'clock' | 'log'> {
  owners: SessionOwners;
  upkeep: Pick<HistoryUpkeep, 'makeMonths'>;
  /** What comes within this time is written together. Default 250. */
  gatherMs?: number;
}

type Step =
  | { kind: 'opened'; session: LiveSession; id: string }
  | { kind: 'changed'; session: LiveSession }
  | { kind: 'closed'; session: LiveSession; /** Undefined: gone at a comparison, whyever. */ reason?: SessionEndReason; endedAt: Date }
  | { kind: 'compared'; bootedAt: Date | null };

interface Waiting {
  spec: Pick<RouterSpec, 'id' | 'tenantId'>;
  live: LiveView;
  steps: Step[];
}

const BATCH = 500;
/** What is held for a router while the database is away; beyond it, everything is compared when the database is back. */
const HELD_MAX = 20_000;
const RETRY_MS = 1_000;
/** What began so long before the router did, did so before its restart. */
const BOOT_TOLERANCE_MS = 60_000;

const keyOf = ({ name, sessionId }: store.SessionKey) => `${name}\0${sessionId ?? ''}`;

export function makeSessionRecorder({ db, clock, log, owners, upkeep, gatherMs = 250 }: SessionRecorderOptions): SessionRecorder {
  const waiting = new Map<string, Waiting>();
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> | undefined;

  const recordsOf = async ({ id: routerId, tenantId }: Waiting['spec'], opened: ReadonlyArray<{ id: string; session: LiveSession }>): Promise<SessionRecord[]> => {
    await upkeep.makeMonths(opened.map(({ session }) => session.startedAt));
    const services = await Promise.all(opened.map(({ session }) => owners.load({ tenantId, routerId, name: session.name })));
    return opened.map(({ id, session }, place) => ({
      id,
      routerId,
      serviceId: services[place]!,
      name: session.name,
      address: addressOf(session),
      callerId: session.callerId,
      protocol: session.service,
      sessionId: session.sessionId,
      routerosId: session.routerosId,
      startedAt: session.startedAt,
      endedAt: null,
      endReason: null,
      observedAt: session.observedAt,
      source: session.source === 'LISTEN' ? 'LISTEN' : 'RECONCILE',
    }));
  };

  const closing = ({ live }: Waiting, session: store.SessionKey, endedAt: Date, reason?: SessionEndReason): store.ClosedSession => {
    const again = reason === undefined ? live.byName(session.name) : undefined;
    const { name, sessionId } = session;
    if (again) return { name, sessionId, reason: SessionEndReason.GHOST, at: again.startedAt < endedAt ? again.startedAt : endedAt };
    return { name, sessionId, reason: reason ?? SessionEndReason.RECONCILED, at: endedAt };
  };

  /** The steps up to the next comparison, in one transaction: who came and went within them is written once. */
  const write = async (of: Waiting, steps: readonly Step[]): Promise<void> => {
    const opened = new Map<string, SessionRecord>();
    const records: SessionRecord[] = [];
    const changes: Parameters<typeof store.update>[2][number][] = [];
    const closed: store.ClosedSession[] = [];
    const came = await recordsOf(of.spec, steps.filter((step) => step.kind === 'opened'));
    let next = 0;
    for (const step of steps) {
      if (step.kind === 'compared') continue;
      const key = keyOf(step.session);
      const record = opened.get(key);
      if (step.kind === 'opened') {
        opened.set(key, came[next]!);
        records.push(came[next]!);
        next += 1;
      } else if (step.kind === 'changed') {
        const { name, sessionId, callerId, observedAt } = step.session;
        const address = addressOf(step.session);
        if (record) Object.assign(record, { address: address ?? record.address, callerId: callerId ?? record.callerId });
        else changes.push({ name, sessionId, address, callerId, at: observedAt });
      } else {
        const end = closing(of, step.session, step.endedAt, step.reason);
        closed.push(end);
        if (record) Object.assign(record, { endedAt: end.at > record.startedAt ? end.at : record.startedAt, endReason: end.reason });
        opened.delete(key);
      }
    }
    const { id, tenantId } = of.spec;
    await db.write(tenantId, async (tx) => {
      await store.close(tx, id, closed, clock.now());
      await store.update(tx, id, changes);
      await store.insert(tx, tenantId, records);
      await store.closeGhosts(tx, id, [...opened.values()]);
    });
  };

  /** What is open on paper and what the router has are made the same. */
  const compare = async (of: Waiting, bootedAt: Date | null): Promise<void> => {
    const { id, tenantId } = of.spec;
    const now = clock.now();
    const there = new Map(of.live.sessions().map((session) => [keyOf(session), session]));
    const open = await db.read(tenantId, (tx) => store.openOfRouter(tx, id));
    const closed: store.ClosedSession[] = [];
    for (const row of open) {
      const beforeBoot = bootedAt !== null && row.startedAt.getTime() < bootedAt.getTime() - BOOT_TOLERANCE_MS;
      const session = there.get(keyOf(row));
      if (session && !beforeBoot) there.delete(keyOf(row));
      else closed.push(beforeBoot ? closing(of, row, bootedAt, SessionEndReason.ROUTER_REBOOTED) : closing(of, row, now));
    }
    const missing = [...there.values()];
    for (let from = 0; from < Math.max(missing.length, 1); from += BATCH) {
      const part = missing.slice(from, from + BATCH);
      const records = await recordsOf(of.spec, part.map((session) => ({ id: uuidv7(), session })));
      await db.write(tenantId, async (tx) => {
        if (from === 0) await store.close(tx, id, closed, now);
        const again = new Set((await store.reopen(tx, id, part, now)).map(keyOf));
        const fresh = records.filter((record) => !again.has(keyOf(record)));
        await store.insert(tx, tenantId, fresh);
        await store.closeGhosts(tx, id, fresh);
      });
    }
  };

  const flush = async (): Promise<boolean> => {
    let failed = false;
    for (const [routerId, of] of waiting) {
      try {
        while (of.steps.length > 0) {
          const [first] = of.steps;
          if (first!.kind === 'compared') {
            await compare(of, first!.bootedAt);
            // An overflow may have emptied the queue meanwhile.
            if (of.steps[0] === first) of.steps.shift();
            continue;
          }
          const until = of.steps.findIndex((step) => step.kind === 'compared');
          const batch = of.steps.slice(0, Math.min(BATCH, until < 0 ? BATCH : until));
          await write(of, batch);
          if (of.steps[0] === first) of.steps.splice(0, batch.length);
        }
        waiting.delete(routerId);
      } catch (error) {
        failed = true;
        log.warn({ routerId, waiting: of.steps.length, err: error }, 'The history of sessions could not be written; it is tried again');
      }
    }
    return !failed;
  };

  const flushIn = (ms: number): void => {
    if (timer || flushing) return;
    timer = setTimeout(() => {
      timer = undefined;
      flushing = flush().then((done) => {
        flushing = undefined;
        if (waiting.size > 0) flushIn(done ? gatherMs : RETRY_MS);
      });
    }, ms);
    timer.unref();
  };

  const stepOf = (change: LiveChange): Step | undefined => {
    switch (change.action) {
      case 'SNAPSHOT':
      case 'LIVE':
        return change.staleSince === null ? { kind: 'compared', bootedAt: change.bootedAt } : undefined;
      case 'STALE':
        return undefined;
      case 'UP':
        return { kind: 'opened', session: change.session, id: uuidv7() };
      case 'CHANGE':
        return { kind: 'changed', session: change.session };
      case 'DOWN':
        if (change.rebootedAt) return { kind: 'closed', session: change.session, reason: SessionEndReason.ROUTER_REBOOTED, endedAt: change.rebootedAt };
        return { kind: 'closed', session: change.session, endedAt: change.at, ...(change.source === 'LISTEN' ? { reason: SessionEndReason.DISCONNECTED } : {}) };
    }
  };

  return {
    changed(spec, change, live) {
      const step = stepOf(change);
      if (!step) return;
      const of = waiting.get(spec.id) ?? { spec, live, steps: [] };
      of.live = live;
      waiting.set(spec.id, of);
      if (of.steps.length >= HELD_MAX) of.steps = [{ kind: 'compared', bootedAt: null }];
      of.steps.push(step);
      flushIn(gatherMs);
    },
    async drain() {
      clearTimeout(timer);
      timer = undefined;
      await flushing;
      clearTimeout(timer);
      timer = undefined;
      if (waiting.size > 0) await flush();
    },
  };
}

/** What the router wrote, where it is an address. */
function addressOf({ address }: LiveSession): string | null {
  return address !== null && isIP(address) > 0 && !address.includes('%') ? address : null;
}
