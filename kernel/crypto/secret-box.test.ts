import { describe, expect, it } from 'vitest';
import { makeSecretBox } from './secret-box.ts';

const box = makeSecretBox('an-installation-secret-for-tests');

describe('secret box', () => {
  it('opens what it sealed, and seals the same text differently each time', () => {
    const sealed = box.seal('Pässword🔑', 'tenant:1:ppp:2');
    expect(box.open(sealed, 'tenant:1:ppp:2')).toBe('Pässword🔑');
    expect(box.seal('Pässword🔑', 'tenant:1:ppp:2')).not.toBe(sealed);
    expect(sealed).not.toContain('word');
  });

  it('does not open a value that was moved to another row, changed, or sealed by another installation', () => {
    const sealed = box.seal('secret', 'tenant:1:ppp:2');
    expect(() => box.open(sealed, 'tenant:2:ppp:2')).toThrow(/does not open/);
    expect(() => makeSecretBox('another-installation').open(sealed, 'tenant:1:ppp:2')).toThrow(/does not open/);
    const changed = sealed.slice(0, -2) + (sealed.endsWith('AA') ? 'BB' : 'AA');
    expect(() => box.open(changed, 'tenant:1:ppp:2')).toThrow(/does not open/);
    expect(() => box.open('plain', 'tenant:1:ppp:2')).toThrow(/no sealed secret/);
  });

  it('recognises a secret by its fingerprint, and only in its context', () => {
    const fingerprint = box.fingerprint('secret', 'a');
    expect(box.matches('secret', fingerprint, 'a')).toBe(true);
    expect(box.matches('Secret', fingerprint, 'a')).toBe(false);
    expect(box.matches('secret', fingerprint, 'b')).toBe(false);
  });
});
