import { TimelineKind } from './timeline-kind.ts';

/** An amount as events carry it. */
export interface AmountFacts {
  amount: string;
  currency: string;
}

/** What is kept of an event: enough to tell it, and the ids by which a client goes on. `about` says which form it has. */
export type TimelineFacts =
  | { about: 'CUSTOMER'; name: string | null; accountNumber: string | null; status: string | null }
  | { about: 'SERVICE'; serviceId: string; number: string; status: string; planId: string; planCode: string | null; previousPlanId: string | null; billingDay: number; reason: string | null }
  | { about: 'ACCESS'; serviceId: string; routerId: string; username: string; desired: string; acknowledgedAt: string | null; lagMs: number | null }
  | { about: 'SESSION'; serviceId: string; routerId: string; name: string; address: string | null; callerId: string | null; startedAt: string }
  | { about: 'INVOICE'; invoiceId: string; number: string; serviceId: string; total: AmountFacts; dueOn: string; overdueSince: string | null }
  | { about: 'DUNNING'; serviceId: string; invoiceId: string | null; paymentId: string | null; dueOn: string | null; graceDays: number | null }
  | { about: 'PAYMENT'; paymentId: string; invoiceId: string; amount: AmountFacts }
  | { about: 'RUN'; runId: string; workflow: string; state: string; serviceId: string | null };

/** One entry of a customer's timeline. */
export interface TimelineEntry {
  /** The event's id. */
  id: string;
  customerId: string;
  /** 1, 2, 3 … within the customer's timeline. */
  position: number;
  kind: TimelineKind;
  /** When it happened, by the clock of who announced it. */
  at: Date;
  facts: TimelineFacts;
}

const money = ({ amount, currency }: AmountFacts): string => `${amount} ${currency}`;
const words = (constant: string): string => constant.toLowerCase().replaceAll('_', ' ');

/** The entry in a short sentence, for people. */
export function summaryOf({ kind, facts }: Pick<TimelineEntry, 'kind' | 'facts'>): string {
  switch (facts.about) {
    case 'CUSTOMER':
      return `Customer ${facts.name ? `${facts.name} ` : ''}${kind === TimelineKind.CUSTOMER_CREATED ? `created${facts.accountNumber ? ` (${facts.accountNumber})` : ''}` : words(kind.slice('CUSTOMER_'.length))}`;
    case 'SERVICE':
      return `Service ${facts.number} ${serviceChange(kind, facts)}`;
    case 'ACCESS':
      return `Router confirmed ${facts.username} ${words(facts.desired)}`;
    case 'SESSION':
      return `${facts.name} ${kind === TimelineKind.SESSION_UP ? 'online' : 'offline'}${facts.address ? ` (${facts.address})` : ''}`;
    case 'INVOICE':
      return kind === TimelineKind.INVOICE_OVERDUE ? `Invoice ${facts.number} over ${money(facts.total)} overdue` : `Invoice ${facts.number} over ${money(facts.total)} issued, due ${facts.dueOn}`;
    case 'DUNNING':
      return kind === TimelineKind.SUSPENSION_DUE ? `Suspension due: unpaid ${facts.graceDays} days after ${facts.dueOn}` : 'Nothing overdue is left';
    case 'PAYMENT':
      return `Payment of ${money(facts.amount)} received`;
    case 'RUN':
      return `${capital(words(facts.workflow))}: ${words(kind.slice('RUN_'.length))}`;
  }
}

function serviceChange(kind: TimelineKind, { reason, planCode, billingDay }: Extract<TimelineFacts, { about: 'SERVICE' }>): string {
  switch (kind) {
    case TimelineKind.SERVICE_SUSPENDED:
      return `suspended${reason ? ` (${words(reason)})` : ''}`;
    case TimelineKind.SERVICE_PLAN_CHANGED:
      return `changed to the plan ${planCode}`;
    case TimelineKind.SERVICE_ACTIVATED:
      return `activated on the plan ${planCode}`;
    case TimelineKind.SERVICE_UPDATED:
      return `is billed on day ${billingDay}`;
    default:
      return words(kind.slice('SERVICE_'.length));
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
