import { readFile } from 'node:fs/promises';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

/** One line of `supergraph.yaml`. */
export interface SubgraphEntry {
  name: string;
  /** Where it is served apart; `HEADEND_<NAME>_URL` overrides it. */
  url: string;
  /** Its committed SDL, relative to the project. */
  sdlFile: string;
}

export interface SupergraphConfig {
  subgraphs: SubgraphEntry[];
}

const fileShape = z.strictObject({
  subgraphs: z
    .array(z.strictObject({ name: z.string().regex(/^[a-z][a-z0-9-]*$/), url: z.url({ protocol: /^https?$/ }), sdl: z.string().min(1) }))
    .min(1)
    .refine((list) => new Set(list.map(({ name }) => name)).size === list.length, 'has a subgraph twice'),
});

/** THE list of subgraphs. Throws with the place in the file when it is not well-formed. */
export async function readSupergraphConfig(file: string, env: Record<string, string | undefined>): Promise<SupergraphConfig> {
  const parsed = fileShape.safeParse(parseYaml(await readFile(file, 'utf8')));
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`).join('; ');
    throw new Error(`${file} is not valid: ${wrong}.`);
  }
  return {
    subgraphs: parsed.data.subgraphs.map(({ name, url, sdl }) => {
      const variable = `HEADEND_${name.toUpperCase().replaceAll('-', '_')}_URL`;
      const override = env[variable];
      if (override && !URL.canParse(override)) throw new Error(`${variable} is not a URL: ${override}`);
      return { name, url: override || url, sdlFile: sdl };
    }),
  };
}
