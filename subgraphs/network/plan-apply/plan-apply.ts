import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { isUniqueViolation } from '#kernel/db/database.ts';
import { once } from '#kernel/db/idempotency.ts';
import type { ListQuery } from '#kernel/db/list.ts';
import { conflict, notFound, type DomainError, type ErrorDetail } from '#kernel/errors.ts';
import type { ConnectionValue } from '#kernel/graphql/connection.ts';
import { isUuid, uuidv7 } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import type { RouterObserver } from '../router-plan/observe-router.ts';
import { changesIn, compared, unknownPlan, type RouterPlan } from '../router-plan/router-plan.ts';
import * as planStore from '../router-plan/router-plan.store.ts';
import type { PlanItem } from '../router-plan/router-plan.store.ts';
import { PlanAction } from '../router-plan/router-plan.type.ts';
import { follow } from '../streams.ts';
import { idempotencyKeys } from '../tables.ts';
import { PLAN_APPLY_CHANGED, planApplyChanged } from './plan-apply.events.ts';
import * as store from './plan-apply.store.ts';
import { PlanApplyState, type ApplyPlanInput, type PlanApplyFilter, type PlanApplyOrderField, type PlanStepFilter, type PlanStepOutcome } from './plan-apply.type.ts';

/** A plan that is being applied, or was. */
export interface PlanApply {
  id: string;
  tenantId: string;
  routerId: string;
  planId: string;
  state: PlanApplyState;
  total: number;
  done: number;
  skipped: number;
  refused: number;
  failed: number;
  reasonCode: string | null;
  reasonMessage: string | null;
  requestedBy: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

export interface PlanStep {
  id: string;
  item: PlanItem;
  outcome: PlanStepOutcome | null;
  reason: { code: string; message: string } | null;
  at: Date | null;
}

/** How one step ended. */
export interface StepEnd {
  itemId: string;
  outcome: PlanStepOutcome;
  reason: { code: string; message: string } | null;
}

export interface PlanApplies {
  /**
   * Looks at the router once more, and queues the steps; answers before the first is done.
   * @throws NOT_FOUND; CONFLICT naming `hash` (EXPIRED, STALE, APPLIED, BUSY), `maxChanges` or `maxRemovals`
   * (LIMIT_EXCEEDED); UNAVAILABLE with the router's own reason.
   */
  apply(principal: Principal, input: ApplyPlanInput): Promise<PlanApply>;
  /** @throws NOT_FOUND; CONFLICT once it has ended. */
  stop(principal: Principal, id: string): Promise<PlanApply>;
  /** What failed is tried again. @throws NOT_FOUND; CONFLICT once it has ended, or while it is being stopped. */
  resume(principal: Principal, id: string): Promise<PlanApply>;
  /** @throws NOT_FOUND; CONFLICT once it has ended otherwise. */
  cancel(principal: Principal, id: string): Promise<PlanApply>;
  /** @throws NOT_FOUND */
  get(principal: Principal, id: string): Promise<PlanApply>;
  list(principal: Principal, query: ListQuery<PlanApplyFilter, PlanApplyOrderField>): Promise<ConnectionValue<PlanApply>>;
  steps(apply: PlanApply, query: ListQuery<PlanStepFilter, never>): Promise<ConnectionValue<PlanStep>>;
  /** As it stands now, and each time it gets on, wherever it is worked on; ends with it. @throws NOT_FOUND */
  open(principal: Principal, id: string): Promise<AsyncIterableIterator<PlanApply, void, void>>;
}

export interface PlanAppliesOptions extends Pick<SubgraphKit, 'db' | 'bus' | 'clock'> {
  observer: RouterObserver;
  /** Tells the worker of this process that there is something to do, or to leave. */
  poke: (id: string) => void;
}

const ENDED: ReadonlySet<PlanApplyState> = new Set([PlanApplyState.SUCCEEDED, PlanApplyState.FAILED, PlanApplyState.CANCELLED]);
export const hasEnded = ({ state }: Pick<PlanApply, 'state'>): boolean => ENDED.has(state);

export function makePlanApplies({ db, bus, clock, observer, poke }: PlanAppliesOptions): PlanApplies {
  const get = async (principal: Principal, id: string): Promise<PlanApply> => {
    const [apply] = isUuid(id) ? await db.read(tenantOf(principal), (tx) => store.byIds(tx, [id])) : [];
    return apply ?? unknownApply(id);
  };

  /** @throws CONFLICT when a row that the plan touches, or what is wished for it, is another by now. */
  const checkFresh = async (plan: RouterPlan): Promise<void> => {
    const planned = await db.read(plan.tenantId, (tx) => store.steps(tx, plan.id));
    const { found } = await compared(observer, { id: plan.routerId, tenantId: plan.tenantId });
    const markOf = ({ menu, action, name, seen, wanted }: Pick<PlanItem, 'menu' | 'action' | 'name' | 'seen' | 'wanted'>) => JSON.stringify([menu, action, name, seen, wanted]);
    const fresh = new Set(found.map(markOf));
    // Sessions come and go; each is looked for again before it is ended.
    const stale = planned.filter((item) => item.action !== PlanAction.KICK && !fresh.has(markOf(item)));
    if (stale.length > 0) throw refused('STALE', `The router, or what is wished for it, has changed since the plan was made (${namesOf(stale)}): make a new plan.`);
  };

  const change = async (principal: Principal, id: string, decide: (apply: PlanApply & { worked: boolean }) => Partial<PlanApply> | null, also?: (tx: Parameters<typeof store.update>[0], apply: PlanApply) => Promise<void>): Promise<PlanApply> => {
    if (!isUuid(id)) return unknownApply(id);
    const after = await db.write(tenantOf(principal), async (tx) => {
      const { worked, ...before } = (await store.lock(tx, id)) ?? unknownApply(id);
      const changes = decide({ ...before, worked });
      if (!changes) return before;
      await also?.(tx, before);
      await store.update(tx, id, changes);
      const changed = { ...before, ...changes };
      await bus.publish(tx, [planApplyChanged(changed)]);
      return changed;
    });
    poke(after.id);
    return after;
  };

  return {
    async apply(principal, { idempotencyKey, ...input }) {
      const tenantId = tenantOf(principal);
      const plan = (await db.read(tenantId, (tx) => planStore.byHash(tx, input.hash))) ?? unknownPlan(input.hash);
      const request = { tenantId, operation: 'applyPlan', key: idempotencyKey, input, now: clock.now() };
      const [earlier] = await db.read(tenantId, (tx) => store.ofPlans(tx, [plan.id]));
      // Only a first call looks at the router: one that repeats it is answered, or refused, by what the key stands for.
      if (!earlier) {
        if (plan.expiresAt.getTime() <= clock.now().getTime()) throw refused('EXPIRED', 'The plan is older than 15 minutes: make a new one.');
        checkLimits(plan, input);
        await checkFresh(plan);
      }
      const now = clock.now();
      const { removals, kicks } = plan.counts;
      const made: PlanApply = { id: uuidv7(), tenantId, routerId: plan.routerId, planId: plan.id, state: PlanApplyState.QUEUED, total: changesIn(plan.counts) + removals + (input.kickSessions ? kicks : 0), done: 0, skipped: 0, refused: 0, failed: 0, reasonCode: null, reasonMessage: null, requestedBy: principal.id, createdAt: now, startedAt: null, finishedAt: null };
      try {
        const apply = await db.write(tenantId, (tx) =>
          once(
            tx,
            idempotencyKeys,
            request,
            async () => {
              if (earlier) throw refused('APPLIED', `This plan has been applied already (${earlier.id}).`);
              await store.insert(tx, made);
              if (!input.kickSessions) await store.skipKicks(tx, plan.id, now);
              await bus.publish(tx, [planApplyChanged(made)]);
              return made;
            },
            async (id) => (await store.byIds(tx, [id]))[0] ?? unknownApply(id),
          ),
        );
        poke(apply.id);
        return apply;
      } catch (error) {
        if (isUniqueViolation(error, 'plan_applies_open_key')) throw refused('BUSY', 'Another plan is being applied to this router, or has stopped half-way: wait for it, resume or cancel it.');
        if (isUniqueViolation(error, 'plan_applies_plan_id_key')) throw refused('APPLIED', 'This plan has been applied already.');
        throw error;
      }
    },

    stop: (principal, id) =>
      change(principal, id, (apply) => {
        if (apply.state === PlanApplyState.STOPPED || apply.state === PlanApplyState.STOPPING) return null;
        if (hasEnded(apply) || apply.state === PlanApplyState.CANCELLING) throw ended(apply);
        return { state: apply.worked ? PlanApplyState.STOPPING : PlanApplyState.STOPPED, reasonCode: null, reasonMessage: null };
      }),

    resume: (principal, id) =>
      change(
        principal,
        id,
        (apply) => {
          if (apply.state === PlanApplyState.QUEUED || apply.state === PlanApplyState.RUNNING) return null;
          if (hasEnded(apply) || apply.state !== PlanApplyState.STOPPED) throw ended(apply);
          return { state: PlanApplyState.QUEUED, failed: 0, reasonCode: null, reasonMessage: null };
        },
        (tx, { planId }) => store.retryFailed(tx, planId),
      ),

    cancel: (principal, id) =>
      change(principal, id, (apply) => {
        if (apply.state === PlanApplyState.CANCELLED || apply.state === PlanApplyState.CANCELLING) return null;
        if (hasEnded(apply)) throw ended(apply);
        return apply.worked ? { state: PlanApplyState.CANCELLING } : { state: PlanApplyState.CANCELLED, finishedAt: clock.now() };
      }),

    get,
    list: (principal, query) => store.list(db, tenantOf(principal), query),
    steps: ({ tenantId, planId }, query) => store.stepPage(db, tenantId, planId, query),

    async open(principal, id) {
      const tenantId = tenantOf(principal);
      // Listening before it is read: nothing can fall between the two.
      const events = bus.tail({ tenantId, types: [PLAN_APPLY_CHANGED], subject: id.toLowerCase() });
      try {
        const first = await get(principal, id);
        return follow(first, events, () => get(principal, id), hasEnded);
      } catch (error) {
        await events.return?.();
        throw error;
      }
    },
  };
}

/** @throws CONFLICT with the counts. */
function checkLimits({ counts, ...plan }: RouterPlan, input: Pick<ApplyPlanInput, 'maxChanges' | 'maxRemovals'>): void {
  const over: ErrorDetail[] = [];
  const check = (field: 'maxChanges' | 'maxRemovals', count: number, what: string) => {
    const limit = input[field] ?? plan[field];
    if (count > limit) over.push({ field, code: 'LIMIT_EXCEEDED', message: `The plan ${what} ${count} rows, and may do so with ${limit}: raise ${field} if that is what you want.` });
  };
  check('maxChanges', changesIn(counts), 'adds, changes and moves');
  check('maxRemovals', counts.removals, 'removes');
  if (over.length > 0) throw conflict(over.map(({ message }) => message).join(' '), over);
}

function refused(code: string, message: string): DomainError {
  return conflict(message, [{ field: 'hash', code, message }]);
}

function ended({ state }: PlanApply): DomainError {
  return conflict(`The applying of this plan is ${state}.`);
}

function namesOf(items: readonly PlanItem[]): string {
  const shown = items.slice(0, 5).map(({ name }) => name).join(', ');
  return items.length > 5 ? `${shown} and ${items.length - 5} more` : shown;
}

export function unknownApply(id: string): never {
  throw notFound('applying of a plan', id);
}
