import { z } from 'zod';
import { isCurrencyCode, isDecimal } from '#kernel/money.ts';

/* What billing hears of services. A payload that is not of this form fails the event, which is tried again and then parked by the bus. */

const agreed = z.object({
  serviceId: z.guid(),
  customerId: z.guid(),
  planId: z.guid(),
  planCode: z.string(),
  planVersion: z.int(),
  price: z.object({ amount: z.string().refine(isDecimal, 'is no decimal amount'), currency: z.string().refine(isCurrencyCode, 'is no currency code') }),
  billingInterval: z.literal('MONTH'),
  billingDay: z.int().min(1).max(31),
  graceDays: z.int().min(0).max(90),
});

export const payloads = {
  'services.plan.created': z.object({ planId: z.guid() }),
  'services.service.activated': agreed.extend({ activatedAt: z.iso.datetime({ offset: true }) }),
  'services.service.planChanged': agreed,
  'services.service.updated': z.object({ serviceId: z.guid(), billingDay: z.int().min(1).max(31) }),
  'services.service.suspended': z.object({ serviceId: z.guid(), reason: z.string().nullish() }),
  'services.service.resumed': z.object({ serviceId: z.guid() }),
  'services.service.terminated': z.object({ serviceId: z.guid(), terminatedAt: z.iso.datetime({ offset: true }) }),
} as const;

export type PlanCreated = z.infer<(typeof payloads)['services.plan.created']>;
export type ServiceActivated = z.infer<(typeof payloads)['services.service.activated']>;
export type ServicePlanChanged = z.infer<(typeof payloads)['services.service.planChanged']>;
export type ServiceUpdated = z.infer<(typeof payloads)['services.service.updated']>;
export type ServiceSuspended = z.infer<(typeof payloads)['services.service.suspended']>;
export type ServiceResumed = z.infer<(typeof payloads)['services.service.resumed']>;
export type ServiceTerminated = z.infer<(typeof payloads)['services.service.terminated']>;
