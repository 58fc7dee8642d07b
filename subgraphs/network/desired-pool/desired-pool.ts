import { parseRanges } from '../ip-pool/address-ranges.ts';
import { ipPoolMenu, type IpPoolRow } from '../ip-pool/ip-pool.ts';
import type { DesiredMenu } from '../desired-row/desired-row.ts';
import { PlanMenu } from '../router-plan/router-plan.type.ts';

const property = (field: string) => ipPoolMenu.properties.find((one) => one.field === field)!;
const nextPool = property('nextPool');

/** `/ip/pool`, as far as Headend looks after it. */
export const desiredPoolMenu: DesiredMenu<IpPoolRow> = {
  noun: 'desired address pool',
  kind: 'pool',
  plan: PlanMenu.POOL,
  creating: 'createDesiredIpPool',
  direct: ipPoolMenu,
  properties: [{ ...property('ranges'), check: (text) => (parseRanges(text) ? undefined : 'must be IPv4 addresses: 10.0.0.2-10.0.0.254, 10.0.1.0/24, single ones, or lists of these with commas.') }, nextPool],
  reference: nextPool,
  codes: { foreign: 'NETWORK_FOREIGN_POOL', unknown: 'NETWORK_UNKNOWN_POOL', inUse: 'NETWORK_POOL_IN_USE' },
};
