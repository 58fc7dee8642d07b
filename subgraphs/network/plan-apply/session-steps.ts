import { readActive } from '../routeros/ppp-rows.ts';
import * as planStore from '../router-plan/router-plan.store.ts';
import type { PlanItem } from '../router-plan/router-plan.store.ts';
import { makePace } from './pace.ts';
import * as store from './plan-apply.store.ts';
import { done, failedStep, overtaken, type StepContext, type StepKind } from './step.ts';

/** All the cut subscribers dial again at once: slower than anything else. */
export const KICKS_PER_SECOND = 20;
/** The router ends a session a moment after it has confirmed that it will. */
const LOOKS = 20;

/** Sessions that are to end: exactly those that the plan saw, and only while their reason holds. */
export function sessionEnds({ db, apply, limits }: StepContext, items: readonly PlanItem[]): StepKind {
  let holds: ((item: PlanItem) => boolean) | undefined;
  let idsOf = new Map<string, string>();
  const markOf = (name: string, mark: string | null) => `${name}\0${mark}`;

  const reasons = async (): Promise<(item: PlanItem) => boolean> => {
    const serviceIds = items.map(({ serviceId }) => serviceId).filter((id) => id !== null);
    const { wishes, troubled } = await db.read(apply.tenantId, async (tx) => ({ wishes: await planStore.secretsOf(tx, apply.routerId, serviceIds), troubled: await store.troubled(tx, apply.planId, serviceIds) }));
    const byService = new Map(wishes.map((wish) => [wish.serviceId, wish]));
    return ({ name, serviceId, reason }) => {
      const wish = byService.get(serviceId ?? '');
      if (reason?.code === 'DISABLED') return wish?.disabled === true;
      if (reason?.code === 'REMOVED') return wish?.name !== name;
      // What was not changed on the router needs no new session.
      return wish !== undefined && !troubled.has(wish.serviceId) && !troubled.has(wish.profileId);
    };
  };

  return {
    menu: '/ppp/active',
    pace: makePace(KICKS_PER_SECOND, { burst: 1 }),
    looks: LOOKS,
    async look(port) {
      holds ??= await reasons();
      idsOf = new Map((await readActive(port, { names: items.map(({ name }) => name), ...limits() })).map(({ id, name, mark }) => [markOf(name, mark), id]));
    },
    judge(item) {
      if (!holds?.(item)) return { end: overtaken() };
      const id = idsOf.get(markOf(item.name, item.seen));
      if (id === undefined) return { end: done };
      return { command: 'remove', attributes: { '.id': id } };
    },
    verify(item, sent) {
      if (!idsOf.has(markOf(item.name, item.seen))) return done;
      return sent === 'UNKNOWN' ? null : failedStep('NETWORK_READ_BACK_DIFFERS', 'The session is still there after its removal.');
    },
  };
}
