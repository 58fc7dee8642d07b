import { desiredQueueMenu } from '../desired-queue/desired-queue.ts';
import { ownerOf, type DesiredRow, type MenuRow } from '../desired-row/desired-row.ts';
import type { PlanItem } from '../router-plan/router-plan.store.ts';
import { followers, wantedPlace } from '../router-plan/row-differences.ts';
import { inPlace, nextOf, staying } from '../router-plan/row-order.ts';
import { isOwnedBy } from '../router-plan/wished-rows.ts';
import { menuLooks, rowRemovals, rowWrites, type MenuLook } from './row-steps.ts';
import { done, failedStep, overtaken, stale, type StepContext, type StepKind } from './step.ts';

const menu = desiredQueueMenu;

/** Simple queues that are made or changed; a new one is put where it is to stand, so that it seldom has to be moved. */
export const queueWrites = (context: StepContext, items: readonly PlanItem[]): StepKind => rowWrites(menu, context, items, { places: placesIn });

/** Simple queues of ours that nobody wishes for any more. */
export const queueRemovals = (context: StepContext, items: readonly PlanItem[]): StepKind => rowRemovals(menu, context, items);

/** Simple queues that are put elsewhere, one after the other: each before one that stands in its place already. */
export function queueMoves(context: StepContext): StepKind {
  const look = menuLooks(menu, context);
  let seen: MenuLook;
  let ours: Map<string, MenuRow>;
  let [order, present, placed]: [string[], string[], ReadonlySet<string>] = [[], [], new Set()];
  let nextWished = new Map<string, string | null>();
  let nextThere = new Map<string, string | null>();
  return {
    menu: menu.direct.path,
    inOrder: true,
    async look(port) {
      seen = await look(port);
      ours = oursOf(seen);
      order = seen.wishes.map(({ id }) => id);
      present = [...ours.keys()];
      placed = inPlace(present, order);
      [nextWished, nextThere] = [followers(order), followers(present)];
    },
    judge(item) {
      const id = item.desiredId!;
      const following = nextWished.get(id);
      if (following === undefined || wantedPlace(id, following) !== item.wanted) return { end: overtaken() };
      const row = ours.get(id);
      if (!row) return { end: stale() };
      if (placed.has(id)) return { end: done };
      const next = nextOf(id, ours, order);
      const destination = next === null ? behind(ours.get(present.at(-1)!)!, seen) : ours.get(next)!.id;
      return { command: 'move', attributes: { numbers: row.id, ...(destination === undefined ? {} : { destination }) } };
    },
    verify(item, sent) {
      const id = item.desiredId!;
      if (ours.has(id) && nextThere.get(id) === nextOf(id, ours, order)) return done;
      return sent === 'UNKNOWN' ? null : failedStep('NETWORK_READ_BACK_DIFFERS', 'The router took the queue elsewhere than it was told.');
    },
  };
}

/** Before the next of ours that stays where it is; behind the last of them where there is none. Rows of others keep their places. */
function placesIn(look: MenuLook): (wish: DesiredRow) => Record<string, string> {
  const order = look.wishes.map(({ id }) => id);
  const ours = oursOf(look);
  const kept = staying([...ours.keys()], order);
  const standing = new Set(kept);
  const last = kept.at(-1);
  const end = last === undefined ? undefined : behind(ours.get(last)!, look);
  return (wish): Record<string, string> => {
    const next = nextOf(wish.id, standing, order);
    const before = next === null ? end : ours.get(next)!.id;
    return before === undefined ? {} : { 'place-before': before };
  };
}

/** Our rows in the router's order, by their wishes; of copies the one that has its name. */
function oursOf({ rows, byId }: MenuLook): Map<string, MenuRow> {
  const ours = new Map<string, MenuRow>();
  for (const row of rows) {
    const wish = byId.get(row.owner?.id.toLowerCase() ?? '');
    if (!wish || !isOwnedBy(row, ownerOf(menu, wish)) || (ours.has(wish.id) && row.name !== wish.name)) continue;
    ours.delete(wish.id);
    ours.set(wish.id, row);
  }
  return ours;
}

/** The id of the row behind another one; undefined: it is the last. */
function behind(row: MenuRow, { rows }: MenuLook): string | undefined {
  return rows.slice(rows.indexOf(row) + 1).find(({ own }) => !own)?.id;
}
