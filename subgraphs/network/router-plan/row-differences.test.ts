import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uuidv7 } from '#kernel/ids.ts';
import { desiredPoolMenu } from '../desired-pool/desired-pool.ts';
import { desiredQueueMenu } from '../desired-queue/desired-queue.ts';
import { ownerOf, wantedRow, type DesiredMenu, type DesiredRow, type MenuRow } from '../desired-row/desired-row.ts';
import { formatOwnership, parseOwnership } from '../routeros/ownership.ts';
import { inOrder, isStep } from './difference.ts';
import { rowDifferences, settledRows } from './row-differences.ts';

const TENANT = '00000000-0000-4000-8000-00000000000a';
const DEFAULTS: Record<DesiredMenu['kind'], Record<string, string | null>> = { pool: { ranges: '10.0.0.0/24' }, queue: { target: '10.0.0.1' } };

const wish = (menu: DesiredMenu, name: string, values: Record<string, string | null> = {}, changes: Partial<DesiredRow> = {}): DesiredRow => ({
  id: uuidv7(), tenantId: TENANT, routerId: 'r', name, note: null, position: 0, moved: false, adopted: false, appliedDigest: null, appliedNote: null, appliedAt: null, createdAt: new Date(0), updatedAt: new Date(0), ...changes,
  values: { ...Object.fromEntries(menu.properties.map(({ field }) => [field, null])), ...DEFAULTS[menu.kind], ...values },
});
let ids = 0;
const row = (menu: DesiredMenu, of: DesiredRow | string, values: Record<string, string> = {}, changes: Partial<MenuRow> = {}): MenuRow => {
  const given = typeof of === 'string' ? DEFAULTS[menu.kind] : of.values;
  return {
    id: `*${(ids += 1).toString(16)}`, name: typeof of === 'string' ? of : of.name, own: false,
    owner: typeof of === 'string' ? null : parseOwnership(formatOwnership({ ...ownerOf(menu, of), text: of.note ?? '' })),
    ...changes,
    values: { ...Object.fromEntries(menu.properties.map(({ field, attribute }) => [attribute, given[field] ?? ''])), ...values },
  };
};
const diff = (menu: DesiredMenu, rows: MenuRow[], wishes: DesiredRow[], isNamed: (name: string) => boolean = () => false, removed: string[] = []) => {
  const { found, rest } = rowDifferences(menu, rows, { rows: wishes, removed: new Set(removed) }, TENANT);
  return [...found, ...rest(isNamed)].sort(inOrder);
};
const shown = (found: ReturnType<typeof diff>) => found.map(({ action, name, reason }) => `${action} ${name}${reason ? ` ${reason.code}` : ''}`);

