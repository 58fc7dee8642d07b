import { isIPv4 } from 'node:net';
import { isStorablePassword, isStorableUsername } from '../credentials/credentials.ts';
import { formatRateLimit, parseRateLimit, sameRateLimit } from '../routeros/rate-limit.ts';
import type { SubscriberProfile, SubscriberRows, SubscriberSecret } from '../routeros/subscriber-rows.ts';

/**
 * What would become of a router's rows: profiles become plans, secrets become customers with a service. Nothing here reads
 * or writes anything; the same rows and plans give the same proposal.
 */

/** What a plan gives on the network, and what it is called. */
export interface OfferedPlan {
  id: string;
  code: string;
  name: string;
  rateLimit: string;
  localAddress: string;
  remotePool: string;
}

/** The plan that a row leads to. Without an id it is yet to be made. */
export type ProposedPlan = Omit<OfferedPlan, 'id'> & { id: string | null; price: { amount: string; currency: string } | null };

export type ItemKind = 'PROFILE' | 'SECRET' | 'POOL';
export type Treatment = 'CREATE_PLAN' | 'USE_PLAN' | 'ADOPT' | 'OWNED' | 'KEEP' | 'SKIP';

/** Something to know of a row. `blocks`: it is not taken over because of it. */
export interface Problem {
  code: ProblemCode;
  message: string;
  blocks: boolean;
}

export const PROBLEMS = {
  PASSWORD_HIDDEN: 'The router hides the password: the secret is taken over without it. It keeps working; before Headend can write it anew, give the service another password.',
  PASSWORD_NOT_STORABLE: 'The password is not 1 to 127 printable ASCII characters: the secret is taken over without it and keeps working as it is.',
  NAME_NOT_STORABLE: 'The name is not a user name that Headend can keep: 1 to 63 printable ASCII characters without spaces, quotes, commas, backslashes and angle brackets.',
  DUPLICATE_NAME: 'Several secrets have this name.',
  NAME_TAKEN: 'A service of ours has this user name on the router already.',
  DUPLICATE_ADDRESS: 'Several secrets have this address of their own.',
  DISABLED: 'The secret is disabled: nobody uses it.',
  DYNAMIC: 'The router has made the row by itself.',
  DEFAULT_PROFILE: 'It has one of the router\'s own profiles, which is no plan. Name a plan to take it over.',
  NO_PROFILE: 'The profile that it names does not exist on the router. Name a plan to take it over.',
  NO_PLAN: 'Its profile is no plan. Name a plan for the profile, or for this secret alone.',
  NOT_A_PLAN: 'A plan needs a rate limit, an IPv4 local address and the name of an address pool of the router as remote address; this profile lacks one of them. Name a plan for it.',
  OTHER_SERVICE: 'It is not for PPPoE.',
  OWN_POOL: 'It draws from a pool of its own, or has an address that is not IPv4; a service can have one IPv4 address of its own or none.',
  CALLER_ID: 'Its caller id is not a MAC address.',
  FOREIGN: 'It belongs to somebody else who runs Headend on this router.',
} as const;
export type ProblemCode = keyof typeof PROBLEMS;

export interface ProposedItem {
  kind: ItemKind;
  name: string;
  problems: Problem[];
  treatment: Treatment;
  /** The row as it was read; of a secret without its password. */
  seen: Record<string, unknown>;
  plan: ProposedPlan | null;
  /** Of a secret: the name of its profile. */
  profile: string | null;
  customerName: string | null;
  online: boolean;
  /** In clear, to be sealed at once; null: unknown, or not to be kept. */
  password: string | null;
}

export interface ProposalContext {
  tenantId: string;
  plans: readonly OfferedPlan[];
  price: { amount: string; currency: string };
  customerNameFrom: 'COMMENT' | 'SECRET_NAME';
  /** User names that services of ours have on the router. */
  taken: ReadonlySet<string>;
}

const POOL_NAME = /^[A-Za-z0-9._-]{1,64}$/;
const MAC = /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/;
const LONGEST_CODE = 60;
const LONGEST_NAME = 200;
const LONGEST_PLAN_NAME = 120;

