import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { once } from '#kernel/db/idempotency.ts';
import { conflict, notFound } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid, uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { DeviceStepOutcome } from '../access/access.type.ts';
import type { StepResult } from '../access/enforce-access.ts';
import { credentialsContext } from '../credentials/credentials.ts';
import { deviceFailure, routerUnavailable } from '../errors.ts';
import type { RouterFleet } from '../router/router-fleet.ts';
import type { Routers } from '../router/router.ts';
import { RouterOsError } from '../routeros/errors.ts';
import { readSubscriberRow, readSubscriberRows, type SubscriberRows } from '../routeros/subscriber-rows.ts';
import { idempotencyKeys } from '../tables.ts';
import { propose, treatmentOf, type ItemKind, type OfferedPlan, type Problem, type ProposedItem, type ProposedPlan, type Treatment } from './proposal.ts';
import * as store from './router-import.store.ts';
import type { ChangeRouterImportItemInput, OpenRouterImportInput, OpenSecretAdoptionInput, SettleRouterImportItemInput } from './router-import-steps.type.ts';

export type ImportState = 'READING' | 'READY' | 'APPLYING' | 'CANCELLING' | 'DONE' | 'CANCELLED' | 'FAILED';
export type ItemState = 'OPEN' | 'RUNNING' | 'DONE' | 'SKIPPED' | 'FAILED';

export interface RouterImport {
  id: string;
  tenantId: string;
  routerId: string;
  state: ImportState;
  version: number;
  billingDay: number;
  customerNameFrom: 'COMMENT' | 'SECRET_NAME';
  priceAmount: string;
  priceCurrency: string;
  plans: OfferedPlan[];
  reasonCode: string | null;
  reasonMessage: string | null;
  startedBy: string | null;
  createdAt: Date;
  readAt: Date | null;
  expiresAt: Date;
  finishedAt: Date | null;
}

export interface RouterImportItem {
  id: string;
  tenantId: string;
  importId: string | null;
  routerId: string;
  position: number;
  kind: ItemKind;
  name: string;
  treatment: Treatment;
  problems: Problem[];
  excluded: boolean;
  owned: boolean;
  online: boolean;
  seen: Record<string, unknown>;
  plan: ProposedPlan | null;
  planChosen: boolean;
  profileItemId: string | null;
  profile: string | null;
  customerName: string | null;
  email: string | null;
  phone: string | null;
  credentialsId: string | null;
  passwordSealed: string | null;
  passwordFingerprint: string | null;
  state: ItemState;
  outcomeCode: string | null;
  outcomeMessage: string | null;
  runId: string | null;
  customerId: string | null;
  serviceId: string | null;
  finishedAt: Date | null;
}

export interface ImportCounts {
  profiles: number;
  secrets: number;
  pools: number;
  createPlans: number;
  usePlans: number;
  adopt: number;
  owned: number;
  skip: number;
  withoutPassword: number;
  online: number;
  open: number;
  running: number;
  done: number;
  skipped: number;
  failed: number;
}

/** Of an import that has not been read. */
export const NO_COUNTS: ImportCounts = { profiles: 0, secrets: 0, pools: 0, createPlans: 0, usePlans: 0, adopt: 0, owned: 0, skip: 0, withoutPassword: 0, online: 0, open: 0, running: 0, done: 0, skipped: 0, failed: 0 };

/**
 * A router that was there before, read into a proposal that people look through and change a little before anything is
 * written. Applying it is the work of ops, item by item, through the steps below.
 */
