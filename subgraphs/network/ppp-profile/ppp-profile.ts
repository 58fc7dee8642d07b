import { rowName, type DirectMenu } from '../direct/direct-menu.ts';
import { addressOrPool } from '../ppp-secret/ppp-secret.ts';
import { parseBoolean } from '../routeros/normalise.ts';
import { parseOwnership } from '../routeros/ownership.ts';
import { sameRateLimit } from '../routeros/rate-limit.ts';

/** A row of `/ppp/profile`. */
export interface PppProfileRow {
  id: string;
  name: string;
  localAddress: string | null;
  remoteAddress: string | null;
  /** As the router gives it: it keeps the text it was told. */
  rateLimit: string | null;
  onlyOne: string;
  comment: string | null;
  default: boolean;
  owned: boolean;
}

export const pppProfileMenu: DirectMenu<PppProfileRow> = {
  noun: 'PPP profile',
  path: '/ppp/profile',
  kind: 'profile',
  properties: [
    rowName(),
    addressOrPool('localAddress', 'local-address'),
    addressOrPool('remoteAddress', 'remote-address'),
    { field: 'rateLimit', attribute: 'rate-limit', unset: '', same: sameRateLimit },
    { field: 'onlyOne', attribute: 'only-one', unset: 'default' },
    { field: 'comment', attribute: 'comment', unset: '' },
  ],
  shown: ['default'],
  toRow: (row) => ({
    id: row['.id'] ?? '',
    name: row['name'] ?? '',
    localAddress: row['local-address'] || null,
    remoteAddress: row['remote-address'] || null,
    rateLimit: row['rate-limit'] || null,
    onlyOne: row['only-one'] || 'default',
    comment: row['comment'] || null,
    default: parseBoolean(row['default']) === true,
    owned: parseOwnership(row['comment']) !== null,
  }),
  searched: ({ name, comment }) => [name, comment],
};
