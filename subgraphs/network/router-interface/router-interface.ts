import type { Principal } from '#kernel/access/principal.ts';
import type { Clock } from '#kernel/clock.ts';
import { DomainError, invalidField } from '#kernel/errors.ts';
import type { DirectRouters } from '../direct/direct-router.ts';
import { rowName, type DirectMenu } from '../direct/direct-menu.ts';
import { parseBoolean } from '../routeros/normalise.ts';
import type { TrafficSample } from '../routeros/traffic.ts';
import type { RouterFleet } from '../router/router-fleet.ts';
import type { Router } from '../router/router.ts';
import { expand, followLink } from '../streams.ts';

/** A row of `/interface`. */
export interface RouterInterfaceRow {
  id: string;
  name: string;
  type: string;
  mtu: number | null;
  macAddress: string | null;
  running: boolean;
  disabled: boolean;
  dynamic: boolean;
  comment: string | null;
  rxBytes: number | null;
  txBytes: number | null;
}

/** Read only: interfaces are hardware, or come and go with sessions. */
export const routerInterfaceMenu: DirectMenu<RouterInterfaceRow> = {
  noun: 'interface',
  path: '/interface',
  kind: 'interface',
  properties: [rowName()],
  shown: ['type', 'mtu', 'mac-address', 'running', 'disabled', 'dynamic', 'comment', 'rx-byte', 'tx-byte'],
  toRow: (row) => ({
    id: row['.id'] ?? '',
    name: row['name'] ?? '',
    type: row['type'] ?? '',
    mtu: whole(row['mtu']),
    macAddress: row['mac-address'] || null,
    running: parseBoolean(row['running']) === true,
    disabled: parseBoolean(row['disabled']) === true,
    dynamic: parseBoolean(row['dynamic']) === true,
    comment: row['comment'] || null,
    rxBytes: whole(row['rx-byte']),
    txBytes: whole(row['tx-byte']),
  }),
  searched: ({ name, type, comment }) => [name, type, comment],
};

/** What an interface moves at one moment; directions are the router's. */
export interface InterfaceTraffic {
  interface: string;
  present: boolean;
  rxBitsPerSecond: number;
  txBitsPerSecond: number;
  rxPacketsPerSecond: number;
  txPacketsPerSecond: number;
  at: Date;
  router: Router;
}

export interface InterfaceTraffics {
  /** One measurement. @throws NOT_FOUND; VALIDATION_ERROR naming `interface`; UNAVAILABLE */
  now(principal: Principal, name: string, routerId: string | null | undefined): Promise<InterfaceTraffic>;
  /**
   * About one sample a second, measured once for all who watch. When the interface goes, or the router, one sample says that it is
   * not present; the stream goes on when it is back.
   * @throws NOT_FOUND; VALIDATION_ERROR naming `interface`, unless the router is away and cannot be asked
   */
  open(principal: Principal, name: string, routerId: string | null | undefined): Promise<AsyncIterableIterator<InterfaceTraffic, void, void>>;
}

export function makeInterfaceTraffics({ fleet, direct, clock }: { fleet: RouterFleet; direct: DirectRouters; clock: Clock }): InterfaceTraffics {
  const none = (name: string): DomainError => invalidField('interface', 'UNKNOWN', `interface: this router has none named ${JSON.stringify(name)}.`);

  return {
    async now(principal, name, routerId) {
      checkName(name);
      const router = await direct.meant(principal, routerId);
      const { rows } = await direct.read(router, (port) => port.command('/interface/monitor-traffic', { interface: name, once: '' }), 'interface');
      const [row] = rows;
      if (!row) throw none(name);
      const rate = (property: string) => whole(row[property]) ?? 0;
      return {
        interface: name,
        present: true,
        rxBitsPerSecond: rate('rx-bits-per-second'),
        txBitsPerSecond: rate('tx-bits-per-second'),
        rxPacketsPerSecond: rate('rx-packets-per-second'),
        txPacketsPerSecond: rate('tx-packets-per-second'),
        at: clock.now(),
        router,
      };
    },

    async open(principal, name, routerId) {
      checkName(name);
      const router = await direct.meant(principal, routerId);
      const rows = await direct.read(router, (port) => port.print('/interface', { where: { name }, proplist: ['name'] }), 'interface').catch((error: unknown) => {
        // The stream waits for a router that is away.
        if (error instanceof DomainError && error.code === 'UNAVAILABLE') return undefined;
        throw error;
      });
      if (rows && !rows.some((row) => row['name'] === name)) throw none(name);
      return expand(followLink(fleet, router.id, (link) => link.interfaces.watch(name)), (sample) => [toTraffic(name, router, sample)]);
    },
  };
}

function toTraffic(name: string, router: Router, { online, at, rxBitsPerSecond, txBitsPerSecond, rxPacketsPerSecond, txPacketsPerSecond }: TrafficSample): InterfaceTraffic {
  return { interface: name, present: online, rxBitsPerSecond, txBitsPerSecond, rxPacketsPerSecond, txPacketsPerSecond, at, router };
}

/** The router takes a list with commas, and ids for names. */
function checkName(name: string): void {
  if (name === '' || name.length > 200 || /[,\p{Cc}]/u.test(name) || name.startsWith('*')) throw invalidField('interface', 'INVALID_FORMAT', 'interface must be the name of one interface.');
}

function whole(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}