export interface RouterImports {
  /** @throws NOT_FOUND */
  get(principal: Principal, id: string): Promise<RouterImport>;
  list(principal: Principal, query: store.ImportQuery): Promise<ConnectionValue<RouterImport>>;
  items(of: RouterImport, query: store.ItemQuery): Promise<ConnectionValue<RouterImportItem>>;
  /** Rows only, idempotent on the id, and on `idempotencyKey`. @throws NOT_FOUND for the router; CONFLICT */
  open(principal: Principal, input: OpenRouterImportInput): Promise<RouterImport>;
  /** Reads the router; nothing to read is DONE. @throws NOT_FOUND */
  read(principal: Principal, id: string): Promise<StepResult>;
  /** @throws NOT_FOUND; CONFLICT when it has expired, is under way, or the item has been taken over. */
  changeItem(principal: Principal, input: ChangeRouterImportItemInput): Promise<RouterImportItem>;
  /** What is not taken over yet is, from now on. @throws NOT_FOUND; CONFLICT when it has expired or was not read. */
  begin(principal: Principal, id: string): Promise<RouterImport>;
  /** Nothing more is begun. @throws NOT_FOUND; CONFLICT when it has ended. */
  stop(principal: Principal, id: string): Promise<RouterImport>;
  /** What is being taken over, and as many more as make `limit`. Ends the import when there is nothing left. @throws NOT_FOUND */
  next(principal: Principal, id: string, limit: number): Promise<{ routerImport: RouterImport; items: RouterImportItem[] }>;
  /** What became of an item; nothing is noted when another run has it by now. @throws NOT_FOUND */
  settle(principal: Principal, input: SettleRouterImportItemInput): Promise<void>;
  /** One secret, to be taken over by itself. @throws NOT_FOUND; CONFLICT saying why it cannot be; UNAVAILABLE */
  inspect(principal: Principal, input: OpenSecretAdoptionInput): Promise<RouterImportItem>;
}

/** How long a proposal may be applied: what it was read from grows old. */
const LIFE_MS = 24 * 3_600_000;
const READ_DEADLINE_MS = 14_000;
const INSPECT_DEADLINE_MS = 5_000;

const DONE: StepResult = { outcome: DeviceStepOutcome.DONE, code: null, message: null };

