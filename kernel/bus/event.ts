import { isUuid } from '#kernel/ids.ts';

/** Something that happened, as every subgraph may hear it. */
export interface DomainEvent {
  /** UUIDv7. */
  id: string;
  /** `<subgraph>.<noun>.<what happened>`: `network.session.up`. */
  type: string;
  tenantId: string;
  /** Id of the entity it is about. */
  subject: string;
  /** When it happened; ISO 8601 in UTC with milliseconds. */
  at: string;
  payload: Record<string, unknown>;
  /** Where it stands in the order of delivery; opaque. */
  cursor: string;
}

/** An event as its maker gives it; `at` defaults to now. Never a secret in the payload: it is kept in clear. */
export type NewEvent = Omit<DomainEvent, 'id' | 'cursor' | 'at'> & { at?: string };

const TYPE = /^[a-z][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)+$/;

/** @throws Error naming the field. */
export function assertEvent(event: NewEvent): void {
  if (!TYPE.test(event.type)) throw new Error(`Event type: ${JSON.stringify(event.type)} is not of the form subgraph.noun.what`);
  if (!isUuid(event.tenantId)) throw new Error(`Event tenantId of ${event.type}: not a UUID`);
  if (typeof event.subject !== 'string' || event.subject === '') throw new Error(`Event subject of ${event.type}: missing`);
  if (event.at !== undefined && Number.isNaN(Date.parse(event.at))) throw new Error(`Event at of ${event.type}: not a date`);
}

/** A place in the order of delivery: transaction, then row. Both fit 64 bits. */
export interface Position {
  xid: bigint;
  seq: bigint;
}

export function comparePositions(a: Position, b: Position): number {
  if (a.xid !== b.xid) return a.xid < b.xid ? -1 : 1;
  return a.seq === b.seq ? 0 : a.seq < b.seq ? -1 : 1;
}

export function formatCursor(position: Position): string {
  return `${position.xid}.${position.seq}`;
}

/** @throws Error with `field: 'after'` when the text is none of our cursors. */
export function parseCursor(cursor: string): Position {
  const match = /^(\d{1,20})\.(-1|\d{1,19})$/.exec(cursor);
  const position = match && { xid: BigInt(match[1]!), seq: BigInt(match[2]!) };
  if (!position || position.xid > 0xffff_ffff_ffff_ffffn || position.seq > 0x7fff_ffff_ffff_ffffn) {
    throw Object.assign(new Error('The cursor is not one of ours'), { field: 'after' });
  }
  return position;
}
