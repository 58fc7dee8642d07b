import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { deviceFailure } from '../errors.ts';
import type { DeviceTools, RouterFleet } from '../router/router-fleet.ts';
import type { RouterPort } from '../routeros/ensure-row.ts';
import { RouterOsError } from '../routeros/errors.ts';
import { phaseOf } from '../router-plan/difference.ts';
import type { PlanItem } from '../router-plan/router-plan.store.ts';
import { PlanAction, PlanMenu } from '../router-plan/router-plan.type.ts';
import type { Pace } from './pace.ts';
import type { StepEnd } from './plan-apply.ts';
import { poolRemovals, poolWrites } from './pool-steps.ts';
import { profileAdditions, profileRemovals } from './profile-steps.ts';
import { queueMoves, queueRemovals, queueWrites } from './queue-steps.ts';
import { secretRemovals, secretWrites } from './secret-steps.ts';
import { sessionEnds } from './session-steps.ts';
import { PlanStepOutcome } from './plan-apply.type.ts';
import { failedStep, refusedStep, stale, type AppliedSecret, type Judgement, type ProvenRows, type Sent, type StepContext, type StepKind, type Verdict } from './step.ts';

export interface StepsResult {
  ends: StepEnd[];
  applied: AppliedSecret[];
  rows: ProvenRows | null;
  /** The way to the router failed: what has no end is to be tried again. */
  hindrance: RouterOsError | null;
  /** The router has refused something that nobody expected it to: people have to look. */
  trouble: { code: string; message: string } | null;
  /** How long the router took to be read once, ms; null: it was not. */
  lookMs: number | null;
}

/** Commands of one apply on the wire at once: the window of a session. */
const WINDOW = 16;
/** Routers are known to stall for half a minute under load. */
const COMMAND_TIMEOUT_MS = 30_000;
const WORK_DEADLINE_MS = 90_000;
const LOOK_EVERY_MS = 100;

/**
 * Does some steps of one phase on the router: a few reads for all of them, paced writes, and a read-back. While it lasts nobody
 * else works on the same rows. May be repeated after anything: what is there already is found by the first read, and
 * nothing is sent twice without having looked.
 * @throws RouterOsError when nothing could be begun
 */
