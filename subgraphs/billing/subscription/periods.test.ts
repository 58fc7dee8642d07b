import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, daysBetween } from '#kernel/civil-time.ts';
import { parseMoney } from '#kernel/money.ts';
import { decide, wholePeriod, type BillableSubscription, type Terms } from './periods.ts';

const terms = (changes: Partial<Terms> = {}): Terms => ({ effectiveFrom: '2000-01-01', planCode: 'fiber', price: parseMoney('29.90', 'USD'), graceDays: 7, ...changes });
const subscription = (changes: Partial<BillableSubscription> = {}): BillableSubscription => ({ billingDay: 5, billedUntil: '2026-01-05', endedOn: null, policy: 'PAUSE', terms: [terms()], suspensions: [], ...changes });
/** `from..to amount`, or `from..to -` for a pause. */
const shown = (of: BillableSubscription, asOf: string, knownUntil?: string) =>
  decide(of, asOf, knownUntil).periods.map((period) => `${period.from}..${period.to} ${period.kind === 'CHARGED' ? Number(period.charge.total.minor) / 100 : '-'}`);

describe('the periods of a subscription', () => {
  it('begin with the rest of the month up to the billing day, by days, with the derivation', () => {
    const { periods, billedUntil, dueOn } = decide(subscription({ billedUntil: '2026-12-19' }), '2026-12-19');
    expect(periods).toEqual([
      {
        from: '2026-12-19',
        to: '2027-01-05',
        kind: 'CHARGED',
        graceDays: 7,
        charge: { description: 'fiber, 2026-12-19 up to 2027-01-05', quantity: '0.548387', unitPrice: parseMoney('29.90', 'USD'), total: parseMoney('16.40', 'USD'), derivation: '17 of 31 days × 29.90 = 16.40, half-even' },
      },
    ]);
    expect([billedUntil, dueOn]).toEqual(['2027-01-05', '2027-01-05']);
  });

  it('are whole from the billing day on', () => {
    const [first] = decide(subscription(), '2026-01-05').periods;
    expect(first).toMatchObject({ from: '2026-01-05', to: '2026-02-05', charge: { quantity: '1', derivation: '1 month × 29.90 = 29.90' } });
  });

  it('catch up with what was missed, and stop at what has not begun', () => {
    expect(shown(subscription({ billedUntil: '2026-01-20' }), '2026-04-04')).toEqual(['2026-01-20..2026-02-05 15.43', '2026-02-05..2026-03-05 29.9', '2026-03-05..2026-04-05 29.9']);
    expect(shown(subscription(), '2026-01-04')).toEqual([]);
  });

  it('keep the billing day across short months and leap years', () => {
    expect(shown(subscription({ billingDay: 28, billedUntil: '2028-01-28' }), '2028-03-28').map((text) => text.slice(0, 22))).toEqual(['2028-01-28..2028-02-28', '2028-02-28..2028-03-28', '2028-03-28..2028-04-28']);
    expect(shown(subscription({ billingDay: 31, billedUntil: '2026-01-31' }), '2026-04-29').map((text) => text.slice(0, 22))).toEqual(['2026-01-31..2026-02-28', '2026-02-28..2026-03-31', '2026-03-31..2026-04-30']);
  });

  it('are charged under the terms of their first day', () => {
    const changed = subscription({ terms: [terms(), terms({ effectiveFrom: '2026-01-20', planCode: 'gold', price: parseMoney('50', 'USD') }), terms({ effectiveFrom: '2026-01-20', price: parseMoney('40', 'USD') })] });
    expect(shown(changed, '2026-02-05')).toEqual(['2026-01-05..2026-02-05 29.9', '2026-02-05..2026-03-05 40']);
  });

  it('end with the service, by days', () => {
    expect(shown(subscription({ endedOn: '2026-02-12' }), '2026-06-01')).toEqual(['2026-01-05..2026-02-05 29.9', '2026-02-05..2026-02-12 7.48']);
    expect(decide(subscription({ endedOn: '2026-01-05' }), '2026-06-01')).toEqual({ periods: [], billedUntil: '2026-01-05', dueOn: null });
  });

  it('are not charged while suspended (PAUSE): decided when the period is over, or by days when it is resumed', () => {
    const suspended = subscription({ billedUntil: '2026-02-05', suspensions: [{ suspendedOn: '2026-01-25', resumedOn: null }] });
    expect(decide(suspended, '2026-02-20')).toEqual({ periods: [], billedUntil: '2026-02-05', dueOn: '2026-03-05' });
    expect(shown(suspended, '2026-04-10')).toEqual(['2026-02-05..2026-04-05 -']);
    expect(shown({ ...suspended, suspensions: [{ suspendedOn: '2026-01-25', resumedOn: '2026-03-22' }] }, '2026-03-22')).toEqual(['2026-02-05..2026-03-22 -', '2026-03-22..2026-04-05 13.5']);
    // Suspended and resumed within a period that was charged in advance: nothing changes.
    expect(shown(subscription({ suspensions: [{ suspendedOn: '2026-01-10', resumedOn: '2026-01-12' }] }), '2026-02-05')).toEqual(['2026-01-05..2026-02-05 29.9', '2026-02-05..2026-03-05 29.9']);
  });

  it('are charged while suspended where the plan says so (ACCRUE)', () => {
    expect(shown(subscription({ policy: 'ACCRUE', suspensions: [{ suspendedOn: '2026-01-01', resumedOn: null }] }), '2026-02-05')).toEqual(['2026-01-05..2026-02-05 29.9', '2026-02-05..2026-03-05 29.9']);
  });

  it('do not take a suspension to last beyond today when the run looks ahead', () => {
    const suspended = subscription({ suspensions: [{ suspendedOn: '2026-01-01', resumedOn: null }] });
    expect(shown(suspended, '2026-04-10', '2026-02-10')).toEqual(['2026-01-05..2026-02-05 -']);
  });

  it('are refused beyond the safety bound, and without a price', () => {
    expect(() => decide(subscription({ billedUntil: '2020-01-05' }), '2026-01-05')).toThrow(expect.objectContaining({ code: 'BILLING_SAFETY_BOUND' }));
    expect(() => decide(subscription({ terms: [] }), '2026-01-05')).toThrow(expect.objectContaining({ code: 'BILLING_TERMS_MISSING' }));
  });

  const day = (min: number, max: number) => fc.integer({ min, max }).map((days) => addDays('2024-01-01', days));
  const spans = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 90 })), { maxLength: 4 });
  const any = fc.record({ billingDay: fc.integer({ min: 1, max: 31 }), start: day(0, 400), ended: fc.option(fc.integer({ min: 0, max: 400 })), policy: fc.constantFrom('PAUSE' as const, 'ACCRUE' as const), spans, open: fc.boolean() });
  const made = ({ billingDay, start, ended, policy, spans: lengths, open }: typeof any extends fc.Arbitrary<infer T> ? T : never): BillableSubscription => {
    let at = start;
    const suspensions = lengths.map(([gap, length], index) => {
      const suspendedOn = addDays(at, gap);
      at = addDays(suspendedOn, length);
      return { suspendedOn, resumedOn: open && index === lengths.length - 1 ? null : at };
    });
    return subscription({ billingDay, billedUntil: start, endedOn: ended === null ? null : addDays(start, ended), policy, suspensions });
  };

  it('leave no hole and no overlap, whatever happens', () => {
    fc.assert(
      fc.property(any, fc.integer({ min: 0, max: 420 }), (facts, ahead) => {
        const of = made(facts);
        const { periods, billedUntil, dueOn } = decide(of, addDays(facts.start, ahead));
        let at = of.billedUntil;
        for (const period of periods) {
          expect(period.from).toBe(at);
          expect(period.to > period.from).toBe(true);
          const whole = wholePeriod(period.from, of.billingDay);
          const isWhole = daysBetween(period.from, period.to) === daysBetween(whole.from, whole.to);
          const price = period.kind === 'CHARGED' ? period.charge.total.minor : 0n;
          expect(period.kind === 'PAUSED' || (period.to <= whole.to && (isWhole ? price === 2990n : price < 2990n))).toBe(true);
          at = period.to;
        }
        expect(billedUntil).toBe(at);
        expect(of.endedOn === null || billedUntil <= of.endedOn || periods.length === 0).toBe(true);
        expect(dueOn === null || dueOn > addDays(facts.start, ahead) || dueOn >= billedUntil).toBe(true);
      }),
    );
  });

  it('are the same decided day by day as all at once, but for a suspension or an end that came too late to count', () => {
    fc.assert(
      fc.property(any, fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 40 }), (facts, ahead, step) => {
        const of = { ...made({ ...facts, spans: [] }), endedOn: null };
        const asOf = addDays(facts.start, ahead);
        const atOnce = decide(of, asOf);
        let stepwise = of;
        const periods = [];
        for (let now = facts.start; ; now = addDays(now, step)) {
          const last = now >= asOf;
          const decision = decide(stepwise, last ? asOf : now);
          periods.push(...decision.periods);
          stepwise = { ...stepwise, billedUntil: decision.billedUntil };
          if (last) break;
        }
        expect(periods).toEqual(atOnce.periods);
        expect(stepwise.billedUntil).toBe(atOnce.billedUntil);
      }),
    );
  });
});
