import type { Service } from './service.ts';

function payload(service: Service) {
  const { id, number, status, customerId, planId, planVersion, billingDay } = service;
  return { id, number, status, customerId, planId, planVersion, billingDay };
}

export const serviceCreated = (tenantId: string, service: Service) => ({ type: 'services.service.created', tenantId, subject: service.id, payload: payload(service) });
export const serviceActivated = (tenantId: string, service: Service) => ({ type: 'services.service.activated', tenantId, subject: service.id, payload: payload(service) });
export const serviceWithdrawn = (tenantId: string, service: Service) => ({ type: 'services.service.withdrawn', tenantId, subject: service.id, payload: payload(service) });
