import { describe, expect, it } from 'vitest';
import { ForeignRowError, RouterOsError } from './errors.ts';
import { makePppVerbs, type DesiredSecret, type PppVerbsOptions } from './ppp.ts';
import type { RouterPort } from './ensure-row.ts';
import type { Attributes, CommandOptions, PrintOptions, Row } from './session.ts';

type Table = Array<Record<string, string>>;

/** A router's tables behind the three calls the verbs use, with RouterOS' refusals and switchable accidents. */
function makePort(tables: Record<string, Table> = {}) {
  const writes: Array<{ path: string; attributes: Record<string, unknown> }> = [];
  let nextId = 0x10;
  const port = {
    writes,
    tables,
    /** Runs before a write reaches the table; may throw instead of it. */
    before: null as ((path: string) => void) | null,
    /** Runs after a write reached the table; may throw as if the answer had been lost. */
    after: null as ((path: string) => void) | null,
    mask: null as string | null | undefined,
    table: (menu: string): Table => (tables[menu] ??= []),
    async print(menu: string, options: PrintOptions = {}): Promise<Row[]> {
      return port.table(menu)
        .filter((row) => Object.entries(options.where ?? {}).every(([k, v]) => row[k] === v))
        .map((row) => Object.fromEntries(Object.entries(row)
          .filter(([k]) => (options.proplist === undefined || options.proplist.includes(k)) && !(k === 'password' && port.mask === undefined))
          .map(([k, v]) => [k, k === 'password' && typeof port.mask === 'string' ? port.mask : v])));
    },
    count: async (menu: string, options: PrintOptions = {}) => (await port.print(menu, options)).length,
    async command(path: string, attributes: Attributes = {}, _options: CommandOptions = {}) {
      const menu = path.slice(0, path.lastIndexOf('/'));
      const verb = path.slice(path.lastIndexOf('/') + 1);
      writes.push({ path, attributes: { ...attributes } });
      port.before?.(path);
      const table = port.table(menu);
      let ret: string | null = null;
      if (verb === 'add') {
        if (table.some((r) => r['name'] === attributes['name'])) throw new RouterOsError('DUPLICATE', 'already exists', { command: path });
        ret = `*${(nextId++).toString(16).toUpperCase()}`;
        table.push({ '.id': ret, ...(attributes as Record<string, string>) });
      } else {
        const row = table.find((r) => r['.id'] === attributes['.id']);
        if (row === undefined) throw new RouterOsError('NOT_FOUND', 'no such item', { command: path });
        if (verb === 'remove') table.splice(table.indexOf(row), 1);
        else for (const [k, v] of Object.entries(attributes)) if (v === null) delete row[k]; else row[k] = String(v);
      }
      port.after?.(path);
      return { rows: [], ret };
    },
  };
  return port as typeof port & RouterPort;
}

const owner = { tenant: 't1', id: 'svc1' };
const secret: DesiredSecret = { name: 'ada', owner, password: 'pw-1', profile: 'fiber', callerId: 'aa:bb:cc:dd:ee:ff', text: 'Ada L.' };
const verbs = (port: RouterPort, options?: PppVerbsOptions) => makePppVerbs(port, options);
const lost = (path: string) => new RouterOsError('CLOSED', 'gone', { command: path, outcomeUnknown: true });

