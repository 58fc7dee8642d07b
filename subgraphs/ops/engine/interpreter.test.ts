import { describe, expect, it } from 'vitest';
import { interpret, type Durable, type Outcome, type SagaEffects } from './interpreter.ts';
import type { SagaCall, SagaScript } from './saga-definition.ts';

const CALL: SagaCall = { document: 'mutation { x }', variables: {} };

const script = (changes: Partial<SagaScript> = {}): SagaScript => ({
  runId: 'run',
  tenantId: 'tenant',
  onBehalfOf: null,
  generation: 1,
  phase: 'FORWARD',
  definition: {
    kind: 'TEST',
    permissions: [],
    steps: [{ name: 'before' }, { name: 'first', call: CALL, undo: CALL }, { name: 'second', call: CALL, undo: CALL }, { name: 'third', call: CALL, undoneWith: 'second' }],
  },
  context: { input: {}, ids: {}, results: {} },
  done: [],
  ...changes,
});

function engine() {
  const pauses: number[] = [];
  const begun: SagaScript[] = [];
  const durable: Durable = {
    pause: async (ms) => void pauses.push(ms),
    begin: async (next) => void begun.push(next),
  };
  return { durable, pauses, begun };
}

function effects(outcomes: Record<string, Outcome[]> = {}) {
  const log: string[] = [];
  const next = (name: string): Outcome => outcomes[name]?.shift() ?? { kind: 'DONE', kept: { by: name } };
  const tried: string[] = [];
  const made: SagaEffects = {
    async attempt(_script, step, context) {
      log.push(`${step.name} ${Object.keys(context.results).join('+')}`.trim());
      tried.push(step.name);
      return next(step.name);
    },
    async turnRound() {
      log.push('turn');
      return { over: false, steps: ['second', 'first'].filter((name) => tried.includes(name)) };
    },
    async attemptUndo(_script, step) {
      log.push(`undo ${step.name}`);
      return next(`undo ${step.name}`);
    },
    endUndo: async () => void log.push('end'),
    renew: async (before) => ({ ...before, generation: before.generation + 1 }),
  };
  return { log, effects: made };
}

describe('interpret', () => {
  it('calls the steps in order and hands on what they kept', async () => {
    const { log, effects: made } = effects();
    await interpret(script(), engine().durable, made);
    expect(log).toEqual(['first', 'second first', 'third first+second']);
  });

  it('passes over what is done', async () => {
    const { log, effects: made } = effects();
    await interpret(script({ done: ['first'] }), engine().durable, made);
    expect(log).toEqual(['second', 'third second']);
  });

  it('pauses as long as it is told to and tries again', async () => {
    const { log, effects: made } = effects({ first: [{ kind: 'WAIT', pauseMs: 1_000 }, { kind: 'WAIT', pauseMs: 2_000 }] });
    const { durable, pauses } = engine();
    await interpret(script(), durable, made);
    expect(log.slice(0, 3)).toEqual(['first', 'first', 'first']);
    expect(pauses).toEqual([1_000, 2_000]);
  });

  it.each(['REFUSED', 'CANCELLED'] as const)('takes back what was tried, last first, when %s', async (kind) => {
    const { log, effects: made } = effects({ second: [{ kind }], 'undo second': [{ kind: 'WAIT', pauseMs: 5 }] });
    await interpret(script(), engine().durable, made);
    expect(log).toEqual(['first', 'second first', 'turn', 'undo second', 'undo second', 'undo first', 'end']);
  });

  it('only takes back when it is begun on the way back', async () => {
    const { log, effects: made } = effects();
    await interpret(script({ phase: 'UNDO' }), engine().durable, made);
    expect(log).toEqual(['turn', 'end']);
  });

  it('leaves a run alone that another generation carries', async () => {
    const { log, effects: made } = effects({ second: [{ kind: 'OVER' }] });
    await interpret(script(), engine().durable, made);
    expect(log).toEqual(['first', 'second first']);
  });

  it('comes to the same end after a crash at any place, repeating only what was in flight', async () => {
    /** A world and a record that outlive the process: the first step works at its second call, the third is refused. */
    const world = (crashAt: number) => {
      const calls: string[] = [];
      const done: string[] = [];
      const undone: string[] = [];
      let generation = 1;
      let phase: SagaScript['phase'] = 'FORWARD';
      let effect = 0;
      /** Dies between what was done and its record, once. */
      const recorded = <T>(answer: T, note: () => void = () => {}): T => {
        if (effect++ === crashAt) throw new Error('killed');
        note();
        return answer;
      };
      const made: SagaEffects = {
        async attempt(_script, { name }) {
          if (done.includes(name)) return { kind: 'DONE', kept: {} };
          calls.push(name);
          if (name === 'third') return recorded({ kind: 'REFUSED' }, () => (phase = 'UNDO'));
          if (name === 'first' && calls.filter((call) => call === 'first').length === 1) return recorded({ kind: 'WAIT', pauseMs: 1 });
          return recorded({ kind: 'DONE', kept: {} }, () => done.push(name));
        },
        turnRound: async () => recorded({ over: false, steps: ['second', 'first'].filter((name) => !undone.includes(name)) }),
        async attemptUndo(_script, { name }) {
          calls.push(`undo ${name}`);
          return recorded({ kind: 'DONE', kept: {} }, () => undone.push(name));
        },
        async endUndo() {
          calls.push('end');
          recorded(undefined);
        },
        renew: async (before) => {
          generation = Math.max(generation, before.generation + 1);
          return script({ generation, phase, done: [...done] });
        },
      };
      return { calls, made };
    };
    const way = ['first', 'first', 'second', 'third', 'undo second', 'undo first', 'end'];
    for (let crashAt = 0; crashAt < way.length + 1; crashAt += 1) {
      const { durable, begun } = engine();
      const { calls, made } = world(crashAt);
      await expect(interpret(script(), durable, made)).rejects.toThrow('killed');
      const inFlight = calls.at(-1);
      const before = calls.length;
      await interpret(script(), durable, made, { resumed: true });
      expect(calls.length).toBe(before);
      await interpret(begun[0]!, durable, made);
      // The turn itself, which is not in this list, was in flight once.
      expect([crashAt, calls[before]]).toEqual([crashAt, crashAt === 4 ? 'undo second' : inFlight]);
      expect([crashAt, calls.filter((call, at) => call !== calls[at - 1])]).toEqual([crashAt, way.filter((call, at) => call !== way[at - 1])]);
    }
  });

  it('hands over to a fresh workflow before its history grows without end', async () => {
    const forever = Array.from({ length: 1_000 }, (): Outcome => ({ kind: 'WAIT', pauseMs: 1 }));
    const { log, effects: made } = effects({ first: forever });
    const { durable, begun } = engine();
    await interpret(script(), durable, made);
    expect(log).toHaveLength(200);
    expect(begun.map(({ generation }) => generation)).toEqual([2]);
  });
});
