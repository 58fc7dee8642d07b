import { z } from 'zod';
import { defineIntake, defineRoute, type Route } from '../../machine/route.ts';
import { free, text } from './shared.ts';

const section = 'Callbacks & System';

const body = z.object({
  name: text(),
  caller_id: free(100).optional(),
  interface: free(100).optional(),
  local_address: free(100).optional(),
  remote_address: free(100).optional(),
  service: free(50).optional(),
});

const callback = (action: 'up' | 'down', summary: string): Route =>
  defineIntake({
    dialect: 'mikroops',
    section,
    auth: 'none',
    tenant: 'none',
    id: `mikroops.callbacks.pppoe.${action}`,
    method: 'POST',
    path: `/v1/callbacks/pppoe/${action}`,
    summary,
    description: [
      'For the on-up and on-down scripts of a router. Taken only from the address of a registered router, or with its callback token in `X-Callback-Token`. A hint: streams show it at once, as sent; what is',
      'recorded is what the look at the router says that follows. `accepted`: a router with a secret of that name was found; `recorded`: none was, nothing changes. JSON or a form.',
    ].join(' '),
    status: 202,
    // A power cut brings every subscriber of a router back within seconds.
    limit: { requests: 600_000, seconds: 60 },
    acceptsForm: true,
    body,
    response: z.object({ status: z.enum(['accepted', 'recorded']) }),
    intake: 'pppoe-callbacks',
    operation: 'MikroopsReportPppoeCallbacks',
    toVariables: ({ body: sent }) => ({
      action: action.toUpperCase(),
      name: sent.name,
      callerId: sent.caller_id,
      interface: sent.interface,
      localAddress: sent.local_address,
      remoteAddress: sent.remote_address,
      service: sent.service,
    }),
  });

export const callbackRoutes: readonly Route[] = [
  callback('up', 'PPPoE on-up callback'),
  callback('down', 'PPPoE on-down callback'),
  defineRoute({
    dialect: 'mikroops',
    section,
    auth: 'none',
    tenant: 'none',
    id: 'mikroops.client.ping',
    method: 'GET',
    path: '/v1/client/ping',
    summary: 'System resource ping',
    description: 'Whether REST and the graph behind it answer.',
    response: z.object({ message: z.literal('pong') }),
    operation: 'MikroopsClientPing',
    toResponse: () => ({ data: { message: 'pong' } }),
  }),
];