/** Profiles first, then secrets, then pools; each in the router's order. */
export function propose(rows: SubscriberRows, context: ProposalContext): ProposedItem[] {
  const pools = new Set(rows.pools.map(({ name }) => name));
  const codes = new Set(context.plans.map(({ code }) => code));
  const profiles = rows.profiles.map((profile) => proposeProfile(profile, pools, codes, context));
  const planOf = new Map(profiles.map(({ name, plan }) => [name, plan]));
  const defaults = new Set(rows.profiles.filter(({ isDefault }) => isDefault).map(({ name }) => name));
  const names = countsOf(rows.secrets.map(({ name }) => name));
  const addresses = countsOf(rows.secrets.map(({ remoteAddress }) => remoteAddress).filter((address) => address !== null && isIPv4(address)));

  const secrets = rows.secrets.map((secret): ProposedItem => {
    const problems: Problem[] = [];
    const add = (code: ProblemCode, blocks = true) => void problems.push({ code, message: PROBLEMS[code], blocks });
    const plan = planOf.get(secret.profile) ?? null;
    const isOurs = secret.owner?.tenant === context.tenantId;
    if (secret.owner && !isOurs) add('FOREIGN');
    if (!secret.owner) {
      if (secret.dynamic) add('DYNAMIC');
      if (secret.disabled) add('DISABLED');
      if (secret.service !== 'any' && secret.service !== 'pppoe') add('OTHER_SERVICE');
      if (!isStorableUsername(secret.name)) add('NAME_NOT_STORABLE');
      if (names.get(secret.name)! > 1) add('DUPLICATE_NAME');
      else if (context.taken.has(secret.name)) add('NAME_TAKEN');
      if (secret.remoteAddress !== null && !isIPv4(secret.remoteAddress)) add('OWN_POOL');
      else if (secret.remoteAddress !== null && addresses.get(secret.remoteAddress)! > 1) add('DUPLICATE_ADDRESS');
      if (secret.callerId !== null && !MAC.test(secret.callerId)) add('CALLER_ID');
      if (!planOf.has(secret.profile)) add('NO_PROFILE', false);
      else if (defaults.has(secret.profile)) add('DEFAULT_PROFILE', false);
      if (secret.password === null) add('PASSWORD_HIDDEN', false);
      else if (!isStorablePassword(secret.password)) add('PASSWORD_NOT_STORABLE', false);
    }
    const password = secret.owner || secret.password === null || !isStorablePassword(secret.password) ? null : secret.password;
    return {
      kind: 'SECRET',
      name: storable(secret.name),
      problems,
      treatment: treatmentOf({ kind: 'SECRET', owned: isOurs, problems, plan, excluded: false }),
      seen: secretSeen(secret),
      plan,
      profile: secret.profile,
      customerName: customerName(secret, context.customerNameFrom),
      online: rows.online.has(secret.name),
      password,
    };
  });

  const poolItems = rows.pools.map(
    (pool): ProposedItem => ({
      kind: 'POOL',
      name: storable(pool.name),
      problems: [],
      treatment: pool.owner?.tenant === context.tenantId ? 'OWNED' : 'KEEP',
      seen: { ranges: pool.ranges },
      plan: null,
      profile: null,
      customerName: null,
      online: false,
      password: null,
    }),
  );
  return [...profiles, ...secrets, ...poolItems];
}

/** What is done with a row, as it stands and was decided. */
export function treatmentOf({ kind, owned, problems, plan, excluded }: { kind: ItemKind; owned: boolean; problems: readonly Problem[]; plan: ProposedPlan | null; excluded: boolean }): Treatment {
  if (owned) return 'OWNED';
  if (kind === 'POOL') return 'KEEP';
  if (excluded || plan === null || problems.some(({ blocks }) => blocks)) return 'SKIP';
  if (kind === 'SECRET') return 'ADOPT';
  return plan.id === null ? 'CREATE_PLAN' : 'USE_PLAN';
}

/** What a profile gives is what the plan gives, so that services of the plan can stay on it. */
export function givesTheSame(plan: Pick<OfferedPlan, 'rateLimit' | 'localAddress' | 'remotePool'>, profile: { rateLimit: string | null; localAddress: string | null; remoteAddress: string | null }): boolean {
  return plan.localAddress === profile.localAddress && plan.remotePool === profile.remoteAddress && profile.rateLimit !== null && sameRateLimit(plan.rateLimit, profile.rateLimit);
}

/** A profile as it was read. */
export type SeenProfile = Pick<SubscriberProfile, 'rateLimit' | 'localAddress' | 'remoteAddress' | 'isDefault'> & { owner: 'OURS' | 'OTHER' | null };

/** Whether secrets can stay on the profile when they are taken over: the plan gives the same, and it is nobody else's. */
export function canStay(plan: Pick<OfferedPlan, 'rateLimit' | 'localAddress' | 'remotePool'>, profile: SeenProfile): boolean {
  return !profile.isDefault && profile.owner !== 'OTHER' && givesTheSame(plan, profile);
}

