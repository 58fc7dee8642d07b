import { describe, expect, it } from 'vitest';
import { toHealth } from './router-resource.ts';

describe('the sensors of a router', () => {
  it('are rows from release 7 on', () => {
    expect(toHealth([{ '.id': '*1', name: 'temperature', value: '38', type: 'C' }, { '.id': '*2', name: 'psu1-state', value: 'ok', type: '' }])).toEqual([
      { name: 'temperature', value: 38, text: '38', unit: 'C' },
      { name: 'psu1-state', value: null, text: 'ok', unit: null },
    ]);
  });

  it('are properties of one row before', () => {
    expect(toHealth([{ voltage: '24.1V', temperature: '38C', 'fan-mode': 'auto' }])).toEqual([
      { name: 'voltage', value: 24.1, text: '24.1', unit: 'V' },
      { name: 'temperature', value: 38, text: '38', unit: 'C' },
      { name: 'fan-mode', value: null, text: 'auto', unit: null },
    ]);
  });
});
