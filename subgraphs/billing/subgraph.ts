import { hostname } from 'node:os';
import { defineSubgraph } from '#kernel/subgraph/define-subgraph.ts';
import { CustomerAccountResolver } from './account/account.resolver.ts';
import { CustomerRef, ServiceRef } from './account/account.type.ts';
import { BillingRunResolver } from './billing-run/billing-run.resolver.ts';
import { billingRunEntityRule, billingRunRules } from './billing-run/billing-run.rules.ts';
import { makeBillingRuns, type BillingRunOptions } from './billing-run/billing-run.ts';
import { BillingRunType } from './billing-run/billing-run.type.ts';
import { DunningResolver } from './dunning/dunning.resolver.ts';
import { dunningRules } from './dunning/dunning.rules.ts';
import { makeDunning } from './dunning/dunning.ts';
import { InvoiceResolver } from './invoice/invoice.resolver.ts';
import { invoiceEntityRule, invoiceRules } from './invoice/invoice.rules.ts';
import { makeInvoices } from './invoice/invoice.ts';
import { InvoiceType } from './invoice/invoice.type.ts';
import { billingLoaders, type BillingLoaders } from './loaders.ts';
import { PaymentResolver } from './payment/payment.resolver.ts';
import { paymentEntityRule, paymentRules } from './payment/payment.rules.ts';
import { makePayments } from './payment/payment.ts';
import { PaymentType } from './payment/payment.type.ts';
import { everyInterval, makeSchedule, type Every } from './schedule/schedule.ts';
import { makeSubscriptionIntake } from './subscription/subscription.intake.ts';
import { SubscriptionResolver } from './subscription/subscription.resolver.ts';
import { subscriptionRules } from './subscription/subscription.rules.ts';
import { makeSubscriptions } from './subscription/subscription.ts';
import { BillingSettingsResolver } from './tenant-settings/tenant-settings.resolver.ts';
import { billingSettingsRules } from './tenant-settings/tenant-settings.rules.ts';
import { makeBillingSettings, makeTenantIntake } from './tenant-settings/tenant-settings.ts';
import { BILLING_ERRORS } from './errors.ts';

export interface BillingOptions extends BillingRunOptions {
  /** What makes the schedules look; the machine's timer. */
  every?: Every;
}

/** What is owed and what was paid: subscriptions, invoices, payments, dunning. */
export function makeBilling({ every = everyInterval, ...runOptions }: BillingOptions = {}) {
  return defineSubgraph<BillingLoaders>({
    name: 'billing',
  errors: BILLING_ERRORS,
    migrations: new URL('./migrations/', import.meta.url),
    resolvers: [InvoiceResolver, PaymentResolver, BillingRunResolver, DunningResolver, SubscriptionResolver, BillingSettingsResolver, CustomerAccountResolver],
    entities: {
      Invoice: { type: InvoiceType, rule: invoiceEntityRule, resolve: ({ id }, { loaders }) => loaders.invoice.load(id) },
      Payment: { type: PaymentType, rule: paymentEntityRule, resolve: ({ id }, { loaders }) => loaders.payment.load(id) },
      BillingRun: { type: BillingRunType, rule: billingRunEntityRule, resolve: ({ id }, { loaders }) => loaders.billingRun.load(id) },
      Customer: { type: CustomerRef, resolve: 'stub' },
      Service: { type: ServiceRef, resolve: 'stub' },
    },
    rules: {
      Query: { ...invoiceRules.Query, ...paymentRules.Query, ...billingRunRules.Query, ...billingSettingsRules.Query },
      Mutation: { ...paymentRules.Mutation, ...billingRunRules.Mutation, ...dunningRules.Mutation, ...subscriptionRules.Mutation, ...billingSettingsRules.Mutation },
      Customer: { ...invoiceRules.Customer, ...paymentRules.Customer },
    },
    make(kit) {
      const subscriptions = makeSubscriptions(kit);
      const runs = makeBillingRuns(kit, runOptions);
      const dunning = makeDunning(kit);
      makeTenantIntake(kit);
      makeSubscriptionIntake(kit, subscriptions);
      const schedule = makeSchedule({
        ...kit,
        every,
        process: `${hostname()} ${process.pid}`,
        jobs: [
          { kind: 'BILLING', run: runs.runDaily },
          { kind: 'DUNNING', run: dunning.run },
        ],
        resume: runs.resume,
      });
      return {
        resolvers: [
          new InvoiceResolver(makeInvoices(kit)),
          new PaymentResolver(makePayments(kit)),
          new BillingRunResolver(runs),
          new DunningResolver(dunning),
          new SubscriptionResolver(subscriptions),
          new BillingSettingsResolver(makeBillingSettings(kit)),
          new CustomerAccountResolver(),
        ],
        loaders: (context) => billingLoaders(kit, context),
        start: () => schedule.start(),
        async stop() {
          await Promise.all([schedule.stop(), runs.stop()]);
        },
        async health() {
          await kit.database.ping();
          return true;
        },
      };
    },
  });
}

/** The subgraph as the product runs it. */
export const billing = makeBilling();