/** What is compared before a secret is taken over; all that people may have changed in the meantime. */
export function secretSeen({ service, profile, callerId, localAddress, remoteAddress, disabled, comment }: SubscriberSecret): Record<string, unknown> {
  return { service, profile, callerId, localAddress, remoteAddress, disabled, comment: comment === null ? null : storable(comment) };
}

function proposeProfile(profile: SubscriberProfile, pools: ReadonlySet<string>, codes: Set<string>, { tenantId, plans, price }: ProposalContext): ProposedItem {
  const problems: Problem[] = [];
  const add = (code: ProblemCode) => void problems.push({ code, message: PROBLEMS[code], blocks: code === 'FOREIGN' });
  const isOurs = profile.owner?.tenant === tenantId;
  let plan: ProposedPlan | null = null;
  if (isOurs) {
    plan = withoutPrice(plans.find(({ id }) => id === profile.owner!.id));
  } else if (profile.owner) {
    add('FOREIGN');
  } else if (profile.isDefault) {
    add('DEFAULT_PROFILE');
  } else {
    const terms = termsOf(profile, pools);
    if (!terms) add('NOT_A_PLAN');
    else plan = withoutPrice(matching(profile, plans)) ?? newPlan(profile.name, terms, price, codes);
  }
  return {
    kind: 'PROFILE',
    name: storable(profile.name),
    problems,
    treatment: treatmentOf({ kind: 'PROFILE', owned: isOurs, problems, plan, excluded: false }),
    seen: { rateLimit: profile.rateLimit, localAddress: profile.localAddress, remoteAddress: profile.remoteAddress, isDefault: profile.isDefault, owner: profile.owner === null ? null : isOurs ? 'OURS' : 'OTHER' } satisfies SeenProfile,
    plan,
    profile: null,
    customerName: null,
    online: false,
    password: null,
  };
}

/** Among the plans that give the same, the one of the same name. */
function matching(profile: SubscriberProfile, plans: readonly OfferedPlan[]): OfferedPlan | undefined {
  const same = plans.filter((plan) => givesTheSame(plan, profile));
  const code = codeOf(profile.name);
  return same.find((plan) => plan.code === code || plan.name === profile.name) ?? same[0];
}

/** What a profile gives, as a plan says it; null when a plan cannot. */
function termsOf({ rateLimit, localAddress, remoteAddress }: SubscriberProfile, pools: ReadonlySet<string>): Pick<OfferedPlan, 'rateLimit' | 'localAddress' | 'remotePool'> | null {
  if (rateLimit === null || localAddress === null || !isIPv4(localAddress) || remoteAddress === null) return null;
  if (!POOL_NAME.test(remoteAddress) || !pools.has(remoteAddress)) return null;
  try {
    const limit = parseRateLimit(rateLimit);
    return limit && { rateLimit: formatRateLimit(limit), localAddress, remotePool: remoteAddress };
  } catch {
    return null;
  }
}

function newPlan(profile: string, terms: Pick<OfferedPlan, 'rateLimit' | 'localAddress' | 'remotePool'>, price: { amount: string; currency: string }, codes: Set<string>): ProposedPlan {
  const wanted = codeOf(profile);
  let code = wanted;
  for (let at = 2; codes.has(code); at += 1) code = `${wanted.slice(0, LONGEST_CODE - String(at).length - 1)}-${at}`;
  codes.add(code);
  return { id: null, code, name: tidy(profile).slice(0, LONGEST_PLAN_NAME) || code, ...terms, price };
}

/** A plan's code: letters, digits, `_` and `-`. */
function codeOf(profile: string): string {
  return profile.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '').slice(0, LONGEST_CODE) || 'plan';
}

function customerName({ name, comment }: SubscriberSecret, from: ProposalContext['customerNameFrom']): string {
  const said = from === 'COMMENT' ? tidy(comment ?? '') : '';
  return (said || tidy(name)).slice(0, LONGEST_NAME).trim() || 'unnamed';
}

function withoutPrice(plan: OfferedPlan | undefined): ProposedPlan | null {
  return plan ? { id: plan.id, code: plan.code, name: plan.name, rateLimit: plan.rateLimit, localAddress: plan.localAddress, remotePool: plan.remotePool, price: null } : null;
}

/** One line without control characters. */
function tidy(text: string): string {
  return storable(text).replace(/[\p{Cc}\s]+/gu, ' ').trim();
}

/** A router stores bytes; a column holds neither NUL nor half of a surrogate pair. */
export function storable(text: string): string {
  return text.replace(/\0|\p{Surrogate}/gu, '\u{FFFD}');
}

function countsOf(values: readonly (string | null)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
