import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { RestError } from './errors.ts';
import type { Limit } from './dialect.ts';

/** Counts the requests of callers. */
export interface Limiter {
  /** Counts one request of `caller` under a limit and answers the headers that tell where it stands. @throws RestError RATE_LIMITED, with the same headers. */
  count(limit: Limit, caller: string): Promise<Record<string, string>>;
}

/** What the sandbox grants instead of the documented limits. The headers are sent all the same. */
const RELAXED: Limit = { requests: 1_000_000, seconds: 60 };

/** Limits per caller in this process's memory. `relaxed`: the sandbox's. */
export function makeLimiter({ relaxed }: { relaxed: boolean }): Limiter {
  const limiters = new Map<string, RateLimiterMemory>();
  const limiterOf = ({ requests, seconds }: Limit): RateLimiterMemory => {
    const key = `${requests}/${seconds}`;
    let limiter = limiters.get(key);
    if (!limiter) limiters.set(key, (limiter = new RateLimiterMemory({ keyPrefix: key, points: requests, duration: seconds })));
    return limiter;
  };
  return {
    async count(limit, caller) {
      const used = relaxed ? RELAXED : limit;
      const outcome = await limiterOf(used)
        .consume(caller)
        .catch((refused: unknown) => refused);
      if (!(outcome instanceof RateLimiterRes)) throw outcome;
      const reset = Math.ceil(outcome.msBeforeNext / 1000);
      const headers = {
        'x-ratelimit-limit': String(used.requests),
        'x-ratelimit-remaining': String(Math.max(0, outcome.remainingPoints)),
        'x-ratelimit-reset': String(reset),
      };
      if (outcome.consumedPoints > used.requests) throw new RestError('RATE_LIMITED', `At most ${used.requests} requests in ${used.seconds} s: try again in ${reset} s.`, { headers: { ...headers, 'retry-after': String(reset) } });
      return headers;
    },
  };
}
