import { credentialsContext } from '../credentials/credentials.ts';
import { formatOwnership } from '../routeros/ownership.ts';
import { readSecrets, type SecretRow } from '../routeros/ppp-rows.ts';
import { passwordHash } from '../router-plan/observe-router.ts';
import * as planStore from '../router-plan/router-plan.store.ts';
import type { PlanItem, WritableSecret } from '../router-plan/router-plan.store.ts';
import { PlanAction } from '../router-plan/router-plan.type.ts';
import { attributesOf, isOwnedBy, secretChanges, secretFields, secretOwner, seenSecret, wantedSecret, type FieldChange } from '../router-plan/wished-rows.ts';
import * as store from './plan-apply.store.ts';
import { done, failedStep, overtaken, refusedStep, stale, type AppliedSecret, type StepContext, type StepKind } from './step.ts';

const MENU = '/ppp/secret';
const foreign = () => refusedStep('NETWORK_FOREIGN_SECRET', 'A secret of that name is on the router and does not carry our mark: it is not touched.');

/** Secrets that are made or changed: as they are wished for now, and only where that is still what the plan says. */
export function secretWrites({ db, secretBox, apply, version, limits }: StepContext, items: readonly PlanItem[]): StepKind {
  const hash = passwordHash({ secretBox }, apply.tenantId);
  let wishes: Map<string, WritableSecret> | undefined;
  let rows = new Map<string, SecretRow>();
  const applied: AppliedSecret[] = [];
  const wishOf = ({ serviceId }: PlanItem) => wishes?.get(serviceId!);
  const proven = ({ serviceId, intent, passwordFingerprint, name }: WritableSecret) => {
    applied.push({ serviceId, intent, fingerprint: passwordFingerprint, name });
    return done;
  };
  /** Ours, under its name or the one that it is to lose. */
  const rowOf = (item: PlanItem, wish: WritableSecret): SecretRow | undefined => [wish.name, item.name].map((name) => rows.get(name)).find((row) => row && isOwnedBy(row, secretOwner(wish)));
  const open = (wish: WritableSecret) => () => secretBox.open(wish.passwordSealed, credentialsContext({ tenantId: wish.tenantId, id: wish.credentialsId }));

  return {
    menu: MENU,
    async look(port) {
      wishes ??= new Map((await db.read(apply.tenantId, (tx) => planStore.secretsOf(tx, apply.routerId, items.map(({ serviceId }) => serviceId!)))).map((wish) => [wish.serviceId, wish]));
      const names = new Set(items.flatMap((item) => [item.name, wishOf(item)?.name ?? item.name]));
      rows = new Map((await readSecrets(port, version, { names: [...names], ...limits() })).map((row) => [row.name, row]));
    },

    judge(item) {
      const wish = wishOf(item);
      if (!wish || wantedSecret(wish) !== item.wanted) return { end: overtaken() };
      const named = rows.get(wish.name);
      if (named && !isOwnedBy(named, secretOwner(wish))) return { end: foreign() };
      const row = rowOf(item, wish);
      if (!row) {
        if (item.action === PlanAction.CHANGE) return { end: stale() };
        return { command: 'add', attributes: { name: wish.name, comment: formatOwnership(secretOwner(wish)), ...attributesOf(secretFields(wish), open(wish)) } };
      }
      const changes = secretChanges(row, wish, hash);
      if (changes.length === 0) return { end: proven(wish) };
      // Written by us before we could note it, but for the password, which nobody can see.
      const onlyHidden = row.password === null && changes.every(({ secret }) => secret);
      if (!onlyHidden && (item.action === PlanAction.ADD || seenSecret(row, wish.credentialsId, hash) !== item.seen)) return { end: stale() };
      return { command: 'set', attributes: { '.id': row.id, ...attributesOf(changes, open(wish)) } };
    },

    async note(toSend) {
      const same = await db.write(apply.tenantId, (tx) => store.noteSecretsSent(tx, apply.routerId, toSend.map((item) => wishOf(item)!).map(({ serviceId, intent }) => ({ serviceId, intent }))));
      return new Map(toSend.filter(({ serviceId }) => !same.has(serviceId!)).map((item) => [item, overtaken()]));
    },

    verify(item, sent) {
      const wish = wishOf(item)!;
      const row = rowOf(item, wish);
      if (!row) return sent === 'UNKNOWN' ? null : failedStep('NETWORK_READ_BACK_DIFFERS', 'The router took the secret, but does not have it now.');
      // A hidden password is what was answered for, or came with the row itself.
      const trusted = row.password === null && (sent === 'ANSWERED' || (sent === 'UNKNOWN' && item.action === PlanAction.ADD));
      const left = secretChanges(row, wish, hash).filter(({ secret }) => !(secret && trusted));
      if (left.length === 0) return proven(wish);
      return sent === 'UNKNOWN' ? null : failedStep('NETWORK_READ_BACK_DIFFERS', `The router shows something else for ${fieldsOf(left)} than it was told.`);
    },

    applied: () => applied,
  };
}

/** Secrets of ours that nobody wants any more. */
export function secretRemovals({ db, secretBox, apply, version, limits }: StepContext, items: readonly PlanItem[]): StepKind {
  const hash = passwordHash({ secretBox }, apply.tenantId);
  let wished: Set<string> | undefined;
  let rows = new Map<string, SecretRow>();
  return {
    menu: MENU,
    async look(port) {
      wished ??= new Set((await db.read(apply.tenantId, (tx) => planStore.secretsOf(tx, apply.routerId, items.map(({ serviceId }) => serviceId!)))).map(({ serviceId, name }) => `${serviceId} ${name}`));
      rows = new Map((await readSecrets(port, version, { names: items.map(({ name }) => name), ...limits() })).map((row) => [row.name, row]));
    },
    judge(item) {
      if (wished?.has(`${item.serviceId} ${item.name}`)) return { end: overtaken() };
      const row = rows.get(item.name);
      if (!row) return { end: done };
      if (seenSecret(row, item.serviceId!, hash) !== item.seen) return { end: stale() };
      return { command: 'remove', attributes: { '.id': row.id } };
    },
    verify(item, sent) {
      if (!rows.has(item.name)) return done;
      return sent === 'UNKNOWN' ? null : failedStep('NETWORK_READ_BACK_DIFFERS', 'The secret is still there after its removal.');
    },
  };
}

export function fieldsOf(changes: readonly FieldChange[]): string {
  return changes.map(({ field }) => field).join(', ');
}
