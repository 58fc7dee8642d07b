import type { Principal } from '#kernel/access/principal.ts';
import { tenantOf } from '#kernel/access/tenant.ts';
import { civilDateAt, isTimeZone, type CivilDate } from '#kernel/civil-time.ts';
import type { Clock } from '#kernel/clock.ts';
import type { DomainEvent } from '#kernel/bus/bus.ts';
import type { Tx } from '#kernel/db/database.ts';
import { isCurrencyCode } from '#kernel/money.ts';
import type { SubgraphKit } from '#kernel/subgraph/define-subgraph.ts';
import * as store from './tenant-settings.store.ts';
import type { UpdateBillingSettingsInput } from './tenant-settings.type.ts';

export interface TenantSettings {
  /** IANA name, heard from identity. */
  timeZone: string;
  /** From the day of issue to the day an invoice is due. */
  paymentTermDays: number;
  /** ISO 4217, heard from identity; until then that of the first service sold, null before. Of balances of those who have never been charged. */
  currency: string | null;
}

/** What holds until identity has told something else. */
export const DEFAULT_SETTINGS: TenantSettings = { timeZone: 'UTC', paymentTermDays: 14, currency: null };

/** Of balances when not a single service was sold. */
export const DEFAULT_CURRENCY = 'USD';

export async function settingsOf(tx: Tx): Promise<TenantSettings> {
  return (await store.find(tx)) ?? DEFAULT_SETTINGS;
}

/** The day it is at the tenant's. */
export function todayOf(settings: TenantSettings, clock: Clock): CivilDate {
  return civilDateAt(clock.now(), settings.timeZone);
}

export interface BillingSettings {
  get(principal: Principal): Promise<TenantSettings>;
  update(principal: Principal, input: UpdateBillingSettingsInput): Promise<TenantSettings>;
}

export function makeBillingSettings({ db, clock }: Pick<SubgraphKit, 'db' | 'clock'>): BillingSettings {
  return {
    get: (principal) => db.read(tenantOf(principal), settingsOf),
    update(principal, { paymentTermDays }) {
      const tenantId = tenantOf(principal);
      return db.write(tenantId, async (tx) => {
        await store.save(tx, tenantId, clock.now(), paymentTermDays == null ? {} : { paymentTermDays });
        return settingsOf(tx);
      });
    },
  };
}

/** Hears from identity in which time zone a tenant lives, and in which currency it reckons. */
export function makeTenantIntake({ bus, clock, log }: Pick<SubgraphKit, 'bus' | 'clock' | 'log'>): void {
  bus.consume({
    consumer: 'tenants',
    types: ['identity.tenant.created', 'identity.tenant.updated'],
    async handle(event: DomainEvent, tx) {
      const { timezone, currency } = event.payload;
      if (!isTimeZone(timezone)) log.warn({ event: event.id, tenant: event.tenantId }, 'A tenant came without a known time zone; the one before stays');
      await store.save(tx, event.tenantId, clock.now(), {
        ...(isTimeZone(timezone) ? { timeZone: timezone } : {}),
        ...(typeof currency === 'string' && isCurrencyCode(currency) ? { currency } : {}),
      });
    },
  });
}
