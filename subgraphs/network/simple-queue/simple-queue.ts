import { rowName, type DirectMenu, type DirectProperty } from '../direct/direct-menu.ts';
import { normaliseList, parseBoolean, parseDuration, stripHostMask } from '../routeros/normalise.ts';
import { parseOwnership } from '../routeros/ownership.ts';
import { bothSides, limitsAsBits, parseLimits, sameLimits, showLimits } from './queue-limits.ts';

/** A row of `/queue/simple`. Pairs are upload/download. */
export interface SimpleQueueRow {
  id: string;
  /** Null where it was read alone. */
  position: number | null;
  name: string;
  target: string;
  dst: string | null;
  parent: string | null;
  packetMarks: string | null;
  priority: string;
  queueType: string;
  limitAt: string | null;
  maxLimit: string | null;
  burstLimit: string | null;
  burstThreshold: string | null;
  burstTime: string | null;
  comment: string | null;
  disabled: boolean;
  dynamic: boolean;
  invalid: boolean;
  owned: boolean;
  /** The measured ones are null in lists. */
  uploadBytes: number | null;
  downloadBytes: number | null;
  uploadBitsPerSecond: number | null;
  downloadBitsPerSecond: number | null;
}

const limits = (field: string, attribute: string): DirectProperty => ({
  field,
  attribute,
  unset: '0/0',
  form: limitsAsBits,
  same: sameLimits,
  check: (text) => (parseLimits(text) ? undefined : 'must be bits per second, upload/download: digits with k, M or G, e.g. 10M/50M.'),
});

/** RouterOS shows a lone address with its mask: `10.0.0.5/32`. */
const targets = (text: string): string => normaliseList(text.split(',').map((one) => stripHostMask(one.trim())).join(','));

const sides = (text: string | undefined): readonly [string, string] | null => {
  const [upload, download] = (text ?? '').split('/');
  return upload && download ? [upload, download] : null;
};

const seconds = (text: string): ReadonlyArray<number | null> => bothSides(text).split('/').map((side) => parseDuration(side));

export const simpleQueueMenu: DirectMenu<SimpleQueueRow> = {
  noun: 'simple queue',
  path: '/queue/simple',
  kind: 'queue',
  ordered: true,
  properties: [
    rowName(),
    { field: 'target', attribute: 'target', same: (shown, sent) => targets(shown) === targets(sent) },
    { field: 'dst', attribute: 'dst', unset: null, same: (shown, sent) => targets(shown) === targets(sent) },
    {
      field: 'parent',
      attribute: 'parent',
      unset: 'none',
      same: (shown, sent) => (shown || 'none') === sent,
      refersTo: { menu: '/queue/simple', noun: 'a simple queue', unless: (text) => text === 'none' },
    },
    { field: 'packetMarks', attribute: 'packet-marks', unset: '', same: (shown, sent) => normaliseList(shown) === normaliseList(sent) },
    { field: 'priority', attribute: 'priority', unset: '8/8', form: bothSides, check: (text) => (/^[1-8](\/[1-8])?$/.test(text) ? undefined : 'must be from 1 (first) to 8 (last), or a pair upload/download, e.g. 1/8.') },
    { field: 'queueType', attribute: 'queue', unset: 'default-small/default-small', form: bothSides },
    limits('limitAt', 'limit-at'),
    limits('maxLimit', 'max-limit'),
    limits('burstLimit', 'burst-limit'),
    limits('burstThreshold', 'burst-threshold'),
    {
      field: 'burstTime',
      attribute: 'burst-time',
      unset: '0s/0s',
      form: bothSides,
      same: (shown, sent) => String(seconds(shown || '0s')) === String(seconds(sent)),
      check: (text) => (seconds(text).length === 2 && seconds(text).every((time) => time !== null) ? undefined : 'must be times, upload/download, e.g. 8s/8s.'),
    },
    { field: 'comment', attribute: 'comment', unset: '' },
    { field: 'disabled', attribute: 'disabled', unset: 'no', same: (shown, sent) => parseBoolean(shown) === parseBoolean(sent) },
  ],
  shown: ['dynamic', 'invalid'],
  measured: ['bytes', 'rate'],
  fixed: (row) => (parseBoolean(row['dynamic']) === true ? 'was made by the router for a session: change the session\'s profile instead.' : undefined),
  toRow: (row, position) => {
    const bytes = sides(row['bytes'])?.map(Number);
    const rate = parseLimits(row['rate'] ?? '');
    return {
      id: row['.id'] ?? '',
      position,
      name: row['name'] ?? '',
      target: row['target'] ?? '',
      dst: row['dst'] || null,
      parent: row['parent'] && row['parent'] !== 'none' ? row['parent'] : null,
      packetMarks: row['packet-marks'] || null,
      priority: row['priority'] || '8/8',
      queueType: row['queue'] ?? '',
      limitAt: showLimits(row['limit-at']),
      maxLimit: showLimits(row['max-limit']),
      burstLimit: showLimits(row['burst-limit']),
      burstThreshold: showLimits(row['burst-threshold']),
      burstTime: seconds(row['burst-time'] || '0s').every((time) => time === 0) ? null : row['burst-time']!,
      comment: row['comment'] || null,
      disabled: parseBoolean(row['disabled']) === true,
      dynamic: parseBoolean(row['dynamic']) === true,
      invalid: parseBoolean(row['invalid']) === true,
      owned: parseOwnership(row['comment']) !== null,
      uploadBytes: bytes?.[0] ?? null,
      downloadBytes: bytes?.[1] ?? null,
      uploadBitsPerSecond: rate?.[0] ?? null,
      downloadBitsPerSecond: rate?.[1] ?? null,
    };
  },
  searched: ({ name, target, comment }) => [name, target, comment],
};
