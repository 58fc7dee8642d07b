import type { Principal } from '#kernel/access/principal.ts';
import type { Clock } from '#kernel/clock.ts';
import type { DirectRouters } from '../direct/direct-router.ts';
import { RouterOsError } from '../routeros/errors.ts';
import { parseDuration } from '../routeros/normalise.ts';
import type { Row } from '../routeros/session.ts';
import type { Router } from '../router/router.ts';

/** One sensor. */
export interface RouterHealth {
  name: string;
  /** Null when the router's text is no number. */
  value: number | null;
  text: string;
  unit: string | null;
}

/** What a router is and how it is doing. */
export interface RouterResource {
  identity: string | null;
  version: string | null;
  uptime: string | null;
  uptimeSeconds: number | null;
  boardName: string | null;
  architecture: string | null;
  platform: string | null;
  cpu: string | null;
  cpuCount: number | null;
  cpuFrequencyMhz: number | null;
  cpuLoadPercent: number | null;
  freeMemoryBytes: number | null;
  totalMemoryBytes: number | null;
  freeDiskBytes: number | null;
  totalDiskBytes: number | null;
  health: RouterHealth[];
  observedAt: Date;
  router: Router;
}

export interface RouterResources {
  /** @throws NOT_FOUND; VALIDATION_ERROR naming `routerId`; UNAVAILABLE */
  read(principal: Principal, routerId: string | null | undefined): Promise<RouterResource>;
}

export function makeRouterResources({ direct, clock }: { direct: DirectRouters; clock: Clock }): RouterResources {
  return {
    async read(principal, routerId) {
      const router = await direct.meant(principal, routerId);
      const [[resource = {}], [identity = {}], health] = await direct.read(router, (port) =>
        Promise.all([port.print('/system/resource'), port.print('/system/identity'), port.print('/system/health').catch(withoutSensors)]),
      );
      return {
        identity: identity['name'] || null,
        version: resource['version'] || null,
        uptime: resource['uptime'] || null,
        uptimeSeconds: parseDuration(resource['uptime']),
        boardName: resource['board-name'] || null,
        architecture: resource['architecture-name'] || null,
        platform: resource['platform'] || null,
        cpu: resource['cpu'] || null,
        cpuCount: amount(resource['cpu-count']),
        cpuFrequencyMhz: amount(resource['cpu-frequency']),
        cpuLoadPercent: amount(resource['cpu-load']),
        freeMemoryBytes: amount(resource['free-memory']),
        totalMemoryBytes: amount(resource['total-memory']),
        freeDiskBytes: amount(resource['free-hdd-space']),
        totalDiskBytes: amount(resource['total-hdd-space']),
        health: toHealth(health),
        observedAt: clock.now(),
        router,
      };
    },
  };
}

/** Virtual routers have no such menu. */
function withoutSensors(error: unknown): Row[] {
  if (error instanceof RouterOsError && error.code === 'UNSUPPORTED') return [];
  throw error;
}

/** From 7 on a row per sensor; before, one row with a property per sensor. */
export function toHealth(rows: readonly Row[]): RouterHealth[] {
  return rows.flatMap((row) => {
    if (row['name'] !== undefined) return [sensor(row['name'], row['value'] ?? '', row['type'] || null)];
    return Object.entries(row)
      .filter(([property, value]) => !property.startsWith('.') && value !== '')
      .map(([property, value]) => {
        const [, number, unit] = /^(-?\d+(?:\.\d+)?)([A-Za-z%]*)$/.exec(value) ?? [];
        return sensor(property, number ?? value, unit || null);
      });
  });
}

function sensor(name: string, text: string, unit: string | null): RouterHealth {
  return { name, value: /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null, text, unit };
}

/** A number with or without a unit: `1400`, `1400MHz`, `3%`; releases before 6 say `128.0MiB`. */
function amount(text: string | undefined): number | null {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(KiB|MiB|GiB|MHz|%)?$/.exec(text ?? '') ?? [];
  if (number === undefined) return null;
  return Math.round(Number(number) * ({ KiB: 1_024, MiB: 1_048_576, GiB: 1_073_741_824 }[unit ?? ''] ?? 1));
}