describe('ensureSecret', () => {
  it('adds an absent secret with our tag, then leaves it alone', async () => {
    const port = makePort();
    const first = await verbs(port).ensureSecret(secret);
    expect(first).toMatchObject({ outcome: 'APPLIED', passwordVerified: true });
    expect(port.table('/ppp/secret')).toMatchObject([{ name: 'ada', password: 'pw-1', service: 'pppoe', profile: 'fiber', 'caller-id': 'AA:BB:CC:DD:EE:FF', comment: 'headend:t1:secret:svc1 Ada L.' }]);
    expect(first.row).not.toHaveProperty('password');
    expect(JSON.stringify(first)).not.toContain('pw-1');
    expect(await verbs(port).ensureSecret(secret)).toMatchObject({ outcome: 'UNCHANGED', changed: [], passwordVerified: true });
    expect(port.writes).toHaveLength(1);
  });

  it('writes only what differs and keeps what people wrote in the comment', async () => {
    const port = makePort({ '/ppp/secret': [{ '.id': '*1', name: 'ada', password: 'pw-1', service: 'pppoe', profile: 'slow', 'caller-id': 'AA:BB:CC:DD:EE:FF', disabled: 'true', comment: 'headend:t1:secret:svc1 call first' }] });
    const result = await verbs(port).ensureSecret({ ...secret, disabled: false });
    expect(result).toMatchObject({ outcome: 'APPLIED', changed: ['profile', 'disabled'] });
    expect(port.writes).toEqual([{ path: '/ppp/secret/set', attributes: { '.id': '*1', profile: 'fiber', disabled: 'no' } }]);
    expect(port.table('/ppp/secret')[0]!['comment']).toBe('headend:t1:secret:svc1 call first');
  });

  it('never touches a secret of that name that is not ours', async () => {
    for (const comment of [undefined, '', 'Ada', 'headend:t1:secret:other', 'headend:t2:secret:svc1', 'headend:t1:profile:svc1']) {
      const port = makePort({ '/ppp/secret': [{ '.id': '*1', name: 'ada', password: 'x', profile: 'p', ...(comment === undefined ? {} : { comment }) }] });
      for (const attempt of [() => verbs(port).ensureSecret(secret), () => verbs(port).addSecret(secret), () => verbs(port).removeSecret('ada', owner), () => verbs(port).disableSecret('ada', owner)]) {
        const error = await attempt().catch((e: unknown) => e);
        expect(error).toBeInstanceOf(ForeignRowError);
        expect(error).toMatchObject({ code: 'FOREIGN', retryable: false });
      }
      expect(port.writes).toEqual([]);
    }
  });

  it('does nothing twice when the answer to its add was lost', async () => {
    const port = makePort();
    port.after = (path) => { port.after = null; throw lost(path); };
    const error = await verbs(port).ensureSecret(secret).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'CLOSED', outcomeUnknown: true, retryable: true });
    expect(await verbs(port).ensureSecret(secret)).toMatchObject({ outcome: 'UNCHANGED' });
    expect(port.table('/ppp/secret')).toHaveLength(1);
  });

  it('goes on from DUPLICATE on add and from a row removed under its hands', async () => {
    const port = makePort();
    port.before = (path) => {
      port.before = null;
      port.table('/ppp/secret').push({ '.id': '*9', name: 'ada', password: 'old', service: 'pppoe', profile: 'fiber', comment: 'headend:t1:secret:svc1' });
      throw new RouterOsError('DUPLICATE', 'failure: secret with the same name already exists', { command: path });
    };
    expect(await verbs(port).ensureSecret(secret)).toMatchObject({ outcome: 'APPLIED', changed: ['password', 'caller-id'] });
    port.before = () => {
      port.before = null;
      port.table('/ppp/secret').length = 0;
    };
    expect(await verbs(port).ensureSecret({ ...secret, profile: 'faster' })).toMatchObject({ outcome: 'APPLIED' });
    expect(port.table('/ppp/secret')).toMatchObject([{ profile: 'faster', password: 'pw-1' }]);
  });

  it('lets a refusal through and does not repeat it', async () => {
    const port = makePort();
    port.before = (path) => { throw new RouterOsError('BAD_VALUE', 'input does not match any value of profile', { command: path, category: 1 }); };
    await expect(verbs(port).ensureSecret(secret)).rejects.toMatchObject({ code: 'BAD_VALUE', retryable: false });
    expect(port.writes).toHaveLength(1);
  });

  it('reports a router that accepts a value and keeps another', async () => {
    const port = makePort();
    port.after = () => { port.table('/ppp/secret')[0]!['profile'] = 'default'; };
    await expect(verbs(port).ensureSecret(secret)).rejects.toMatchObject({ code: 'MISMATCH', message: expect.stringContaining('profile') });
    expect(port.writes.length).toBeLessThanOrEqual(4);
  });

  it('a visible wrong password is corrected', async () => {
    const port = makePort();
    await verbs(port).ensureSecret(secret);
    expect(await verbs(port).ensureSecret({ ...secret, password: 'pw-2' })).toMatchObject({ outcome: 'APPLIED', changed: ['password'] });
  });

  it('a masked password is no difference, unless the hash of the last applied one says so', async () => {
    const hashPassword = (password: string) => `hash(${password})`;
    for (const mask of [undefined, '*****', '']) {
      const port = makePort();
      port.mask = mask;
      const seven = verbs(port, { version: '7.21 (stable)', hashPassword });
      expect(await seven.ensureSecret(secret)).toMatchObject({ outcome: 'APPLIED', passwordVerified: true });
      expect(await seven.ensureSecret(secret)).toMatchObject({ outcome: 'UNCHANGED', passwordVerified: false });
      expect(await seven.ensureSecret({ ...secret, appliedPasswordHash: 'hash(pw-1)' })).toMatchObject({ outcome: 'UNCHANGED', passwordVerified: true });
      expect(await seven.ensureSecret({ ...secret, password: 'pw-2', appliedPasswordHash: 'hash(pw-1)' })).toMatchObject({ outcome: 'APPLIED', changed: ['password'], passwordVerified: true });
      expect(port.table('/ppp/secret')[0]!['password']).toBe('pw-2');
    }
  });
});

