import type { Unserved } from '../machine/catalogue.ts';

/** Documented operations of this dialect without a route: they answer 501. */
export const mikroopsUnserved: readonly Unserved[] = [];

/** Operations that the graph does not offer yet; their routes answer 501 until it does. */
export const mikroopsAwaited: ReadonlySet<string> = new Set();
