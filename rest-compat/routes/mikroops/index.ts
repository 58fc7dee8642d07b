import type { Route } from '../../machine/route.ts';
import { authRoutes } from './auth.ts';
import { callbackRoutes } from './callbacks.ts';
import { clientRoutes } from './clients.ts';
import { customerRoutes } from './customers.ts';
import { mikrotikRoutes } from './mikrotik.ts';
import { monitoringRoutes } from './monitoring.ts';
import { poolRoutes } from './pools.ts';
import { pppProfileRoutes } from './ppp-profiles.ts';
import { pppSecretRoutes } from './ppp-secrets.ts';
import { pppSessionRoutes } from './ppp-sessions.ts';
import { profileRoutes } from './profiles.ts';
import { queueRoutes } from './queues.ts';
import { tenantRoutes } from './tenants.ts';
import { userRoutes } from './users.ts';

/** Every route of the dialect, in the order of its document. */
export const mikroopsRoutes: readonly Route[] = [
  ...authRoutes,
  ...tenantRoutes,
  ...userRoutes,
  ...clientRoutes,
  ...mikrotikRoutes,
  ...pppSecretRoutes,
  ...pppProfileRoutes,
  ...pppSessionRoutes,
  ...poolRoutes,
  ...queueRoutes,
  ...profileRoutes,
  ...customerRoutes,
  ...monitoringRoutes,
  ...callbackRoutes,
];