describe('the other secret verbs', () => {
  it('add refuses a differing row of ours, set an absent one; disable, enable and remove are idempotent', async () => {
    const port = makePort();
    const ppp = verbs(port);
    expect(await ppp.addSecret(secret)).toMatchObject({ outcome: 'APPLIED' });
    expect(await ppp.addSecret(secret)).toMatchObject({ outcome: 'UNCHANGED' });
    await expect(ppp.addSecret({ ...secret, profile: 'other' })).rejects.toMatchObject({ code: 'DUPLICATE' });
    await expect(ppp.setSecret('bob', owner, { profile: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await ppp.disableSecret('ada', owner)).toMatchObject({ outcome: 'APPLIED', changed: ['disabled'] });
    expect(await ppp.disableSecret('ada', owner)).toMatchObject({ outcome: 'UNCHANGED' });
    expect((await ppp.readSecret('ada'))).toMatchObject({ disabled: true, owner: { tenant: 't1', kind: 'secret', id: 'svc1', text: 'Ada L.' } });
    expect(await ppp.enableSecret('ada', owner)).toMatchObject({ outcome: 'APPLIED' });
    expect(await ppp.setSecret('ada', owner, { remoteAddress: '10.0.0.9' })).toMatchObject({ changed: ['remote-address'] });
    expect(await ppp.setSecret('ada', owner, { remoteAddress: null })).toMatchObject({ outcome: 'APPLIED' });
    expect((await ppp.readSecret('ada'))!.remoteAddress).toBeNull();
    expect(await ppp.removeSecret('ada', owner)).toEqual({ outcome: 'APPLIED' });
    expect(await ppp.removeSecret('ada', owner)).toEqual({ outcome: 'UNCHANGED' });
    expect(await ppp.readSecret('ada')).toBeNull();
  });
});

describe('profiles, pools and active sessions', () => {
  it('a profile is compared by the meaning of its rate-limit', async () => {
    const port = makePort();
    const ppp = verbs(port);
    const desired = { name: 'fiber', owner: { tenant: 't1', id: 'plan1' }, localAddress: '10.0.0.1', remoteAddress: 'pool1', rateLimit: '10M/10M' };
    expect(await ppp.ensureProfile(desired)).toMatchObject({ outcome: 'APPLIED' });
    expect(await ppp.ensureProfile({ ...desired, rateLimit: '10000k' })).toMatchObject({ outcome: 'UNCHANGED' });
    expect(await ppp.ensureProfile({ ...desired, rateLimit: '20M' })).toMatchObject({ outcome: 'APPLIED', changed: ['rate-limit'] });
    expect(await ppp.ensureProfile({ ...desired, rateLimit: null })).toMatchObject({ outcome: 'APPLIED' });
    expect((await ppp.readProfile('fiber'))).toMatchObject({ rateLimit: null, remoteAddress: 'pool1' });
  });

  it('a profile in use is not removed', async () => {
    const port = makePort();
    const ppp = verbs(port);
    await ppp.ensureProfile({ name: 'fiber', owner: { tenant: 't1', id: 'plan1' } });
    await ppp.ensureSecret(secret);
    await expect(ppp.removeProfile('fiber', { tenant: 't1', id: 'plan1' })).rejects.toMatchObject({ code: 'BAD_VALUE', message: expect.stringContaining('1 secret') });
    await ppp.removeSecret('ada', owner);
    expect(await ppp.removeProfile('fiber', { tenant: 't1', id: 'plan1' })).toEqual({ outcome: 'APPLIED' });
  });

  it('lists pools and makes one', async () => {
    const port = makePort({ '/ip/pool': [{ '.id': '*1', name: 'hand', ranges: '10.9.0.2-10.9.0.9' }] });
    expect(await verbs(port).ensurePool({ name: 'p', owner: { tenant: 't1', id: 'x' }, ranges: '10.0.0.2-10.0.0.254' })).toMatchObject({ outcome: 'APPLIED' });
    expect((await verbs(port).listPools()).map((p) => [p.name, p.owner?.id ?? null])).toEqual([['hand', null], ['p', 'x']]);
    await expect(verbs(port).ensurePool({ name: 'hand', owner: { tenant: 't1', id: 'x' }, ranges: '10.0.0.2-10.0.0.254' })).rejects.toBeInstanceOf(ForeignRowError);
  });

  it('cuts sessions by name or id; one that ended meanwhile is no error', async () => {
    const row = (id: string, name: string) => ({ '.id': id, name, service: 'pppoe', address: '10.0.0.2', uptime: '1m', 'caller-id': 'aa:bb:cc:00:11:22' });
    const port = makePort({ '/ppp/active': [row('*80', 'ada'), row('*81', 'ada'), row('*82', 'bob')] });
    const ppp = verbs(port);
    expect(await ppp.listActive('ada')).toMatchObject([{ id: '*80', uptimeSeconds: 60, callerId: 'AA:BB:CC:00:11:22' }, { id: '*81' }]);
    port.before = () => {
      port.before = null;
      port.table('/ppp/active').shift();
    };
    expect(await ppp.removeActive({ name: 'ada' })).toEqual({ outcome: 'APPLIED', removed: 1 });
    expect(await ppp.removeActive({ name: 'ada' })).toEqual({ outcome: 'UNCHANGED', removed: 0 });
    expect(await ppp.removeActive({ id: '*82' })).toEqual({ outcome: 'APPLIED', removed: 1 });
    expect(await ppp.listActive()).toEqual([]);
  });
});
