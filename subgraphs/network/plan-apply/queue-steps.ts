import { desiredQueueMenu } from '../desired-queue/desired-queue.ts';
import { ownerOf, type DesiredRow, type MenuRow } from '../desired-row/desired-row.ts';
import type { PlanItem } from '../router-plan/router-plan.store.ts';
import { wantedPlace } from '../router-plan/row-differences.ts';
import { isInPlace, nextOf, staying } from '../router-plan/row-order.ts';
import { isOwnedBy } from '../router-plan/wished-rows.ts';
import { makeMenuLook, rowRemovals, rowWrites, type MenuLook } from './row-steps.ts';
import { done, failedStep, overtaken, stale, type StepContext, type StepKind } from './step.ts';

const menu = desiredQueueMenu;

/** Simple queues that are made or changed; a new one is put where it is to stand, so that it seldom has to be moved. */
export const queueWrites = (context: StepContext, items: readonly PlanItem[]): StepKind => rowWrites(menu, context, items, { place: placeOf });

/** Simple queues of ours that nobody wishes for any more. */
export const queueRemovals = (context: StepContext, items: readonly PlanItem[]): StepKind => rowRemovals(menu, context, items);

/** Simple queues that are put elsewhere, one after the other: each before one that stands in its place already. */
export function queueMoves(context: StepContext): StepKind {
  const { look, now } = makeMenuLook(menu, context);
  const order = () => now().wishes.map(({ id }) => id);
  return {
    menu: menu.direct.path,
    inOrder: true,
    look,
    judge(item) {
      const id = item.desiredId!;
      if (!order().includes(id) || wantedPlace(id, order()) !== item.wanted) return { end: overtaken() };
      const ours = oursOf(now());
      const row = ours.get(id);
      if (!row) return { end: stale() };
      const present = [...ours.keys()];
      if (isInPlace(id, present, order())) return { end: done };
      const next = nextOf(id, new Set(present), order());
      const destination = next === null ? behind(ours.get(present.at(-1)!)!, now()) : ours.get(next)!.id;
      return { command: 'move', attributes: { numbers: row.id, ...(destination === undefined ? {} : { destination }) } };
    },
    verify(item, sent) {
      const id = item.desiredId!;
      const present = [...oursOf(now()).keys()];
      if (present.includes(id) && (present[present.indexOf(id) + 1] ?? null) === nextOf(id, new Set(present), order())) return done;
      return sent === 'UNKNOWN' ? null : failedStep('NETWORK_READ_BACK_DIFFERS', 'The router took the queue elsewhere than it was told.');
    },
  };
}

/** Before the next of ours that stays where it is; behind the last of them where there is none. Rows of others keep their places. */
function placeOf(wish: DesiredRow, look: MenuLook): Record<string, string> {
  const order = look.wishes.map(({ id }) => id);
  const ours = oursOf(look);
  const kept = staying([...ours.keys()], order);
  const next = nextOf(wish.id, new Set(kept), order);
  const last = kept.at(-1);
  const before = next !== null ? ours.get(next)!.id : last === undefined ? undefined : behind(ours.get(last)!, look);
  return before === undefined ? {} : { 'place-before': before };
}

/** Our rows in the router's order, by their wishes. */
function oursOf({ rows, wishes }: MenuLook): Map<string, MenuRow> {
  const byId = new Map(wishes.map((wish) => [wish.id, wish]));
  const ours = new Map<string, MenuRow>();
  for (const row of rows) {
    const wish = byId.get(row.owner?.id.toLowerCase() ?? '');
    if (wish && isOwnedBy(row, ownerOf(menu, wish)) && (!ours.has(wish.id) || row.name === wish.name)) ours.set(wish.id, row);
  }
  return ours;
}

/** The id of the row behind another one; undefined: it is the last. */
function behind(row: MenuRow, { rows }: MenuLook): string | undefined {
  return rows.slice(rows.indexOf(row) + 1).find(({ own }) => !own)?.id;
}
