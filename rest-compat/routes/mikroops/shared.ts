import { z } from 'zod';
import type { Answer } from '../../machine/dialect.ts';
import type { Input } from '../../machine/route.ts';

/** What every route of this dialect says alike. */
export const base = { dialect: 'mikroops', auth: 'user', tenant: 'required' } as const;

/** Lists of what Headend keeps: the graph shows at most 100 at a time. */
export const KEPT = { most: 100 } as const;

/** Lists of what is on the router: one look brings all of it. */
export const ON_ROUTER = { most: null } as const;

export const idParam = z.object({ id: z.string().min(1).max(200).describe('Id of the element.') });
export const text = (most = 200) => z.string().trim().min(1).max(most);
/** A text that may be empty: empty unsets. */
export const free = (most = 500) => z.string().trim().max(most);

/** `first` and `offset` of the graph. */
export const pageOf = ({ page }: Pick<Input, 'page'>) => ({ first: page.limit, offset: page.offset });

/** A list as the graph gives it. */
export interface List<Node> {
  nodes: Node[];
  totalCount: number;
}

export const listAnswer = <Node>({ nodes, totalCount }: List<Node>, map: (node: Node) => unknown): Answer => ({ data: nodes.map(map), total: totalCount });

export const search = z.object({ search: free(100).optional().describe('Part of a name.') });

/** Only what was given: an absent field stays as it is. */
export function given<T extends Record<string, unknown>>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
}

type Given<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };

/** The fields of a request under the graph's names: those that `names` lacks keep theirs, those that were not sent stay away. */
export function renamed<T extends object, const Names extends Readonly<Record<string, string>>>(sent: T, names: Names): Renamed<T, Names> {
  return given(Object.fromEntries(Object.entries(sent).map(([name, value]) => [names[name] ?? name, value]))) as Renamed<T, Names>;
}

type Renamed<T, Names> = { [K in keyof T as K extends keyof Names ? Names[K] & string : K]: T[K] };

/** From the graph's names back to the route's, for the details of errors. */
export function inverted(names: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([name, graphName]) => [graphName, name]));
}

/** The answer to a delete. */
export const deleted = (id: string): Answer => ({ data: { id, deleted: true } });
