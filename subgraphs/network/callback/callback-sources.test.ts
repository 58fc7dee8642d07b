import { describe, expect, it } from 'vitest';
import { hashSecret, makeCallbackSources, type SourceRouter } from './callback-sources.ts';

const router = (id: string, host: string, secret?: string): SourceRouter => ({ id, tenantId: 't', host, secretHash: secret ? hashSecret(secret) : null });
const start = (routers: SourceRouter[], resolve: (host: string) => Promise<string[]> = () => Promise.reject(new Error('no such host'))) => {
  const counts = { lists: 0, resolved: 0 };
  const sources = makeCallbackSources({
    list: async () => {
      counts.lists += 1;
      return routers;
    },
    resolve: (host) => {
      counts.resolved += 1;
      return resolve(host);
    },
  });
  const at = async (sourceAddress: string, callbackSecret?: string) => (await sources.snapshot()).of({ sourceAddress, callbackSecret: callbackSecret ?? null }).map(({ id }) => id);
  return { sources, counts, at };
};

describe('the sources of callbacks', () => {
  it('are known by address, in whatever spelling, and by secret, from wherever', async () => {
    const { at, counts } = start([router('a', '10.0.0.1'), router('b', '2001:db8::1', 'sesame'), router('c', '10.0.0.1')]);
    expect(await at('::ffff:10.0.0.1')).toEqual(['a', 'c']);
    expect(await at('2001:0DB8::0001')).toEqual(['b']);
    expect(await at('192.0.2.1', 'sesame')).toEqual(['b']);
    expect(await at('10.0.0.1', 'sesame')).toEqual(['b']);
    expect(await at('10.0.0.1', 'guess')).toEqual(['a', 'c']);
    expect(await at('192.0.2.1', '')).toEqual([]);
    expect(await at('')).toEqual([]);
    expect(counts.lists).toBe(1);
  });

  it('are read again when something has changed', async () => {
    const routers = [router('a', '10.0.0.1')];
    const { at, sources } = start(routers);
    expect(await at('10.0.0.2')).toEqual([]);
    routers.push(router('b', '10.0.0.2'));
    expect(await at('10.0.0.2')).toEqual([]);
    sources.forget();
    expect(await at('10.0.0.2')).toEqual(['b']);
  });

  it('with a name are resolved once for a while, and a name server that hangs holds nobody up', async () => {
    const { at, sources, counts } = start([router('a', 'edge.example'), router('b', 'hangs.example'), router('c', 'gone.example'), router('d', '10.0.0.9')], (host) =>
      host === 'edge.example' ? Promise.resolve(['10.0.0.7', '2001:db8::7']) : host === 'hangs.example' ? new Promise(() => undefined) : Promise.reject(new Error('no such host')),
    );
    expect(await at('10.0.0.9')).toEqual(['d']);
    expect(await at('2001:db8:0::7')).toEqual(['a']);
    sources.forget();
    expect(await at('10.0.0.7')).toEqual(['a']);
    expect(counts.resolved).toBe(3);
  });

  it('are asked for again when the list could not be read', async () => {
    let broken = true;
    const sources = makeCallbackSources({ list: () => (broken ? Promise.reject(new Error('the database is away')) : Promise.resolve([router('a', '10.0.0.1')])) });
    await expect(sources.snapshot()).rejects.toThrow('away');
    broken = false;
    expect((await sources.snapshot()).of({ sourceAddress: '10.0.0.1' })).toHaveLength(1);
  });
});
