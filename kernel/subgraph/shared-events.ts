import type { ExecutionResult } from 'graphql';
import type { Principal } from '#kernel/access/principal.ts';

/**
 * One event of a subscription often goes to thousands of subscribers who asked the same. What answers them is then worked
 * out once, for those among whom it cannot differ: the same operation, variables, tenant and rights, never wider
 * (docs/decisions/0004-sharing-of-subscription-upstreams.md).
 */
const shareable = new WeakMap<object, number>();

/**
 * Says of an event that what it leads to depends on nothing but the operation, its variables, the tenant and the rights of
 * who asks: not on who he is. It must be one object for all subscribers, and nobody may change it.
 * @param until by `performance.now()`: whoever reads it later is answered for himself alone, with what is true then.
 */
export function shareEvent<Event extends object>(event: Event, until = Number.POSITIVE_INFINITY): Event {
  shareable.set(event, until);
  return event;
}

/** Whether many may hold this very object. */
export function isShared(event: unknown): event is object {
  return typeof event === 'object' && event !== null && shareable.has(event);
}

/** Whether the answer to it that one has had may be another's. */
export function isAnsweredOnce(event: unknown): event is object {
  return isShared(event) && performance.now() < shareable.get(event)!;
}

/** Answers by what they are made from; they go when that goes. */
export interface SharedAnswers {
  /**
   * The answer that `key` has had for this `source`, or the one that `work` gives now; at once where it is there already. It is
   * itself shared, for as long as its source. One with errors is never handed on: it carries the request id of who met them, and it may have
   * failed because he left.
   */
  of(source: object, key: string, work: () => Promise<ExecutionResult>): ExecutionResult | Promise<ExecutionResult>;
}

export function makeSharedAnswers(): SharedAnswers {
  const answers = new WeakMap<object, Map<string, ExecutionResult | Promise<ExecutionResult>>>();
  return {
    of(source, key, work) {
      let ofSource = answers.get(source);
      if (!ofSource) answers.set(source, (ofSource = new Map()));
      const known = ofSource.get(key);
      if (known instanceof Promise) return known.then((answer) => (answer.errors ? work() : answer), work);
      if (known) return known;
      const among = ofSource;
      const own = work().then(
        (answer) => {
          if (answer.errors) among.delete(key);
          else among.set(key, shareEvent(answer, shareable.get(source)));
          return answer;
        },
        (error: unknown) => {
          among.delete(key);
          throw error;
        },
      );
      among.set(key, own);
      return own;
    },
  };
}

const scopes = new WeakMap<Principal, string>();

/** Whose answers cannot differ from this principal's, but for who he is: the same kind, tenant and rights. */
export function scopeOf(principal: Principal): string {
  const known = scopes.get(principal);
  if (known !== undefined) return known;
  const { kind, tenantId, superAdmin, permissions } = principal;
  const scope = JSON.stringify([kind, tenantId, superAdmin, [...permissions].sort()]);
  scopes.set(principal, scope);
  return scope;
}

/** Numbers objects, so that they can be part of a key. */
export function makeSerials(): (of: object) => number {
  const serials = new WeakMap<object, number>();
  let last = 0;
  return (of) => {
    const known = serials.get(of);
    if (known !== undefined) return known;
    serials.set(of, (last += 1));
    return last;
  };
}
