import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { isUniqueViolation } from '#kernel/db/database.ts';
import { conflict, notFound } from '#kernel/errors.ts';
import { isUuid } from '#kernel/ids.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import { adoptedProfileFor, checkPlan, newAccess, profileFor, sameAccess } from '../access/access.ts';
import * as accessStore from '../access/access.store.ts';
import { DeviceStepOutcome } from '../access/access.type.ts';
import { RowChanged } from '../access/adopt-actions.ts';
import { addressTaken } from '../access/line-terms.ts';
import { stepFailure, type AccessEnforcement, type StepResult } from '../access/enforce-access.ts';
import { credentialsContext, usernameTaken } from '../credentials/credentials.ts';
import * as credentialsStore from '../credentials/credentials.store.ts';
import type { SessionOwners } from '../ppp-session/session-owners.ts';
import type { RouterFleet } from '../router/router-fleet.ts';
import { readSubscriberSecret, type SubscriberSecret } from '../routeros/subscriber-rows.ts';
import type { RouterImportItem } from './router-import.ts';
import { canStay, secretSeen, type SeenProfile } from './proposal.ts';
import * as store from './router-import.store.ts';
import type { ApplyAdoptionInput, ProvisionAdoptionInput } from './router-import-steps.type.ts';

/**
 * A secret that somebody else has made becomes that of a service: as rows, then on the router, where nothing of it changes but
 * its comment (and its profile, when the plan was chosen to be another). Whoever is online with it stays so.
 */
export interface Adoptions {
  /** Whether the row is still as it was read. @throws NOT_FOUND */
  check(principal: Principal, itemId: string): Promise<StepResult>;
  /** The rows of the access; idempotent within a run. @throws NOT_FOUND; VALIDATION_ERROR naming `plan.…` or `credentials.username`; CONFLICT */
  provision(principal: Principal, input: ProvisionAdoptionInput): Promise<RouterImportItem>;
  /** Marks profile and secret on the router, after it has looked that neither has changed. @throws NOT_FOUND */
  apply(principal: Principal, input: ApplyAdoptionInput): Promise<StepResult>;
}

const CHECK_DEADLINE_MS = 10_000;
const DONE: StepResult = { outcome: DeviceStepOutcome.DONE, code: null, message: null };

export function makeAdoptions({ db, clock, secretBox, fleet, owners, enforcement }: Pick<SubgraphKit, 'db' | 'clock' | 'secretBox'> & { fleet: Pick<RouterFleet, 'work'>; owners: SessionOwners; enforcement: Pick<AccessEnforcement, 'adopt'> }): Adoptions {
  const itemOf = async (principal: Principal, itemId: string): Promise<RouterImportItem> => {
    const [item] = isUuid(itemId) ? await db.read(tenantOf(principal), (tx) => store.itemsByIds(tx, [itemId])) : [];
    return item ?? unknownItem(itemId);
  };

  /** What of the row is another than it was read; a password that is hidden does not count. */
  const changesOf = (item: RouterImportItem) => (secret: SubscriberSecret): string[] => {
    const now = secretSeen(secret);
    const changed = Object.keys(item.seen).filter((key) => (item.seen[key] ?? null) !== (now[key] ?? null));
    const context = credentialsContext({ tenantId: item.tenantId, id: item.credentialsId! });
    const isOther = secret.password !== null && item.passwordFingerprint !== null && !secretBox.matches(secret.password, item.passwordFingerprint, context);
    return isOther ? [...changed, 'password'] : changed;
  };

  return {
    async check(principal, itemId) {
      const item = await itemOf(principal, itemId);
      try {
        await fleet.work(item.routerId, { key: `adoption:${item.id}`, deadlineMs: CHECK_DEADLINE_MS }, async ({ session, limits }) => {
          const secret = await readSubscriberSecret(session, item.name, limits);
          // Ours: taken over by an earlier attempt, which the later steps look at closely.
          if (secret?.owner?.tenant === item.tenantId) return;
          if (secret === null) throw new RowChanged(item.name, ['is no longer there']);
          const changed = changesOf(item)(secret);
          if (secret.owner || changed.length > 0) throw new RowChanged(item.name, secret.owner ? ['belongs to somebody else'] : changed);
        });
        return DONE;
      } catch (error) {
        return stepFailure(error);
      }
    },

    async provision(principal, { itemId, serviceId, runId, plan }) {
      const tenantId = tenantOf(principal);
      checkPlan(plan);
      const now = clock.now();
      try {
        const item = await db.write(tenantId, async (tx) => {
          const found = (isUuid(itemId) ? await store.lockItem(tx, itemId) : undefined) ?? unknownItem(itemId);
          const credentialsId = found.credentialsId!;
          const [earlier] = await accessStore.byServices(tx, [serviceId]);
          if (earlier) {
            sameAccess(earlier, { credentialsId, runId });
            return found;
          }
          const context = credentialsContext({ tenantId, id: credentialsId });
          const credentials = {
            id: credentialsId,
            tenantId,
            routerId: found.routerId,
            username: found.name,
            // An empty password stands for one that nobody has told us.
            passwordSealed: found.passwordSealed ?? secretBox.seal('', context),
            passwordFingerprint: found.passwordFingerprint ?? secretBox.fingerprint('', context),
            createdAt: now,
          };
          await accessStore.lockRouter(tx, found.routerId);
          if (await credentialsStore.isTaken(tx, credentials)) throw usernameTaken();
          await credentialsStore.insert(tx, credentials);
          const [profileItem] = found.profileItemId ? await store.itemsByIds(tx, [found.profileItemId]) : [];
          const seen = (profileItem?.seen ?? null) as SeenProfile | null;
          const place = { tenantId, routerId: found.routerId, plan, now };
          const staying = seen && canStay(plan, seen) ? await adoptedProfileFor(tx, { ...place, name: profileItem!.name, mayAdopt: seen.owner === null }) : undefined;
          const profile = staying ?? (await profileFor(tx, place));
          await accessStore.insert(tx, {
            ...newAccess({ serviceId, tenantId, routerId: found.routerId, credentialsId, profile, username: found.name, runId, now }),
            adoptedFrom: found.profile,
            staticAddress: (found.seen['remoteAddress'] as string | null | undefined) ?? null,
            callerId: (found.seen['callerId'] as string | null | undefined) ?? null,
            secretService: found.seen['service'] === 'any' ? 'any' : null,
          });
          if (found.profileItemId && found.plan && found.plan.id === null && !found.planChosen) await store.planMade(tx, found.profileItemId, { ...found.plan, id: plan.id, code: plan.code, price: null });
          return store.updateItem(tx, found.id, { serviceId });
        });
        owners.forget({ tenantId, routerId: item.routerId, name: item.name });
        return item;
      } catch (error) {
        if (isUniqueViolation(error, 'accesses_username_key')) throw usernameTaken();
        if (isUniqueViolation(error, 'accesses_static_address_key')) throw addressTaken();
        if (isUniqueViolation(error, 'accesses_pkey')) throw conflict('This service has another access already.', [{ field: 'serviceId', code: 'TAKEN', message: 'This service has another access already.' }]);
        if (isUniqueViolation(error, 'ppp_credentials_pkey') || isUniqueViolation(error, 'accesses_credentials_key')) throw conflict('This secret is being taken over by another service.');
        throw error;
      }
    },

    async apply(principal, { itemId, serviceId }) {
      const item = await itemOf(principal, itemId);
      return enforcement.adopt(principal, serviceId, changesOf(item));
    },
  };
}

function unknownItem(id: string): never {
  throw notFound('item of a router import', id);
}
