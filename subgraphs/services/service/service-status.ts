import { conflict, notFound } from '#kernel/errors.ts';
import type { Service } from './service.ts';
import { ServiceStatus } from './service.type.ts';

/** Where a service may go from where it stands. The one place that says so. */
const TRANSITIONS: Record<ServiceStatus, readonly ServiceStatus[]> = {
  [ServiceStatus.PENDING]: [ServiceStatus.ACTIVE, ServiceStatus.TERMINATED],
  [ServiceStatus.ACTIVE]: [ServiceStatus.SUSPENDED, ServiceStatus.TERMINATED],
  [ServiceStatus.SUSPENDED]: [ServiceStatus.ACTIVE, ServiceStatus.TERMINATED],
  [ServiceStatus.TERMINATED]: [],
};

/** The service in its next status. `reason` goes with a suspension. @throws CONFLICT when it cannot get there from where it is. */
export function moved(service: Service, to: ServiceStatus, now: Date, reason = 'MANUAL'): Service {
  if (!TRANSITIONS[service.status].includes(to)) throw conflict(`The service ${service.number} is ${service.status} and cannot become ${to}.`);
  const suspended = to === ServiceStatus.SUSPENDED;
  return {
    ...service,
    status: to,
    activatedAt: service.activatedAt ?? (to === ServiceStatus.ACTIVE ? now : null),
    suspendedAt: suspended ? now : null,
    suspensionReason: suspended ? reason : null,
    terminatedAt: to === ServiceStatus.TERMINATED ? now : null,
    updatedAt: now,
  };
}

/** @throws NOT_FOUND */
export function unknownService(id: string): never {
  throw notFound('service', id);
}
