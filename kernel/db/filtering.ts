import { and, type Column, gte, ilike, lt, or, sql, type SQL } from './drizzle.ts';

/** `StringFilter` of the graph as a condition; undefined when it asks for nothing. */
export function matchesText(column: Column, filter: { equals?: string | null; contains?: string | null } | null | undefined): SQL | undefined {
  return and(filter?.equals != null ? sql`lower(${column}) = lower(${filter.equals})` : undefined, filter?.contains ? ilike(column, `%${literal(filter.contains)}%`) : undefined);
}

/** A free search: the text occurs in one of the columns. */
export function occursIn(columns: Column[], text: string | null | undefined): SQL | undefined {
  const wanted = text?.trim();
  return wanted ? or(...columns.map((column) => ilike(column, `%${literal(wanted)}%`))) : undefined;
}

/** `DateTimeFilter` of the graph as a condition: from inclusive, to exclusive. */
export function withinTime(column: Column, filter: { from?: Date | null; to?: Date | null } | null | undefined): SQL | undefined {
  return and(filter?.from ? gte(column, filter.from) : undefined, filter?.to ? lt(column, filter.to) : undefined);
}

/** LIKE's own wildcards are ordinary characters in what people type. */
function literal(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}
