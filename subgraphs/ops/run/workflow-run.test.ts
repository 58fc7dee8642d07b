import { describe, expect, it } from 'vitest';
import { ONBOARD_CUSTOMER } from '../onboarding/onboard-customer.saga.ts';
import * as Run from './workflow-run.ts';
import type { WorkflowRun } from './workflow-run.ts';

const now = new Date('2026-03-01T00:00:00Z');
const ids = { runId: 'r', customerId: 'c', serviceId: 's', credentialsId: 'p' };
const begun = (): WorkflowRun => Run.newRun({ id: 'r', tenantId: 't', startedBy: 'u', definition: ONBOARD_CUSTOMER, context: { input: {}, ids, results: {} }, now });
const definition = (name: string) => ONBOARD_CUSTOMER.steps.find((step) => step.name === name)!;
const doneUpTo = (last: string): WorkflowRun => {
  const run = begun();
  for (const step of ONBOARD_CUSTOMER.steps) {
    if (!step.call) continue;
    Run.enterStep(run, 1, step, now);
    Run.finishStep(run, step, {}, now);
    if (step.name === last) return run;
  }
  return run;
};
const error = { code: 'C', message: 'm' };

describe('a run', () => {
  it('succeeds with its last step, and shows customer and service from their steps on', () => {
    expect(begun()).toMatchObject({ state: 'RUNNING', customerId: null, serviceId: null });
    expect(doneUpTo('customer')).toMatchObject({ state: 'RUNNING', customerId: 'c', serviceId: null });
    expect(doneUpTo('activate')).toMatchObject({ state: 'SUCCEEDED', customerId: 'c', serviceId: 's', finishedAt: now });
  });

  it('never moves a finished step back, and hears nothing from an earlier generation or after its end', () => {
    const run = doneUpTo('customer');
    expect(Run.enterStep(run, 1, definition('customer'), now)).toBe('DONE');
    expect(Run.enterStep(run, 2, definition('service'), now)).toBe('OVER');
    expect(Run.enterStep(doneUpTo('activate'), 1, definition('activate'), now)).toBe('OVER');
  });

  it('stays visibly waiting while it tries again', () => {
    const run = doneUpTo('access');
    Run.enterStep(run, 1, definition('profile'), now);
    Run.delayStep(run, 'profile', error, now);
    expect(Run.enterStep(run, 1, definition('profile'), now)).toBe('CALL');
    expect([run.state, Run.stepOf(run, 'profile').state]).toEqual(['WAITING', 'WAITING']);
  });

  it('can be cancelled until its last call leaves', () => {
    const run = doneUpTo('verify');
    expect(Run.whyNotCancel(run)).toBeUndefined();
    Run.enterStep(run, 1, definition('activate'), now);
    expect(Run.whyNotCancel(run)).toContain('activate');
    Run.delayStep(run, 'activate', error, now);
    expect(Run.whyNotCancel(run)).toBeUndefined();
    Run.enterStep(run, 1, definition('activate'), now);
    expect(Run.whyNotCancel(run)).toContain('activate');
    Run.finishStep(run, definition('activate'), {}, now);
    expect(Run.whyNotCancel(run)).toContain('SUCCEEDED');
  });

  it('takes back only what was tried, last first', () => {
    const run = doneUpTo('customer');
    Run.enterStep(run, 1, definition('service'), now);
    Run.refuseStep(run, 'service', error, now);
    expect(Run.turnRound(run)).toEqual(['service', 'customer']);
    Run.undoneStep(run, 'service');
    expect(Run.turnRound(run)).toEqual(['service', 'customer']);
    Run.undoneStep(run, 'customer');
    Run.endUndo(run, now);
    expect(run).toMatchObject({ state: 'FAILED', customerId: null, finishedAt: now });
    expect(run.steps.map(({ state }) => state)).toEqual(['DONE', 'UNDONE', 'FAILED', 'SKIPPED', 'SKIPPED', 'SKIPPED', 'SKIPPED', 'SKIPPED']);
    expect(Run.stepOf(run, 'service').error).toEqual(error);
  });

  it('is started anew with a generation of its own, unless its credentials went with the access', () => {
    const early = doneUpTo('customer');
    Run.refuseStep(early, 'service', error, now);
    for (const name of Run.turnRound(early)) Run.undoneStep(early, name);
    Run.endUndo(early, now);
    expect(Run.whyNotRestart(early)).toBeUndefined();
    Run.restart(early);
    expect(early).toMatchObject({ state: 'RUNNING', generation: 2, error: null, finishedAt: null });
    expect(early.steps.map(({ state }) => state)).toEqual(['DONE', ...Array.from({ length: 7 }, () => 'PENDING')]);
    expect(Run.workflowId(early)).toBe('r.2');
    const late = doneUpTo('access');
    Run.refuseStep(late, 'profile', error, now);
    Run.endUndo(late, now);
    expect(Run.whyNotRestart(late)).toContain('again');
  });

  it('gives its next workflow what is left to do', () => {
    expect(Run.scriptOf(doneUpTo('service'))).toMatchObject({ phase: 'FORWARD', done: ['credentials', 'customer', 'service'] });
    const back = doneUpTo('service');
    Run.turnRound(back);
    expect(Run.scriptOf(back)).toMatchObject({ phase: 'UNDO' });
  });
});

describe('the onboarding', () => {
  it('is plain data, and carries no place for a password', () => {
    expect(JSON.parse(JSON.stringify(ONBOARD_CUSTOMER))).toEqual(ONBOARD_CUSTOMER);
    expect(JSON.stringify(ONBOARD_CUSTOMER).toLowerCase()).not.toContain('password');
  });
});
