import type { SubgraphBlueprint } from '#kernel/subgraph/define-subgraph.ts';
import { billing } from '#subgraphs/billing/subgraph.ts';
import { identity } from '#subgraphs/identity/subgraph.ts';
import { network } from '#subgraphs/network/subgraph.ts';
import { ops } from '#subgraphs/ops/subgraph.ts';
import { services } from '#subgraphs/services/subgraph.ts';

/** Every subgraph of the product, in the order in which they start. Ops is last: its sagas call all others. */
export const blueprints: readonly SubgraphBlueprint[] = [identity, services, network, billing, ops];

export const subgraphNames = blueprints.map((blueprint) => blueprint.name);
