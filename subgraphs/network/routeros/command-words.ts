/** A command as words on the wire: path, arguments, wanted properties, queries, tag. */
import type { Word } from './codec.ts';
import { RouterOsError } from './errors.ts';

/** Arguments by name. `null` unsets (`=!name=`); booleans are sent `yes`/`no`; bytes go out as they are. */
export type Attributes = Readonly<Record<string, string | number | boolean | null | Uint8Array | undefined>>;

export interface CommandOptions {
  /** Query words, in order (`?name=x`, `?#|`). Only `print` takes them. */
  readonly queries?: readonly string[];
  /** Properties wanted; leaving it out reads slow ones too. */
  readonly proplist?: readonly string[];
  /** From the call to the last byte of the answer. Default 10 000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}
export interface PrintOptions extends CommandOptions {
  /** Equality conditions, and-ed; combined with `queries`. */
  readonly where?: Readonly<Record<string, string>>;
}
/** Query words of a print: `where` first, then the queries as they are. */
export function queriesOf(options: PrintOptions): string[] {
  const where = Object.entries(options.where ?? {}).map(([name, value]) => `?${name}=${value}`);
  return [...where, ...(options.queries ?? [])];
}

/** The words of one command. Names are checked, values may hold anything: words carry their length. */
export function commandWords(path: string, attributes: Attributes, options: CommandOptions, tag: string): Word[] {
  if (!/^(\/[a-z0-9-]+)+$/.test(path)) throw new RouterOsError('BAD_VALUE', `"${path}" is not a RouterOS command`);
  const words: Word[] = [path];
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    if (!/^\.?[a-z0-9][a-z0-9.-]*$/i.test(name)) throw new RouterOsError('BAD_VALUE', `"${name}" is not a RouterOS attribute name`, { command: path });
    if (value === null) words.push(`=!${name}=`);
    else if (typeof value === 'boolean') words.push(`=${name}=${value ? 'yes' : 'no'}`);
    else if (value instanceof Uint8Array) words.push(Buffer.concat([Buffer.from(`=${name}=`), value]));
    else words.push(`=${name}=${value}`);
  }
  if (options.proplist !== undefined) words.push(`=.proplist=${options.proplist.join(',')}`);
  for (const query of options.queries ?? []) {
    if (!query.startsWith('?')) throw new RouterOsError('BAD_VALUE', 'a query word must begin with "?"', { command: path });
    words.push(query);
  }
  words.push(`.tag=${tag}`);
  return words;
}
