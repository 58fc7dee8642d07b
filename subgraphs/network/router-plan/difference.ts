import type { NetworkErrorCode } from '../errors.ts';
import { PlanAction, PlanMenu } from './router-plan.type.ts';
import type { FieldChange } from './wished-rows.ts';

/** One difference. */
export interface Difference {
  menu: PlanMenu;
  action: PlanAction;
  /** As the router has it; for a new row as it will be. */
  name: string;
  /** The router's `.id` when it was seen. */
  rowId: string | null;
  serviceId: string | null;
  /** Of our row of a profile. */
  profileId: string | null;
  /** Of the wished address pool or simple queue. */
  desiredId: string | null;
  /** Steps of one menu and action that others of them lean on come first: how many of those there are one behind the other. */
  depth: number;
  fields: FieldChange[];
  /** Digest of the row as it was seen; null where none was. Of a session: its mark. */
  seen: string | null;
  /** Digest of the wish; null where nothing is wished for. */
  wanted: string | null;
  reason: { code: DifferenceReason; message: string } | null;
  /** Enforcement is at it: no drift. */
  pending: boolean;
}

/** Why a row is not brought into line, or a session is to end. */
export type DifferenceReason = NetworkErrorCode | 'DISABLED' | 'REMOVED' | 'TERMS_CHANGED' | 'CUT_DUE';

export const NOTHING = { rowId: null, serviceId: null, profileId: null, desiredId: null, depth: 0, fields: [], seen: null, wanted: null, reason: null, pending: false };

/** Whether a difference is one that an apply acts upon. */
export const isStep = ({ action }: Pick<Difference, 'action'>): boolean => action !== PlanAction.CONFLICT && action !== PlanAction.UNOWNED;

/** A row that is not ours: only reported. */
export function unowned(menu: PlanMenu, { id, name }: { id: string; name: string }): Difference {
  return { ...NOTHING, menu, action: PlanAction.UNOWNED, name, rowId: id };
}

const PHASES: ReadonlyArray<readonly [PlanMenu | null, ReadonlyArray<PlanAction>]> = [
  [PlanMenu.POOL, [PlanAction.ADD, PlanAction.CHANGE]],
  [PlanMenu.PROFILE, [PlanAction.ADD, PlanAction.CHANGE]],
  [PlanMenu.SECRET, [PlanAction.ADD, PlanAction.CHANGE]],
  [PlanMenu.QUEUE, [PlanAction.ADD, PlanAction.CHANGE]],
  [PlanMenu.QUEUE, [PlanAction.MOVE]],
  [PlanMenu.QUEUE, [PlanAction.REMOVE]],
  [PlanMenu.SECRET, [PlanAction.REMOVE]],
  [PlanMenu.PROFILE, [PlanAction.REMOVE]],
  [PlanMenu.POOL, [PlanAction.REMOVE]],
  [PlanMenu.SESSION, [PlanAction.KICK]],
  [null, [PlanAction.CONFLICT]],
  [null, [PlanAction.UNOWNED]],
];

/** No chain of rows is longer. */
const DEEPEST = 32_767;

/** Steps of one phase do not depend on each other; those of an earlier one are done before. */
export function phaseOf({ menu, action, depth }: Pick<Difference, 'menu' | 'action' | 'depth'>): number {
  return PHASES.findIndex(([of, actions]) => (of === null || of === menu) && actions.includes(action)) * (DEEPEST + 1) + Math.min(depth, DEEPEST);
}

/** The order in which differences are applied. Queues stand in it as they were found: their place among each other matters. */
export function inOrder(a: Difference, b: Difference): number {
  return phaseOf(a) - phaseOf(b) || compare(a.menu, b.menu) || (a.menu === PlanMenu.QUEUE && isStep(a) ? 0 : compare(a.name, b.name));
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
