import { parseDuration } from './normalise.ts';
import type { RouterSession } from './router-session.ts';
import type { Runtime } from './runtime.ts';

/** Notices that a router was restarted: all its ids and sessions are new then. */
export interface BootWatch {
  /** Whether its uptime went backwards, or it was started later than we knew. A router that does not tell its uptime was not. */
  sawReboot(session: RouterSession): Promise<boolean>;
  /** What was told is judged: the next look begins anew. */
  forget(): void;
  /** When it was last started, as far as it says. */
  readonly bootedAt: Date | null;
}

export function makeBootWatch({ runtime, timeoutMs, onReboot }: { runtime: Runtime; timeoutMs: number; onReboot: () => void }): BootWatch {
  let lastUptime: { seconds: number; at: number } | null = null;
  let bootedAt: Date | null = null;

  return {
    async sawReboot(session) {
      const rows = await session.print('/system/resource', { proplist: ['uptime'], timeoutMs }).catch((error: unknown) => {
        if (session.isClosed) throw error;
        return [];
      });
      const seconds = parseDuration(rows[0]?.['uptime']);
      if (seconds === null) return false;
      const at = runtime.monotonic();
      const last = lastUptime;
      lastUptime = { seconds, at };
      bootedAt = new Date(runtime.now().getTime() - seconds * 1000);
      if (last === null) return false;
      const expected = last.seconds + (at - last.at) / 1000;
      const rebooted = seconds < last.seconds || expected - seconds > 60;
      if (rebooted) onReboot();
      return rebooted;
    },
    forget() {
      lastUptime = null;
    },
    get bootedAt() {
      return bootedAt;
    },
  };
}
