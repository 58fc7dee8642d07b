/**
 * Writing one named, owned row: read by name → write → read back. Repeating it is safe after any failure, a lost line in
 * the middle included: what an earlier attempt did is found by the read and not done again.
 */
import { ForeignRowError, RouterOsError } from './errors.ts';
import { isSameOwner, parseOwnership, formatOwnership, type Ownership } from './ownership.ts';
import { parseBoolean } from './normalise.ts';
import type { Attributes, CommandOptions, RouterSession, Row } from './session.ts';

/** The part of a session the verbs need. */
export type RouterPort = Pick<RouterSession, 'command' | 'print' | 'count'>;

export type Outcome = 'APPLIED' | 'UNCHANGED';

export interface EnsureResult {
  readonly outcome: Outcome;
  /** Attributes that were written; for a new row all of them. Names only. */
  readonly changed: readonly string[];
  /** The row as read back, without its password. */
  readonly row: Row;
}

/** One attribute wished for: how it is sent and when what the router shows is the same. */
export interface Wish {
  /** Null: the attribute is to be unset. */
  readonly value: string | null;
  isMet(shown: string | undefined): boolean;
}

export interface EnsureOptions extends Pick<CommandOptions, 'timeoutMs' | 'signal'> {
  readonly menu: string;
  readonly name: string;
  readonly owner: Omit<Ownership, 'text'>;
  /** Free text for a new row's comment; an existing row keeps its own. */
  readonly text?: string;
  readonly wishes: Readonly<Record<string, Wish>>;
  readonly proplist: readonly string[];
  /** Refuse with `DUPLICATE` when a row of ours exists and differs, instead of correcting it. */
  readonly onlyNew?: boolean;
  /** Refuse with `NOT_FOUND` when there is no row, instead of adding it. */
  readonly onlyExisting?: boolean;
}

// Another administrator (or our own lost command) may act between our read and our write; a few rounds settle it.
const ROUNDS = 4;

/** The row of that name, or null. Names are unique in their menu. */
export async function readByName(port: RouterPort, menu: string, name: string, proplist: readonly string[], options: Pick<CommandOptions, 'timeoutMs' | 'signal'> = {}): Promise<Row | null> {
  const rows = await port.print(menu, { where: { name }, proplist, ...options });
  return rows.find((row) => row['name'] === name) ?? null;
}

/** Throws `ForeignRowError` unless the row carries exactly this owner's tag. */
export function assertOurs(menu: string, row: Row, owner: Omit<Ownership, 'text'>): void {
  const found = parseOwnership(row['comment']);
  if (found !== null && isSameOwner(found, owner) && parseBoolean(row['dynamic']) !== true) return;
  throw new ForeignRowError(menu, row['name'] ?? '', found === null ? null : `${found.tenant}:${found.kind}:${found.id}`);
}

export async function ensureRow(port: RouterPort, options: EnsureOptions): Promise<EnsureResult> {
  const { menu, name, owner, wishes, proplist } = options;
  const limits = { ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }), ...(options.signal === undefined ? {} : { signal: options.signal }) };
  let changed: string[] = [];
  let unmet: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const row = await readByName(port, menu, name, proplist, limits);
    if (row !== null) assertOurs(menu, row, owner);
    unmet = row === null ? [] : Object.keys(wishes).filter((key) => !wishes[key]!.isMet(row[key]));
    if (row !== null && unmet.length === 0) return { outcome: changed.length > 0 ? 'APPLIED' : 'UNCHANGED', changed, row: withoutSecrets(row) };
    if (options.onlyNew && row !== null && changed.length === 0) {
      throw new RouterOsError('DUPLICATE', `${menu} "${name}" exists and differs in ${unmet.join(', ')}`, { command: `${menu}/add` });
    }
    if (options.onlyExisting && row === null) throw new RouterOsError('NOT_FOUND', `${menu} "${name}" does not exist on the router`, { command: menu });
    try {
      if (row === null) {
        const attributes: Record<string, string> = { name, comment: formatOwnership({ ...owner, ...(options.text === undefined ? {} : { text: options.text }) }) };
        for (const [key, wish] of Object.entries(wishes)) if (wish.value !== null) attributes[key] = wish.value;
        await port.command(`${menu}/add`, attributes, limits);
        changed = Object.keys(attributes);
      } else {
        // The same value twice without effect: the router keeps something else than it was told.
        if (unmet.every((key) => changed.includes(key)) && round > 1) break;
        const attributes: Record<string, string | null> = { '.id': row['.id']! };
        for (const key of unmet) attributes[key] = wishes[key]!.value;
        await port.command(`${menu}/set`, attributes as Attributes, limits);
        changed = [...new Set([...changed, ...unmet])];
      }
    } catch (error) {
      // DUPLICATE: our own earlier add whose answer was lost, or somebody else's; NOT_FOUND: removed since the read.
      if (!(error instanceof RouterOsError) || (error.code !== 'DUPLICATE' && error.code !== 'NOT_FOUND')) throw error;
      if (error.code === 'DUPLICATE' && row !== null) throw error;
    }
  }
  throw new RouterOsError('MISMATCH', `${menu} "${name}": the router accepted ${unmet.join(', ') || 'the row'} but reads back something else`, { command: menu });
}

/** Sets attributes of a row that must exist and be ours. UNCHANGED when they are so already. */
export async function setOwnRow(port: RouterPort, options: EnsureOptions): Promise<EnsureResult> {
  const row = await readByName(port, options.menu, options.name, options.proplist, options);
  if (row === null) throw new RouterOsError('NOT_FOUND', `${options.menu} "${options.name}" does not exist on the router`, { command: options.menu });
  return ensureRow(port, options);
}

/** Removes a row of ours; absent is UNCHANGED. */
export async function removeOwnRow(port: RouterPort, menu: string, name: string, owner: Omit<Ownership, 'text'>, options: Pick<CommandOptions, 'timeoutMs' | 'signal'> = {}): Promise<Outcome> {
  const proplist = ['.id', 'name', 'comment', 'dynamic'];
  const row = await readByName(port, menu, name, proplist, options);
  if (row === null) return 'UNCHANGED';
  assertOurs(menu, row, owner);
  try {
    await port.command(`${menu}/remove`, { '.id': row['.id']! }, options);
  } catch (error) {
    if (!(error instanceof RouterOsError) || error.code !== 'NOT_FOUND') throw error;
  }
  const left = await readByName(port, menu, name, proplist, options);
  if (left !== null && left['.id'] === row['.id']) throw new RouterOsError('MISMATCH', `${menu} "${name}" is still there after its removal`, { command: `${menu}/remove` });
  return 'APPLIED';
}

function withoutSecrets(row: Row): Row {
  const { password: _password, ...rest } = row;
  return rest;
}

/** Equal texts; absent and empty are the same. */
export function exactly(value: string | null): Wish {
  return { value, isMet: (shown) => (shown ?? '') === (value ?? '') };
}

/** Equal as booleans (`yes` = `true`; absent = `false`). */
export function yesNo(value: boolean): Wish {
  return { value: value ? 'yes' : 'no', isMet: (shown) => parseBoolean(shown) === value };
}

/** Equal after `normalise`. */
export function alike(value: string | null, normalise: (text: string) => string): Wish {
  return { value, isMet: (shown) => normalise(shown ?? '') === normalise(value ?? '') };
}
