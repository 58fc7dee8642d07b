import { desiredPoolMenu } from '../desired-pool/desired-pool.ts';
import type { PlanItem } from '../router-plan/router-plan.store.ts';
import { readProfiles } from '../routeros/ppp-rows.ts';
import { rowRemovals, rowWrites } from './row-steps.ts';
import type { StepContext, StepKind } from './step.ts';

/** Address pools that are made or changed. */
export const poolWrites = (context: StepContext, items: readonly PlanItem[]): StepKind => rowWrites(desiredPoolMenu, context, items);

/** Address pools of ours that nobody wishes for any more, unless subscribers draw from them. */
export const poolRemovals = (context: StepContext, items: readonly PlanItem[]): StepKind =>
  rowRemovals(desiredPoolMenu, context, items, {
    async namedElsewhere(port, names) {
      const { limits } = context;
      const profiles = await readProfiles(port, limits());
      const secrets = await Promise.all(names.map(async (name) => ((await port.count('/ppp/secret', { where: { 'remote-address': name }, ...limits() })) > 0 ? [name] : [])));
      return new Set([...profiles.flatMap(({ localAddress, remoteAddress }) => [localAddress, remoteAddress]), ...secrets.flat()]);
    },
  });
