import { describe, expect, it } from 'vitest';
import { envExample, loadConfig } from './config.ts';

describe('config', () => {
  it('is a sandbox with the embedded database by default', () => {
    expect(loadConfig({})).toMatchObject({ port: 8000, host: '127.0.0.1', sandbox: true, databaseUrl: undefined, secret: undefined });
  });

  it('refuses a real database without a secret of its own', () => {
    expect(() => loadConfig({ DATABASE_URL: 'postgres://db/headend' })).toThrow(/HEADEND_SECRET is required/);
    expect(loadConfig({ DATABASE_URL: 'postgres://db/headend', HEADEND_SANDBOX: '1' }).sandbox).toBe(true);
    expect(loadConfig({ DATABASE_URL: 'postgres://db/headend', HEADEND_SECRET: 'x'.repeat(32) }).sandbox).toBe(false);
  });

  it('names every variable that is wrong, at once', () => {
    expect(() => loadConfig({ PORT: '70000', LOG_LEVEL: 'loud', HEADEND_SANDBOX: 'perhaps' })).toThrow(/PORT .*HEADEND_SANDBOX .*LOG_LEVEL /);
  });

  it('takes "false" for false and an empty variable for an absent one', () => {
    expect(loadConfig({ HEADEND_SANDBOX: 'false' }).sandbox).toBe(false);
    expect(loadConfig({ PORT: '' }).port).toBe(8000);
  });

  it('takes the first administrator whole or not at all', () => {
    expect(() => loadConfig({ HEADEND_ADMIN_EMAIL: 'noc@isp.example' })).toThrow(/go together/);
    expect(loadConfig({ HEADEND_ADMIN_EMAIL: 'noc@isp.example', HEADEND_ADMIN_PASSWORD: 'a-long-password' }).firstAdmin).toEqual({ email: 'noc@isp.example', password: 'a-long-password' });
  });

  it('documents every variable', () => {
    expect(envExample()).toContain('#PORT=8000');
    expect(envExample()).not.toContain('undefined');
  });
});
