import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeSupergraph } from './compose.ts';
import { readSupergraphConfig } from './supergraph-config.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@inaccessible"])\n';

describe('composition', () => {
  it('gives the supergraph for the gateway and the schema that clients see', () => {
    const composed = composeSupergraph({
      subgraphs: [
        { name: 'one', url: 'http://one/graphql', sdl: `${LINK} type A @key(fields: "id") { id: ID! } type Query { a: A _secret: String @inaccessible }` },
        { name: 'two', url: 'http://two/graphql', sdl: `${LINK} type A @key(fields: "id") { id: ID! more: Int }` },
      ],
    });
    expect(composed.supergraphSdl).toContain('ONE @join__graph(name: "one", url: "http://one/graphql")');
    expect(composed.apiSdl).toContain('more: Int');
    expect(composed.apiSdl).not.toMatch(/_secret|join__/);
  });

  it('lists everything that does not fit together', () => {
    const compose = () =>
      composeSupergraph({
        subgraphs: [
          { name: 'one', url: '', sdl: `${LINK} type Query { a: Int b: Int }` },
          { name: 'two', url: '', sdl: `${LINK} type Query { a: String b: Int }` },
        ],
      });
    expect(compose).toThrow(/do not compose[\s\S]*Query\.a[\s\S]*Query\.b/);
  });

  it('names the subgraph and the line of SDL that cannot be parsed', () => {
    expect(() => composeSupergraph({ subgraphs: [{ name: 'one', url: '', sdl: 'type Query {\n a: ! }' }] })).toThrow(/subgraph one cannot be parsed.*line 2/);
  });
});

describe('supergraph.yaml', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headend-compose-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const read = async (text: string, env: Record<string, string> = {}) => {
    const file = join(folder, 'supergraph.yaml');
    await writeFile(file, text);
    return readSupergraphConfig(file, env);
  };

  it('of the project is well-formed', async () => {
    const { subgraphs } = await readSupergraphConfig(fileURLToPath(new URL('../supergraph.yaml', import.meta.url)), {});
    expect(subgraphs.map(({ name }) => name)).toEqual(expect.arrayContaining(['identity', 'services', 'network', 'ops']));
  });

  it('takes URLs from the environment', async () => {
    const text = 'subgraphs:\n  - { name: net, url: "http://127.0.0.1:1/graphql", sdl: schema/subgraphs/net.graphql }\n';
    expect((await read(text, { HEADEND_NET_URL: 'http://net:4103/graphql' })).subgraphs[0]!.url).toBe('http://net:4103/graphql');
    await expect(read(text, { HEADEND_NET_URL: 'not a url' })).rejects.toThrow('HEADEND_NET_URL is not a URL');
  });

  it('says what is wrong with it', async () => {
    await expect(read('subgraphs:\n  - { name: Net, url: nowhere, sdl: x }\n')).rejects.toThrow(/subgraphs\.0\.name.*subgraphs\.0\.url/);
  });
});
