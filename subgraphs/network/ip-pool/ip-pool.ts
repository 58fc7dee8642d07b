import { rowName, type DirectMenu } from '../direct/direct-menu.ts';
import { sameRanges } from './address-ranges.ts';

/** A row of `/ip/pool`. */
export interface IpPoolRow {
  id: string;
  name: string;
  ranges: string;
  nextPool: string | null;
  comment: string | null;
}

/** RouterOS shows a pool without successor as absent or as `none`. */
const nextPoolOf = (shown: string | undefined): string | null => (shown && shown !== 'none' ? shown : null);

export const ipPoolMenu: DirectMenu<IpPoolRow> = {
  noun: 'address pool',
  path: '/ip/pool',
  kind: 'pool',
  properties: [
    rowName(),
    { field: 'ranges', attribute: 'ranges', same: sameRanges },
    {
      field: 'nextPool',
      attribute: 'next-pool',
      unset: 'none',
      same: (shown, sent) => nextPoolOf(shown) === nextPoolOf(sent),
      refersTo: { menu: '/ip/pool', noun: 'an address pool', unless: (text) => text === 'none' },
    },
    { field: 'comment', attribute: 'comment', unset: '' },
  ],
  shown: [],
  toRow: (row) => ({ id: row['.id'] ?? '', name: row['name'] ?? '', ranges: row['ranges'] ?? '', nextPool: nextPoolOf(row['next-pool']), comment: row['comment'] || null }),
  searched: ({ name, comment }) => [name, comment],
};
