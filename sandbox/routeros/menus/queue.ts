import { failure } from '../traps.ts';
import { bitsPair, duration, flag, integer, name, pairOf, parseBitsPair, reference, targets, text } from '../values.ts';
import { SWITCHABLE, type Attributes, type Menu } from './menu.ts';

const bits = { kind: bitsPair, default: '0/0' };

/** A limit below the guaranteed rate is refused, per direction. */
function checkLimits(values: Attributes): void {
  const limit = parseBitsPair(values['max-limit'] ?? '0/0');
  const at = parseBitsPair(values['limit-at'] ?? '0/0');
  if (!limit || !at) return;
  for (const [index, side] of (['upload', 'download'] as const).entries()) {
    const max = limit[index]!;
    if (max > 0 && max < at[index]!) throw failure(`${side}-max-limit less than ${side}-limit`);
  }
}

export const queueMenus: Menu[] = [
  {
    path: '/queue/simple',
    noun: 'queue',
    key: 'name',
    duplicate: 'already have such name',
    persistent: true,
    dynamicFirst: true,
    autoName: 'queue',
    commands: [...SWITCHABLE, 'move', 'reset-counters', 'reset-counters-all'],
    check: checkLimits,
    properties: {
      name: { kind: name, required: true },
      target: { kind: targets, required: true },
      dst: { kind: text },
      parent: { kind: reference('/queue/simple', 'none'), default: 'none', refersTo: '/queue/simple' },
      'packet-marks': { kind: text, default: '' },
      priority: { kind: pairOf(integer(1, 8)), default: '8/8' },
      queue: { kind: pairOf(name), default: 'default-small/default-small' },
      'limit-at': bits,
      'max-limit': bits,
      'burst-limit': bits,
      'burst-threshold': bits,
      'burst-time': { kind: pairOf(duration()), default: '0s/0s' },
      'bucket-size': { kind: pairOf(text), default: '0.1/0.1' },
      time: { kind: text },
      'total-limit-at': { kind: text },
      'total-max-limit': { kind: text },
      bytes: { default: '0/0', counter: true },
      packets: { default: '0/0', counter: true },
      dropped: { default: '0/0', counter: true },
      rate: { default: '0/0' },
      'packet-rate': { default: '0/0' },
      'queued-bytes': { default: '0/0' },
      'queued-packets': { default: '0/0' },
      invalid: { default: 'false' },
      dynamic: { default: 'false' },
      disabled: { kind: flag, default: 'false' },
      comment: { kind: text },
    },
  },
];
