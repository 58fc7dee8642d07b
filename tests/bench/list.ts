import type { Benchmark } from './benchmark.ts';
import { billingRun } from './billing-run.ts';
import { bus } from './bus.ts';
import { callbacks } from './callbacks.ts';
import { customerQuery } from './customer-query.ts';
import { hangingRouters } from './hanging-routers.ts';
import { lists } from './lists.ts';
import { onboarding } from './onboarding.ts';
import { pppActiveDecode } from './ppp-active-decode.ts';
import { rest } from './rest.ts';
import { routerSync } from './router-sync.ts';
import { sessionStream } from './session-stream.ts';
import { shield } from './shield.ts';
import { tenantRead } from './tenant-read.ts';

/** Every benchmark, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [customerQuery, sessionStream, pppActiveDecode, onboarding, routerSync, hangingRouters, billingRun, lists, rest, callbacks, bus, tenantRead, shield];
