import { isIP } from 'node:net';
import type { Principal } from '#kernel/access/principal.ts';
import type { Clock } from '#kernel/clock.ts';
import { checkQuery, pick, type DirectList, type DirectQuery } from '../direct/direct-list.ts';
import { rowName, type DirectMenu, type DirectProperty } from '../direct/direct-menu.ts';
import type { DirectRouters } from '../direct/direct-router.ts';
import type { OnRouter } from '../direct/direct-rows.ts';
import { normaliseMac, parseBoolean } from '../routeros/normalise.ts';
import { parseOwnership } from '../routeros/ownership.ts';

/** A row of `/ppp/secret`, without its password. */
export interface PppSecretRow {
  id: string;
  name: string;
  service: string;
  profile: string;
  localAddress: string | null;
  remoteAddress: string | null;
  callerId: string | null;
  comment: string | null;
  disabled: boolean;
  lastLoggedOut: string | null;
  owned: boolean;
}

/** An address, or the name of a pool from which one is taken. */
export const addressOrPool = (field: string, attribute: string): DirectProperty => ({
  field,
  attribute,
  unset: null,
  refersTo: { menu: '/ip/pool', noun: 'neither an address nor an address pool', unless: (text) => isIP(text) !== 0 },
});

export const pppSecretMenu: DirectMenu<PppSecretRow> = {
  noun: 'PPP secret',
  path: '/ppp/secret',
  kind: 'secret',
  properties: [
    rowName(),
    { field: 'password', attribute: 'password', unset: '', secret: true },
    { field: 'service', attribute: 'service', unset: 'any' },
    { field: 'profile', attribute: 'profile', unset: 'default', refersTo: { menu: '/ppp/profile', noun: 'a PPP profile', unless: () => false } },
    addressOrPool('localAddress', 'local-address'),
    addressOrPool('remoteAddress', 'remote-address'),
    { field: 'callerId', attribute: 'caller-id', unset: '', form: normaliseMac, same: (shown, sent) => normaliseMac(shown) === sent },
    { field: 'comment', attribute: 'comment', unset: '' },
    { field: 'disabled', attribute: 'disabled', unset: 'no', same: (shown, sent) => parseBoolean(shown) === parseBoolean(sent) },
  ],
  shown: ['last-logged-out'],
  toRow: (row) => ({
    id: row['.id'] ?? '',
    name: row['name'] ?? '',
    service: row['service'] || 'any',
    profile: row['profile'] || 'default',
    localAddress: row['local-address'] || null,
    remoteAddress: row['remote-address'] || null,
    callerId: row['caller-id'] ? normaliseMac(row['caller-id']) : null,
    comment: row['comment'] || null,
    disabled: parseBoolean(row['disabled']) === true,
    lastLoggedOut: row['last-logged-out'] || null,
    owned: parseOwnership(row['comment']) !== null,
  }),
  searched: ({ name, comment }) => [name, comment],
};

export interface PppInactives {
  /** The secrets of which no session is up, disabled ones included. */
  list(principal: Principal, query: DirectQuery): Promise<DirectList<OnRouter<PppSecretRow>>>;
}

export function makePppInactives({ direct, clock }: { direct: DirectRouters; clock: Clock }): PppInactives {
  const { path, properties, shown, toRow, searched } = pppSecretMenu;
  const proplist = ['.id', ...properties.filter(({ secret }) => !secret).map(({ attribute }) => attribute), ...shown];
  return {
    async list(principal, query) {
      checkQuery(query);
      const router = await direct.meant(principal, query.routerId);
      // Asked together: who dials in between is in one of the two at most a moment too early.
      const [secrets, active] = await direct.read(router, (port) => Promise.all([port.print(path, { proplist }), port.print('/ppp/active', { proplist: ['name'] })]));
      const online = new Set(active.map((row) => row['name']));
      const rows = secrets.filter((row) => !online.has(row['name'])).map((row) => ({ ...toRow(row, null), router }));
      return pick(rows, query, clock.now(), searched);
    },
  };
}
