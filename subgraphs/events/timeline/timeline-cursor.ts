import { invalidField } from '#kernel/errors.ts';
import { isUuid } from '#kernel/ids.ts';
import type { TimelineEntry } from './timeline-entry.ts';

/** 31 bits: what a position can be. */
const MAX_POSITION = 2 ** 31 - 1;

/** Where an entry stands, as clients hold it: good for the pages and for the subscription alike. */
export function formatCursor({ customerId, position }: Pick<TimelineEntry, 'customerId' | 'position'>): string {
  return Buffer.from(JSON.stringify([customerId, position])).toString('base64url');
}

/** The position that a cursor of this customer's timeline stands for. @throws VALIDATION_ERROR naming `after`. */
export function parseCursor(after: string, customerId: string): number {
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(after, 'base64url').toString('utf8'));
  } catch {
    content = undefined;
  }
  const [whose, position] = Array.isArray(content) ? (content as [unknown, unknown]) : [];
  if (!isUuid(whose) || !Number.isInteger(position) || (position as number) < 1 || (position as number) > MAX_POSITION) {
    throw invalidField('after', 'INVALID_FORMAT', 'after is no cursor of a timeline.');
  }
  if (whose !== customerId.toLowerCase()) throw invalidField('after', 'INVALID_FORMAT', 'after is a cursor of another customer\'s timeline.');
  return position as number;
}
