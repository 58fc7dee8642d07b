/** What can go wrong with a router, switched on and off while it runs. A setting lasts until it is cleared unless it says how often. */

/** Cuts the line at a command. `command` is a full path (`/ppp/secret/add`); a trailing `*` matches the rest. */
export interface Cut {
  command: string;
  /** `before`: not carried out. `after`: carried out, nothing answered. `mid-reply`: carried out, half an answer. `silent`: carried out, never answered, line stays. */
  when: 'before' | 'after' | 'mid-reply' | 'silent';
  /** How many times; default 1. */
  times?: number;
}

export interface InjectedTrap {
  command: string;
  message: string;
  category?: number;
  /** How many times; without it until cleared. */
  times?: number;
}

export interface FaultSettings {
  /** Nobody listens; running connections are cut. */
  unreachable?: boolean;
  /** TCP is accepted, nothing is ever answered. */
  hang?: boolean;
  refuseLogin?: boolean;
  /** Every command waits so long, ms. */
  latencyMs?: number;
  /** Answers leave in writes of so many bytes. */
  fragmentBytes?: number;
  /** The line is cut after so many more bytes to logged-in clients; once. */
  dropAfterBytes?: number;
  /** Changes never reach a `listen` or `follow`, as if the router had missed them. */
  loseEvents?: boolean;
  /** Passwords are hidden as from 7.21 on, whatever the release. */
  maskPasswords?: boolean;
  /** Most API sessions at once. */
  maxSessions?: number;
  /** After `burst` commands (all connections together) each takes `delayMs`; recovers when idle. */
  rateClamp?: { burst: number; delayMs: number };
  /** `not enough permissions (9)` for all commands, or for those that match. */
  refuseRights?: boolean | string[];
  cuts?: Cut[];
  traps?: InjectedTrap[];
}

export class FaultError extends Error {
  readonly field: string;
  constructor(field: string, problem: string) {
    super(`${field}: ${problem}`);
    this.field = field;
  }
}

export interface Faults {
  /** Changes the named settings; null or undefined clears one. Resolves when the change is in force. */
  set(patch: { [Name in keyof FaultSettings]: FaultSettings[Name] | null | undefined }): Promise<void>;
  /** Clears the named settings, or all. */
  clear(...names: (keyof FaultSettings)[]): Promise<void>;
  cutOn(command: string, when: Cut['when'], times?: number): void;
  trapOn(command: string, message: string, more?: { category?: number; times?: number }): void;
  /** What is in force, as a copy. */
  current(): FaultSettings;
  /** What is in force, for looking up on the hot path. */
  readonly active: Readonly<FaultSettings>;
  /** Takes one use of a fitting cut. */
  takeCut(command: string): Cut | undefined;
  takeTrap(command: string): InjectedTrap | undefined;
  refuses(command: string): boolean;
  /** How many of `bytes` may still leave; fewer means: then cut. */
  allowance(bytes: number): number;
  /** Ms a command that starts now has to wait for the rate clamp. */
  clampWait(now: number): number;
  /** Resolves when `hang` is off; at once when it is. */
  untilAnswering(): Promise<void>;
}

const isCount = (value: unknown, least: number) => typeof value === 'number' && Number.isInteger(value) && value >= least;
const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names the first field of a patch that makes no sense. */
function check(patch: Record<string, unknown>): void {
  const entries: Record<string, (value: unknown) => string | undefined> = {
    unreachable: boolean,
    hang: boolean,
    refuseLogin: boolean,
    loseEvents: boolean,
    maskPasswords: boolean,
    latencyMs: count(0),
    fragmentBytes: count(1),
    dropAfterBytes: count(0),
    maxSessions: count(0),
    rateClamp: (value) => (isRecord(value) && isCount(value.burst, 0) && isCount(value.delayMs, 0) ? undefined : 'must be { burst, delayMs }'),
    refuseRights: (value) => (typeof value === 'boolean' || (Array.isArray(value) && value.every(isText)) ? undefined : 'must be true, false or a list of command paths'),
    cuts: list((item) => isText(item.command) && ['before', 'after', 'mid-reply', 'silent'].includes(String(item.when)) && times(item), '{ command, when: before|after|mid-reply|silent, times? }'),
    traps: list((item) => isText(item.command) && isText(item.message) && (item.category === undefined || isCount(item.category, 0)) && times(item), '{ command, message, category?, times? }'),
  };
  for (const [field, value] of Object.entries(patch)) {
    const problem = Object.hasOwn(entries, field) ? (value === null || value === undefined ? undefined : entries[field]!(value)) : 'is not a fault';
    if (problem) throw new FaultError(field, problem);
  }
}
const times = (item: Record<string, unknown>) => item.times === undefined || isCount(item.times, 1);
const boolean = (value: unknown) => (typeof value === 'boolean' ? undefined : 'must be true or false');
const count = (least: number) => (value: unknown) => (isCount(value, least) ? undefined : `must be a whole number of at least ${least}`);
const list = (valid: (item: Record<string, unknown>) => boolean, shape: string) => (value: unknown) =>
  Array.isArray(value) && value.every((item) => isRecord(item) && valid(item)) ? undefined : `must be a list of ${shape}`;

