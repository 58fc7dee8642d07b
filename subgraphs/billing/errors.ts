import { DomainError } from '#kernel/errors.ts';

/**
 * Billing's error catalogue: why a subscription was parked by a billing run. Beside these only the common codes are used
 * (VALIDATION_ERROR, NOT_FOUND, CONFLICT, …).
 */
export const BILLING_ERRORS = {
  BILLING_SAFETY_BOUND: 'One run would issue more invoices for one subscription than is believable. Run with earlier days first when they are wanted.',
  BILLING_TERMS_MISSING: 'No price is known for the first day of a period.',
  BILLING_INTERNAL: 'The subscription could not be billed for a reason that stands in the log.',
} as const;

export type BillingErrorCode = keyof typeof BILLING_ERRORS;

/** What keeps one subscription from being billed; the others go on. */
export class BillingFault extends DomainError {
  override readonly code: BillingErrorCode;

  constructor(code: BillingErrorCode, message: string) {
    super(code, message);
    this.code = code;
  }
}
