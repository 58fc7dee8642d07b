import type { Unserved } from '../machine/catalogue.ts';

/** Documented operations of this dialect without a route: they answer 501. */
export const mikroopsUnserved: readonly Unserved[] = [
  { id: 'mikroops.tenant.stats', method: 'GET', path: '/v1/internal/tenant/:id/stats', section: 'Tenant Management' },
  { id: 'mikroops.client.upsert', method: 'POST', path: '/v1/internal/client-upsert', section: 'Client Operations' },
  { id: 'mikroops.client.find', method: 'POST', path: '/v1/internal/client-find', section: 'Client Operations' },
  { id: 'mikroops.client.delete', method: 'DELETE', path: '/v1/internal/client-delete', section: 'Client Operations' },
  { id: 'mikroops.queue.list', method: 'GET', path: '/v1/internal/queue/list', section: 'Queues' },
  { id: 'mikroops.queue.get', method: 'GET', path: '/v1/internal/queue/:id', section: 'Queues' },
  { id: 'mikroops.queue.create', method: 'POST', path: '/v1/internal/queue', section: 'Queues' },
  { id: 'mikroops.queue.update', method: 'PUT', path: '/v1/internal/queue/:id', section: 'Queues' },
  { id: 'mikroops.queue.delete', method: 'DELETE', path: '/v1/internal/queue/:id', section: 'Queues' },
  { id: 'mikroops.monitor.traffic', method: 'GET', path: '/v1/internal/monitor/traffic/:interface', section: 'Monitoring & Real-time Stats' },
  { id: 'mikroops.monitor.direct.traffic.stream', method: 'GET', stream: true, path: '/v1/internal/monitor/direct/traffic/:interface/stream', section: 'Monitoring & Real-time Stats' },
  { id: 'mikroops.monitor.direct.ping', method: 'POST', path: '/v1/internal/monitor/direct/ping', section: 'Monitoring & Real-time Stats' },
  { id: 'mikroops.monitor.direct.ping.stream', method: 'GET', stream: true, path: '/v1/internal/monitor/direct/ping/:ip/stream', section: 'Monitoring & Real-time Stats' },
  { id: 'mikroops.logs.stream', method: 'GET', stream: true, path: '/v1/internal/logs/stream', section: 'Monitoring & Real-time Stats' },
];

/** Operations that the graph does not offer yet; their routes answer 501 until it does. */
export const mikroopsAwaited: ReadonlySet<string> = new Set();