const matches = (pattern: string, command: string) => (pattern.endsWith('*') ? command.startsWith(pattern.slice(0, -1)) : pattern === command);

/** `apply` is told after every change and puts into force what is not looked up (reachability). */
export function makeFaults(apply: (settings: FaultSettings) => Promise<void>): Faults {
  let settings: FaultSettings = {};
  let waiting: (() => void)[] = [];
  /** Rate clamp: commands of the burst that are used up, and when the next slot is free. */
  let used = 0;
  let nextSlot = 0;
  let lastCommand = 0;

  async function change(next: FaultSettings): Promise<void> {
    settings = next;
    used = 0;
    nextSlot = 0;
    if (!settings.hang) {
      for (const go of waiting) go();
      waiting = [];
    }
    await apply(settings);
  }

  function take<Item extends { command: string; times?: number }>(items: Item[] | undefined, command: string, fallback: number): Item | undefined {
    const item = items?.find((candidate) => matches(candidate.command, command));
    if (!items || !item) return undefined;
    const left = (item.times ?? fallback) - 1;
    if (Number.isFinite(left)) item.times = left;
    if (left <= 0) items.splice(items.indexOf(item), 1);
    return item;
  }

  return {
    async set(patch) {
      check(patch);
      const next: Record<string, unknown> = { ...settings };
      for (const [field, value] of Object.entries(patch)) {
        if (value === null || value === undefined || value === false) delete next[field];
        else next[field] = structuredClone(value);
      }
      await change(next);
    },
    async clear(...names) {
      check(Object.fromEntries(names.map((name) => [name, null])));
      const next = { ...settings };
      for (const name of names.length > 0 ? names : (Object.keys(settings) as (keyof FaultSettings)[])) delete next[name];
      await change(next);
    },
    cutOn(command, when, uses = 1) {
      (settings.cuts ??= []).push({ command, when, times: uses });
    },
    trapOn(command, message, more = {}) {
      (settings.traps ??= []).push({ command, message, ...more });
    },
    current() {
      const { cuts, traps, ...rest } = structuredClone(settings);
      return { ...rest, ...(cuts?.length ? { cuts } : {}), ...(traps?.length ? { traps } : {}) };
    },
    get active() {
      return settings;
    },
    takeCut: (command) => take(settings.cuts, command, 1),
    takeTrap: (command) => take(settings.traps, command, Infinity),
    refuses(command) {
      const { refuseRights } = settings;
      return refuseRights === true || (Array.isArray(refuseRights) && refuseRights.some((pattern) => matches(pattern, command)));
    },
    allowance(bytes) {
      if (settings.dropAfterBytes === undefined) return bytes;
      const left = settings.dropAfterBytes;
      if (bytes <= left) {
        settings.dropAfterBytes = left - bytes;
        return bytes;
      }
      delete settings.dropAfterBytes;
      return left;
    },
    clampWait(now) {
      const clamp = settings.rateClamp;
      if (!clamp) return 0;
      if (now - lastCommand > 5 * clamp.delayMs + 1000) used = 0;
      lastCommand = Math.max(now, nextSlot);
      used += 1;
      if (used <= clamp.burst) return 0;
      nextSlot = Math.max(now, nextSlot) + clamp.delayMs;
      return nextSlot - now;
    },
    untilAnswering: () => (settings.hang ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
  };
}