describe('the differences of a menu', () => {
  it('are none for the same meaning: bits, masks, defaults, the order of addresses', () => {
    const queue = wish(desiredQueueMenu, 'q', { maxLimit: '10000000/20000000', target: '10.0.0.5,10.0.0.4' });
    expect(diff(desiredQueueMenu, [row(desiredQueueMenu, queue, { 'max-limit': '10M/20M', target: '10.0.0.4/32,10.0.0.5/32', parent: 'none', priority: '8/8', 'limit-at': '0/0', 'burst-time': '0s/0s', queue: 'default-small/default-small', disabled: 'false' })], [queue])).toEqual([]);
    const pool = wish(desiredPoolMenu, 'p', { ranges: '10.0.0.2-10.0.0.3,10.0.1.0/24' });
    expect(diff(desiredPoolMenu, [row(desiredPoolMenu, pool, { ranges: '10.0.1.0-10.0.1.255,10.0.0.2,10.0.0.3', 'next-pool': 'none' })], [pool])).toEqual([]);
  });

  it('say what a row is to have, also where that is what stands for nothing', () => {
    const queue = wish(desiredQueueMenu, 'q');
    const [found] = diff(desiredQueueMenu, [row(desiredQueueMenu, queue, { disabled: 'true', parent: 'other', 'max-limit': '1000/1000', dst: '10.0.0.9/32' }), row(desiredQueueMenu, 'other')], [queue]);
    expect(found!.fields).toEqual([
      { field: 'dst', from: '10.0.0.9/32', to: null },
      { field: 'parent', from: 'other', to: 'none' },
      { field: 'max-limit', from: '1000/1000', to: '0/0' },
      { field: 'disabled', from: 'true', to: 'no' },
    ]);
  });

  it('leave the free text behind our mark alone, unless the note was changed here', () => {
    const pool = wish(desiredPoolMenu, 'p', {}, { note: 'ours', appliedNote: 'ours' });
    const there = row(desiredPoolMenu, pool, {}, { owner: { tenant: TENANT, kind: 'pool', id: pool.id, text: 'theirs' } });
    expect(diff(desiredPoolMenu, [there], [pool])).toEqual([]);
    expect(diff(desiredPoolMenu, [there], [{ ...pool, note: 'new' }])).toMatchObject([{ action: 'CHANGE', fields: [{ field: 'comment', from: 'theirs', to: 'new' }] }]);
  });

  it('are pending until the wish as it is now was proven once', () => {
    const pool = wish(desiredPoolMenu, 'p');
    const proven = { ...pool, appliedDigest: wantedRow(desiredPoolMenu, pool) };
    expect(diff(desiredPoolMenu, [], [pool])).toMatchObject([{ pending: true }]);
    expect(diff(desiredPoolMenu, [], [proven])).toMatchObject([{ pending: false }]);
    expect(diff(desiredPoolMenu, [], [{ ...proven, values: { ...proven.values, ranges: '10.1.0.0/24' } }])).toMatchObject([{ pending: true }]);
    expect(diff(desiredPoolMenu, [row(desiredPoolMenu, pool)], [], undefined, [pool.id])).toMatchObject([{ action: 'REMOVE', pending: true }]);
    expect(diff(desiredPoolMenu, [row(desiredPoolMenu, pool)], [])).toMatchObject([{ action: 'REMOVE', pending: false }]);
  });

  it('never remove the row of a wish whose name is somebody else\'s, and remove a copy of it', () => {
    const pool = wish(desiredPoolMenu, 'p');
    expect(shown(diff(desiredPoolMenu, [row(desiredPoolMenu, 'p'), row(desiredPoolMenu, pool, {}, { name: 'before' })], [pool]))).toEqual(['CONFLICT p NETWORK_FOREIGN_POOL']);
    expect(shown(diff(desiredPoolMenu, [row(desiredPoolMenu, pool, {}, { name: 'copy' }), row(desiredPoolMenu, pool)], [pool]))).toEqual(['REMOVE copy']);
  });

  it('let the row of a wish that was made anew under the same name go first', () => {
    const [old, now] = [wish(desiredPoolMenu, 'p'), wish(desiredPoolMenu, 'p')];
    expect(shown(diff(desiredPoolMenu, [row(desiredPoolMenu, old)], [now]))).toEqual(['REMOVE p', 'CONFLICT p NETWORK_FOREIGN_POOL']);
  });

  it('do not count dynamic rows, nor those of other tenants and kinds', () => {
    const pool = wish(desiredPoolMenu, 'p');
    const rows = [row(desiredPoolMenu, 'dynamic', {}, { own: true }), row(desiredPoolMenu, { ...pool, tenantId: uuidv7(), name: 'theirs' }), row(desiredPoolMenu, 'odd', {}, { owner: { tenant: TENANT, kind: 'pool', id: 'no-uuid', text: '' } }), row(desiredPoolMenu, 'kind', {}, { owner: { tenant: TENANT, kind: 'queue', id: uuidv7(), text: '' } })];
    expect(shown(diff(desiredPoolMenu, rows, []))).toEqual(['UNOWNED kind', 'UNOWNED odd', 'UNOWNED theirs']);
  });

  it('keep what others name, and what those that stay lean on', () => {
    const [a, b, c] = [wish(desiredPoolMenu, 'a', { nextPool: 'b' }), wish(desiredPoolMenu, 'b', { nextPool: 'c' }), wish(desiredPoolMenu, 'c')];
    const rows = [a, b, c].map((one) => row(desiredPoolMenu, one));
    expect(shown(diff(desiredPoolMenu, rows, []))).toEqual(['REMOVE a', 'REMOVE b', 'REMOVE c']);
    expect(shown(diff(desiredPoolMenu, rows, [], (name) => name === 'b'))).toEqual(['REMOVE a', 'CONFLICT b NETWORK_POOL_IN_USE', 'CONFLICT c NETWORK_POOL_IN_USE']);
  });

  it('say what a comparison has settled', () => {
    const [done, open, gone] = [wish(desiredQueueMenu, 'done', {}, { moved: true }), wish(desiredQueueMenu, 'open'), uuidv7()];
    const rows = [row(desiredQueueMenu, done)];
    const wished = { rows: [done, open], removed: new Set([gone]) };
    const { found } = rowDifferences(desiredQueueMenu, rows, wished, TENANT);
    expect(settledRows(desiredQueueMenu, rows, wished, found)).toMatchObject({ applied: [{ id: done.id, digest: wantedRow(desiredQueueMenu, done) }], gone: [gone], inOrder: [{ id: done.id }] });
  });
});

