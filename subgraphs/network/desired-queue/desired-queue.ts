import { isIPv4 } from 'node:net';
import type { DirectProperty } from '../direct/direct-menu.ts';
import { parseLimits } from '../simple-queue/queue-limits.ts';
import { simpleQueueMenu, type SimpleQueueRow } from '../simple-queue/simple-queue.ts';
import type { DesiredMenu } from '../desired-row/desired-row.ts';
import { PlanMenu } from '../router-plan/router-plan.type.ts';

/** Addresses must be some; what begins otherwise is the name of an interface, or IPv6. */
const isTarget = (text: string): boolean =>
  text.split(',').every((part) => {
    const one = part.trim();
    if (!/^[\d./]+$/.test(one)) return one !== '';
    const [address, bits, ...more] = one.split('/');
    return isIPv4(address!) && more.length === 0 && (bits === undefined || (/^\d{1,2}$/.test(bits) && Number(bits) <= 32));
  });

const checked = (property: DirectProperty): DirectProperty =>
  property.field === 'target' || property.field === 'dst' ? { ...property, check: (text) => (isTarget(text) ? undefined : 'must be addresses with their masks, or names of interfaces, with commas, e.g. 10.0.0.50/32.') } : property;

const properties = simpleQueueMenu.properties.filter(({ field }) => field !== 'name' && field !== 'comment').map(checked);

/** `/queue/simple`, as far as Headend looks after it. */
export const desiredQueueMenu: DesiredMenu<SimpleQueueRow> = {
  noun: 'desired simple queue',
  kind: 'queue',
  plan: PlanMenu.QUEUE,
  creating: 'createDesiredQueue',
  direct: simpleQueueMenu,
  properties,
  reference: properties.find(({ field }) => field === 'parent')!,
  check({ maxLimit, limitAt }) {
    const [max, at] = [parseLimits(maxLimit ?? '') ?? [0, 0], parseLimits(limitAt ?? '') ?? [0, 0]];
    const isOver = [0, 1].some((side) => max[side]! > 0 && max[side]! < at[side]!);
    return isOver ? [{ field: 'limitAt', code: 'OUT_OF_RANGE', message: 'limitAt must not be more than maxLimit.' }] : [];
  },
  codes: { foreign: 'NETWORK_FOREIGN_QUEUE', unknown: 'NETWORK_UNKNOWN_QUEUE', inUse: 'NETWORK_QUEUE_IN_USE' },
};
