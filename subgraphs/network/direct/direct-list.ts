import { invalidField } from '#kernel/errors.ts';
import type { StringFilter } from '#kernel/graphql/filters.ts';
import type { DirectRow } from './direct-menu.ts';

/** What a list of a router's rows asks for. */
export interface DirectQuery {
  routerId?: string | null;
  filter?: { name?: StringFilter | null; search?: string | null } | null;
  /** Null: all. */
  first?: number | null;
  offset?: number | null;
}

/** A part of a router's rows, and how many there are in all. */
export interface DirectList<T> {
  nodes: T[];
  totalCount: number;
  observedAt: Date;
}

/** @throws VALIDATION_ERROR naming `first` or `offset`. Before the router is asked. */
export function checkQuery({ first, offset }: DirectQuery): void {
  if (first != null && first < 0) throw invalidField('first', 'OUT_OF_RANGE', 'first must be 0 or more.');
  if (offset != null && offset < 0) throw invalidField('offset', 'OUT_OF_RANGE', 'offset must be 0 or more.');
}

/** The rows that the query wants: by name, or as they stand. */
export function pick<T extends Pick<DirectRow, 'id' | 'name'>>(
  rows: readonly T[],
  { filter, first, offset }: DirectQuery,
  observedAt: Date,
  searched: (row: T) => ReadonlyArray<string | null>,
  { asTheyStand = false }: { asTheyStand?: boolean } = {},
): DirectList<T> {
  const search = filter?.search?.toLowerCase();
  const found = rows.filter((row) => matches(row.name, filter?.name) && (!search || searched(row).some((text) => text?.toLowerCase().includes(search))));
  if (!asTheyStand) found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
  const from = offset ?? 0;
  return { nodes: found.slice(from, first == null ? undefined : from + first), totalCount: found.length, observedAt };
}

function matches(text: string, filter: StringFilter | null | undefined): boolean {
  const folded = text.toLowerCase();
  if (filter?.equals != null && folded !== filter.equals.toLowerCase()) return false;
  return filter?.contains == null || folded.includes(filter.contains.toLowerCase());
}
