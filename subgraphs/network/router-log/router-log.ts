import type { Principal } from '#kernel/access/principal.ts';
import type { Clock } from '#kernel/clock.ts';
import { checkQuery, type DirectList } from '../direct/direct-list.ts';
import type { DirectRouters } from '../direct/direct-router.ts';
import { LOG_PROPERTIES, toLogLine, type LogLine } from '../routeros/log-lines.ts';
import type { RouterFleet } from '../router/router-fleet.ts';
import type { Router } from '../router/router.ts';
import { expand, followLink } from '../streams.ts';
import { RouterLogAction } from './router-log.type.ts';

export interface LogQuery {
  routerId?: string | null;
  filter?: { topic?: string | null; search?: string | null } | null;
  first?: number | null;
  offset?: number | null;
}

export interface RouterLogChange {
  action: RouterLogAction;
  lines: readonly LogLine[];
  at: Date;
  router: Router;
}

export interface RouterLogs {
  /** The newest first. @throws NOT_FOUND; VALIDATION_ERROR; UNAVAILABLE */
  list(principal: Principal, query: LogQuery): Promise<DirectList<LogLine>>;
  /** The last lines, then each one as it is logged, read once for all who watch. @throws NOT_FOUND; VALIDATION_ERROR */
  open(principal: Principal, routerId: string | null | undefined): Promise<AsyncIterableIterator<RouterLogChange, void, void>>;
}

export function makeRouterLogs({ fleet, direct, clock }: { fleet: RouterFleet; direct: DirectRouters; clock: Clock }): RouterLogs {
  return {
    async list(principal, query) {
      checkQuery(query);
      const router = await direct.meant(principal, query.routerId);
      const rows = await direct.read(router, (port) => port.print('/log', { proplist: LOG_PROPERTIES }));
      const topic = query.filter?.topic?.toLowerCase();
      const search = query.filter?.search?.toLowerCase();
      const found = rows
        .map(toLogLine)
        .filter((line) => (!topic || line.topics.includes(topic)) && (!search || line.message.toLowerCase().includes(search)))
        .toReversed();
      const from = query.offset ?? 0;
      return { nodes: found.slice(from, query.first == null ? undefined : from + query.first), totalCount: found.length, observedAt: clock.now() };
    },

    async open(principal, routerId) {
      const router = await direct.meant(principal, routerId);
      return expand(followLink(fleet, router.id, (link) => link.logs.watch()), ({ kind, lines, at }) => [
        { action: kind === 'snapshot' ? RouterLogAction.SNAPSHOT : RouterLogAction.APPENDED, lines, at, router },
      ]);
    },
  };
}