describe('for any menu and any wishes', () => {
  const NAMES = ['a', 'b', 'c', 'd', 'e'];
  const named = fc.record({ name: fc.constantFrom(...NAMES), parent: fc.option(fc.constantFrom(...NAMES), { nil: null }), limit: fc.constantFrom('1000/1000', null) });
  const wishes = fc.uniqueArray(named, { selector: ({ name }) => name }).map((all) => all.map(({ name, parent, limit }) => wish(desiredQueueMenu, name, { parent: parent === name ? null : parent, maxLimit: limit })));
  /** A router that has come to be in any way: rows of wishes, changed, renamed and reordered, of former wishes and of nobody. */
  const router = wishes.chain((all) =>
    fc.shuffledSubarray([...all.map(({ id }) => id), uuidv7(), uuidv7(), 'nobody']).chain((owners) =>
      fc.tuple(fc.shuffledSubarray([...NAMES, 'x', 'y', 'z'], { minLength: owners.length, maxLength: owners.length }), fc.array(named, { minLength: owners.length, maxLength: owners.length })).map(([names, shapes]) => ({
        all,
        rows: owners.map((owner, at): MenuRow => row(desiredQueueMenu, wish(desiredQueueMenu, names[at]!, { parent: shapes[at]!.parent, maxLimit: shapes[at]!.limit }), {}, { owner: owner === 'nobody' ? null : { tenant: TENANT, kind: 'queue', id: owner, text: '' } })),
      })),
    ),
  );

  it('nothing without our mark is acted upon, a row is changed or removed but once, and the hash of a comparison is that of the next', () => {
    fc.assert(
      fc.property(router, ({ all, rows }) => {
        const found = diff(desiredQueueMenu, rows, all);
        const steps = found.filter(isStep);
        const byId = new Map(rows.map((one) => [one.id, one]));
        expect(steps.filter(({ rowId }) => rowId !== null && byId.get(rowId)!.owner === null)).toEqual([]);
        const touched = steps.filter(({ rowId, action }) => rowId !== null && action !== 'MOVE').map(({ rowId }) => rowId);
        expect(new Set(touched).size).toBe(touched.length);
        // No wish loses its row.
        expect(steps.filter(({ action, desiredId, name }) => action === 'REMOVE' && all.some((one) => one.id === desiredId && one.name === name))).toEqual([]);
        expect(diff(desiredQueueMenu, rows, all)).toEqual(found);
      }),
    );
  });
});
