import type { Metrics } from '#kernel/metrics.ts';
import type { LiveChange } from '../routeros/live-sessions.ts';
import type { ConnectionState } from '../routeros/router-connection.ts';
import type { RouterLink } from './router-fleet.ts';

/** Counts what happens on the lines to the routers. */
export interface FleetMetrics {
  /** After a change of state, a change of sessions, or a piece of work. */
  observe(link: RouterLink, change?: LiveChange): void;
  forget(link: RouterLink): void;
  /** One attempt of a saga's step, a live read, a disconnection. */
  applied(operation: string, outcome: string): void;
}

interface Seen {
  state: ConnectionState | null;
  sessions: number;
  /** Commands of the present login session that are counted already. */
  counters: { readonly commands: number } | null;
  commands: number;
}

export function makeFleetMetrics(metrics: Metrics): FleetMetrics {
  const routers = metrics.gauge('headend_routers', 'Routers by the state of their line', ['state']);
  const sessions = metrics.gauge('headend_ppp_sessions', 'Live PPP sessions known, stale ones included');
  const connects = metrics.counter('headend_router_connects_total', 'Dials of routers by outcome', ['outcome']);
  const commands = metrics.counter('headend_router_commands_total', 'Commands sent to routers');
  const outcomes = metrics.counter('headend_router_apply_total', 'Work on routers by operation and outcome', ['operation', 'outcome']);
  const seen = new Map<RouterLink, Seen>();

  return {
    observe(link, change) {
      const known = seen.get(link) ?? { state: null, sessions: 0, counters: null, commands: 0 };
      seen.set(link, known);
      const { state } = link.connection.status();
      if (state !== known.state) {
        if (known.state) routers.dec({ state: known.state });
        routers.inc({ state });
        if (state === 'online') connects.inc({ outcome: 'online' });
        else if (state === 'auth-refused') connects.inc({ outcome: 'refused' });
        else if (state === 'backing-off') connects.inc({ outcome: known.state === 'online' ? 'lost' : 'failed' });
        known.state = state;
      }
      const session = link.connection.current();
      if (session) {
        if (known.counters !== session.counters) Object.assign(known, { counters: session.counters, commands: 0 });
        commands.inc(session.counters.commands - known.commands);
        known.commands = session.counters.commands;
      }
      const count = change?.action === 'SNAPSHOT' ? change.sessions.length : known.sessions + (change?.action === 'UP' ? 1 : change?.action === 'DOWN' ? -1 : 0);
      sessions.inc(count - known.sessions);
      known.sessions = count;
    },
    forget(link) {
      const known = seen.get(link);
      if (!known) return;
      if (known.state) routers.dec({ state: known.state });
      sessions.dec(known.sessions);
      seen.delete(link);
    },
    applied: (operation, outcome) => outcomes.inc({ operation, outcome }),
  };
}