export function makeRouterImports({ db, clock, secretBox, fleet, routers }: Pick<SubgraphKit, 'db' | 'clock' | 'secretBox'> & { fleet: Pick<RouterFleet, 'work'>; routers: Pick<Routers, 'get'> }): RouterImports {
  const locked = async <T>(principal: Principal, id: string, decide: (found: RouterImport, tx: Parameters<typeof store.lock>[0]) => Promise<T>): Promise<T> =>
    db.write(tenantOf(principal), async (tx) => decide((isUuid(id) ? await store.lock(tx, id) : undefined) ?? unknownImport(id), tx));

  const assertFresh = ({ expiresAt }: RouterImport): void => {
    if (expiresAt.getTime() <= clock.now().getTime()) throw conflict('The proposal has expired: read the router again.');
  };

  /** A proposed row as it is kept: its password sealed, and nowhere else. */
  const toItem = ({ password, ...proposed }: ProposedItem, where: Pick<RouterImportItem, 'tenantId' | 'importId' | 'routerId' | 'position'>): RouterImportItem => {
    const credentialsId = proposed.kind === 'SECRET' ? uuidv7() : null;
    const context = credentialsId === null ? '' : credentialsContext({ tenantId: where.tenantId, id: credentialsId });
    return {
      ...where,
      ...proposed,
      id: uuidv7(),
      excluded: false,
      owned: proposed.treatment === 'OWNED',
      planChosen: false,
      profileItemId: null,
      email: null,
      phone: null,
      credentialsId,
      passwordSealed: password === null ? null : secretBox.seal(password, context),
      passwordFingerprint: password === null ? null : secretBox.fingerprint(password, context),
      state: 'OPEN',
      outcomeCode: null,
      outcomeMessage: null,
      runId: null,
      customerId: null,
      serviceId: null,
      finishedAt: null,
    };
  };

  const keep = (found: RouterImport, rows: SubscriberRows): Promise<void> =>
    db.write(found.tenantId, async (tx) => {
      const present = await store.lock(tx, found.id);
      if (present?.state !== 'READING') return;
      const price = { amount: found.priceAmount, currency: found.priceCurrency };
      const proposed = propose(rows, { tenantId: found.tenantId, plans: found.plans, price, customerNameFrom: found.customerNameFrom, taken: await store.takenNames(tx, found.routerId) });
      const items = proposed.map((item, position) => toItem(item, { tenantId: found.tenantId, importId: found.id, routerId: found.routerId, position }));
      const profileIds = new Map(items.filter(({ kind }) => kind === 'PROFILE').map(({ name, id }) => [name, id]));
      for (const item of items) if (item.profile !== null) item.profileItemId = profileIds.get(item.profile) ?? null;
      await store.insertItems(tx, items);
      const now = clock.now();
      await store.update(tx, found.id, { state: 'READY', readAt: now, expiresAt: new Date(now.getTime() + LIFE_MS), reasonCode: null, reasonMessage: null });
    });

  return {
    async get(principal, id) {
      const [found] = isUuid(id) ? await db.read(tenantOf(principal), (tx) => store.byIds(tx, [id])) : [];
      return found ?? unknownImport(id);
    },

    list: (principal, query) => store.list(db, tenantOf(principal), query),

    items: ({ tenantId, id }, query) => store.listItems(db, tenantId, id, query),

    async open(principal, { id, routerId, plans, price, billingDay, customerNameFrom, idempotencyKey }) {
      const tenantId = tenantOf(principal);
      const router = await routers.get(principal, routerId);
      const now = clock.now();
      return db.write(tenantId, async (tx) => {
        await store.forgetPasswords(tx, now);
        const made: RouterImport = {
          id: id.toLowerCase(),
          tenantId,
          routerId: router.id,
          state: 'READING',
          version: 1,
          billingDay,
          customerNameFrom,
          priceAmount: price.amount,
          priceCurrency: price.currency,
          plans: plans.map(({ id: planId, code, name, rateLimit, localAddress, remotePool }) => ({ id: planId, code, name, rateLimit, localAddress, remotePool })),
          reasonCode: null,
          reasonMessage: null,
          startedBy: principal.onBehalfOf ?? principal.id,
          createdAt: now,
          readAt: null,
          expiresAt: new Date(now.getTime() + LIFE_MS),
          finishedAt: null,
        };
        const find = async (found: string) => (await store.byIds(tx, [found]))[0] ?? unknownImport(found);
        // Not the plans: they are what there is at the moment, and nothing that was asked for.
        const asked = { routerId: router.id, price: { amount: price.amount, currency: price.currency }, billingDay, customerNameFrom };
        return once(
          tx,
          idempotencyKeys,
          { tenantId, operation: 'importRouter', key: idempotencyKey, input: asked, now },
          async () => {
            await store.insert(tx, made);
            return find(made.id);
          },
          find,
        );
      });
    },

    async read(principal, id) {
      const found = await this.get(principal, id);
      if (found.state !== 'READING') return DONE;
      try {
        const rows = await fleet.work(found.routerId, { key: `import:${found.id}`, deadlineMs: READ_DEADLINE_MS }, ({ session, limits }) => readSubscriberRows(session, limits));
        await keep(found, rows);
        return DONE;
      } catch (error) {
        if (!(error instanceof RouterOsError)) throw error;
        const { code, message, retry } = deviceFailure(error);
        await locked(principal, id, async (present, tx) => {
          if (present.state !== 'READING') return;
          const failed = retry ? {} : { state: 'FAILED' as const, finishedAt: clock.now() };
          if (!retry || present.reasonCode !== code || present.reasonMessage !== message) await store.update(tx, present.id, { reasonCode: code, reasonMessage: message, ...failed });
        });
        return { outcome: retry ? DeviceStepOutcome.WAIT : DeviceStepOutcome.REJECTED, code, message };
      }
    },

    async changeItem(principal, { itemId, plan, exclude, name, email, phone, price }) {
      return db.write(tenantOf(principal), async (tx) => {
        const [asked] = isUuid(itemId) ? await store.itemsByIds(tx, [itemId]) : [];
        if (!asked?.importId) return unknownItem(itemId);
        const found = await store.lock(tx, asked.importId);
        if (found?.state !== 'READY' && found?.state !== 'DONE' && found?.state !== 'CANCELLED') throw conflict('The import is under way: what it does can be changed before it begins and after it has ended.');
        assertFresh(found);
        const item = (await store.lockItem(tx, itemId)) ?? unknownItem(itemId);
        if (item.owned || item.state === 'DONE') throw conflict(`The ${item.kind === 'SECRET' ? 'secret' : 'row'} ${item.name} is ours already.`);
        if (item.kind === 'POOL') throw conflict('A pool stays as it is: nothing of it can be changed here.');
        if (item.kind === 'PROFILE' && item.seen['owner'] === 'OTHER') throw conflict('The profile belongs to somebody else.');
        const chosen = plan ? withPrice(plan) : item.plan;
        // What a plan is called and costs is ours to say only while it is yet to be made.
        const shaped = chosen && chosen.id === null ? { ...chosen, ...(item.kind === 'PROFILE' && name ? { name } : {}), ...(price ? { price: { amount: price.amount, currency: price.currency } } : {}) } : chosen;
        const excluded = exclude ?? item.excluded;
        const changes: Partial<RouterImportItem> = { plan: shaped, planChosen: item.planChosen || plan != null, excluded, treatment: treatmentOf({ ...item, plan: shaped, excluded }) };
        if (item.kind === 'SECRET') Object.assign(changes, { customerName: name ?? item.customerName, email: textOf(email, item.email), phone: textOf(phone, item.phone) });
        const changed = await store.updateItem(tx, item.id, changes);
        if (item.kind === 'PROFILE') {
          // Nobody is taken over onto the plan of a profile that is left out.
          await store.followPlan(tx, item.id, excluded ? null : shaped);
        }
        await store.update(tx, found.id);
        return changed;
      });
    },

    begin: (principal, id) =>
      locked(principal, id, async (found, tx) => {
        if (found.state === 'APPLYING') return found;
        if (found.state === 'READING' || found.state === 'FAILED') throw conflict('The router has not been read: there is nothing to apply.');
        if (found.state === 'CANCELLING') throw conflict('The import is being cancelled: apply it again once it has ended.');
        assertFresh(found);
        await store.reopen(tx, found.id);
        if (!(await store.hasOpen(tx, found.id))) return store.update(tx, found.id, { state: 'DONE', finishedAt: found.finishedAt ?? clock.now() });
        return store.update(tx, found.id, { state: 'APPLYING', finishedAt: null });
      }),

    stop: (principal, id) =>
      locked(principal, id, async (found, tx) => {
        if (found.state === 'CANCELLING') return found;
        if (found.state === 'READING' || found.state === 'READY') return store.update(tx, found.id, { state: 'CANCELLED', finishedAt: clock.now() });
        if (found.state !== 'APPLYING') throw conflict(`The import has ended (${found.state}): there is nothing to cancel.`);
        return store.update(tx, found.id, { state: 'CANCELLING' });
      }),

    next: (principal, id, limit) =>
      locked(principal, id, async (found, tx) => {
        if (found.state !== 'APPLYING' && found.state !== 'CANCELLING') return { routerImport: found, items: [] };
        const items = await store.running(tx, found.id);
        const wanted = found.state === 'APPLYING' ? limit - items.length : 0;
        for (const item of wanted > 0 ? await store.open(tx, found.id, wanted) : []) {
          items.push(await store.updateItem(tx, item.id, { state: 'RUNNING', runId: uuidv7(), customerId: uuidv7(), serviceId: uuidv7() }));
        }
        if (items.length > 0) return { routerImport: found, items };
        return { routerImport: await store.update(tx, found.id, { state: found.state === 'APPLYING' ? 'DONE' : 'CANCELLED', finishedAt: clock.now() }), items: [] };
      }),

    async settle(principal, { itemId, runId, done, code, message }) {
      await db.write(tenantOf(principal), async (tx) => {
        const item = (isUuid(itemId) ? await store.lockItem(tx, itemId) : undefined) ?? unknownItem(itemId);
        if (item.runId !== runId.toLowerCase() || item.state !== 'RUNNING') return;
        if (done) {
          await store.updateItem(tx, item.id, { state: 'DONE', outcomeCode: null, outcomeMessage: null, passwordSealed: null, finishedAt: clock.now() });
        } else {
          // Nothing of it is left: its customer and service have been taken back.
          const state = code === 'NETWORK_ROW_CHANGED' || code === 'NETWORK_FOREIGN_SECRET' ? 'SKIPPED' : 'FAILED';
          await store.updateItem(tx, item.id, { state, outcomeCode: code ?? null, outcomeMessage: message ?? null, customerId: null, serviceId: null, finishedAt: clock.now() });
        }
        if (item.importId) await store.update(tx, item.importId);
      });
    },

    async inspect(principal, { id, routerId, name, plans, plan, customerNameFrom }) {
      const tenantId = tenantOf(principal);
      const router = await routers.get(principal, routerId);
      let rows: SubscriberRows;
      try {
        rows = await fleet.work(router.id, { key: `import:${id}`, deadlineMs: INSPECT_DEADLINE_MS }, ({ session, limits }) => readSubscriberRow(session, name, limits));
      } catch (error) {
        throw error instanceof RouterOsError ? routerUnavailable(deviceFailure(error)) : error;
      }
      return db.write(tenantId, async (tx) => {
        const proposed = propose(rows, { tenantId, plans, price: { amount: '0', currency: 'XXX' }, customerNameFrom, taken: await store.takenNames(tx, router.id) });
        const item = proposed.find((one) => one.kind === 'SECRET' && one.name === name);
        if (!item) throw notFound('PPP secret', name);
        if (item.treatment === 'OWNED') throw conflict(`The PPP secret ${name} belongs to a service already.`, [{ field: 'name', code: 'OWNED', message: 'name is a PPP secret that Headend looks after.' }]);
        const blocking = item.problems.filter(({ blocks }) => blocks);
        if (blocking.length > 0) throw conflict(`The PPP secret ${name} cannot be taken over: ${blocking.map(({ message }) => message).join(' ')}`, blocking.map(({ code, message }) => ({ field: 'name', code, message })));
        // Of a plan that is yet to be made there is nothing to know here: it must be named.
        const known = plan ? withPrice(plan) : item.plan?.id ? item.plan : null;
        const where = { tenantId, importId: null, routerId: router.id };
        const profile = proposed.find((one) => one.kind === 'PROFILE' && one.name === item.profile);
        const profileItem = profile && toItem(profile, { ...where, position: 0 });
        const kept = { ...toItem(item, { ...where, position: 1 }), id: id.toLowerCase(), plan: known, planChosen: plan != null, profileItemId: profileItem?.id ?? null };
        await store.insertItems(tx, profileItem ? [profileItem, kept] : [kept]);
        return kept;
      });
    },
  };
}

function withPrice({ id, code, name, rateLimit, localAddress, remotePool }: OfferedPlan): ProposedPlan {
  return { id, code, name, rateLimit, localAddress, remotePool, price: null };
}

/** Null keeps a text, an empty one removes it. */
function textOf(change: string | null | undefined, before: string | null): string | null {
  return change == null ? before : change === '' ? null : change;
}

function unknownImport(id: string): never {
  throw notFound('router import', id);
}

function unknownItem(id: string): never {
  throw notFound('item of a router import', id);
}