export function runSteps(
  { fleet, pace, halted, ...kit }: Pick<SubgraphKit, 'db' | 'secretBox'> & { fleet: RouterFleet; pace: Pace; halted: () => boolean },
  apply: StepContext['apply'],
  items: readonly PlanItem[],
): Promise<StepsResult> {
  return fleet.work(apply.routerId, { key: [...new Set(items.flatMap(keysOf))], deadlineMs: WORK_DEADLINE_MS }, async ({ session }: DeviceTools) => {
    const endsAt = performance.now() + WORK_DEADLINE_MS - COMMAND_TIMEOUT_MS;
    const limits = () => ({ timeoutMs: COMMAND_TIMEOUT_MS });
    const paced: RouterPort = {
      command: async (...args) => (await pace.take(), session.command(...args)),
      print: async (...args) => (await pace.take(), session.print(...args)),
      count: async (...args) => (await pace.take(), session.count(...args)),
    };
    const version = fleet.link(apply.routerId)?.connection.status().version ?? null;
    const kind = kindOf(items[0]!, { ...kit, apply, version, limits }, items);
    const result: StepsResult = { ends: [], applied: [], rows: null, hindrance: null, trouble: null, lookMs: null };
    const end = (item: PlanItem, verdict: Verdict) => {
      result.ends.push({ itemId: item.id, ...verdict });
      if (verdict.outcome === PlanStepOutcome.FAILED) result.trouble ??= verdict.reason;
    };

    const looked = performance.now();
    await kind.look(paced);
    result.lookMs = performance.now() - looked;
    const toSend = new Map<PlanItem, Exclude<Judgement, { end: unknown }>>();
    for (const item of items) {
      const judged = await kind.judge(item);
      if ('end' in judged) end(item, judged.end);
      else toSend.set(item, judged);
    }
    if (toSend.size > 0 && kind.note) {
      for (const [item, verdict] of await kind.note([...toSend.keys()])) {
        toSend.delete(item);
        end(item, verdict);
      }
    }

    const sent = new Map<PlanItem, { how: Sent; error?: RouterOsError }>();
    const queue = [...toSend];
    let over = result.trouble !== null;
    const lane = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [item, { command, attributes }] = next;
        if (over || halted() || performance.now() > endsAt) return;
        await kind.pace?.take();
        await pace.take();
        if (over || halted()) return;
        try {
          await session.command(`${kind.menu}/${command}`, attributes, limits());
          sent.set(item, { how: 'ANSWERED' });
        } catch (error) {
          if (!(error instanceof RouterOsError)) throw error;
          const unclear = error.outcomeUnknown || error.retryable;
          sent.set(item, { how: unclear ? 'UNKNOWN' : 'REFUSED', error });
          if (unclear) result.hindrance ??= error;
          // Somebody was faster than we between our read and our write: the read-back tells who.
          over ||= unclear || !['DUPLICATE', 'NOT_FOUND'].includes(error.code);
        }
      }
    };
    await Promise.all(Array.from({ length: kind.inOrder ? 1 : WINDOW }, lane));

    const open = new Map(sent);
    for (let look = 1; open.size > 0; look += 1) {
      try {
        await kind.look(paced);
      } catch (error) {
        // What was refused is known without another look; the rest is judged anew when the line is back.
        if (!(error instanceof RouterOsError)) throw error;
        result.hindrance ??= error;
        for (const [item, { how, error: trap }] of open) if (how === 'REFUSED' && trap) end(item, refusal(trap));
        break;
      }
      for (const [item, { how, error }] of open) {
        const verdict = kind.verify(item, how);
        if (verdict?.outcome !== PlanStepOutcome.DONE && how !== 'REFUSED' && look < (kind.looks ?? 1)) continue;
        open.delete(item);
        if (verdict?.outcome === PlanStepOutcome.DONE || how === 'ANSWERED') end(item, verdict ?? failedStep('NETWORK_READ_BACK_DIFFERS', 'The router shows something else than it was told.'));
        else if (how === 'REFUSED') end(item, refusal(error!));
      }
      if (open.size > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    result.applied = kind.applied?.() ?? [];
    result.rows = kind.rows?.() ?? null;
    return result;
  });
}

function refusal(error: RouterOsError): Verdict {
  if (error.code === 'DUPLICATE') return refusedStep('NETWORK_PLAN_STALE', 'Somebody else has made a row of that name.');
  if (error.code === 'NOT_FOUND') return stale();
  const { code, message } = deviceFailure(error);
  return failedStep(code, message);
}

/** As enforcement and direct commands name their work on the same rows: neither decides on what the other is changing. */
function keysOf({ menu, name, rowId, serviceId }: PlanItem): string[] {
  switch (menu) {
    case PlanMenu.POOL:
      return [`pool:${name}`, ...(rowId === null ? [] : [`pool:${rowId}`])];
    case PlanMenu.QUEUE:
      return [`queue:${name}`, ...(rowId === null ? [] : [`queue:${rowId}`]), 'queue:order'];
    case PlanMenu.PROFILE:
      return [`profile:${name}`];
    default:
      return [serviceId === null ? `session:${name}` : `secret:${serviceId}`];
  }
}

function kindOf(first: PlanItem, context: StepContext, items: readonly PlanItem[]): StepKind {
  const removes = first.action === PlanAction.REMOVE;
  switch (first.menu) {
    case PlanMenu.POOL:
      return removes ? poolRemovals(context, items) : poolWrites(context, items);
    case PlanMenu.QUEUE:
      if (first.action === PlanAction.MOVE) return queueMoves(context);
      return removes ? queueRemovals(context, items) : queueWrites(context, items);
    case PlanMenu.PROFILE:
      return removes ? profileRemovals(context, items) : profileAdditions(context, items);
    case PlanMenu.SECRET:
      return removes ? secretRemovals(context, items) : secretWrites(context, items);
    case PlanMenu.SESSION:
      return sessionEnds(context, items);
  }
}

/** The first steps that do not depend on each other. */
export function samePhase(items: readonly PlanItem[]): PlanItem[] {
  const first = items[0];
  return first === undefined ? [] : items.filter((item) => phaseOf(item) === phaseOf(first));
}
