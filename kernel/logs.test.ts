import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** What a logger prints, in a process of its own: it writes to standard output by itself. */
function printed(format: 'json' | 'pretty', body: string): string {
  const script = `import { makeLogger } from '#kernel/logs.ts'; const log = makeLogger({ level: 'info', format: '${format}' }); ${body}`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });
  expect(stderr).toBe('');
  return stdout;
}

describe('the log', () => {
  it('never holds a value of a failed SQL statement, in whatever cause it hides', () => {
    const failed = `Object.assign(new Error('Failed query: insert into users values ($1)\\nparams: argon2-of-ada', { cause: Object.assign(new Error('value too long'), { code: '22001' }) }), { query: 'insert into users values ($1)', params: ['argon2-of-ada'] })`;
    const line = printed('json', `log.error({ err: new Error('the user could not be made', { cause: ${failed} }) }, 'masked');`);
    expect(line).not.toContain('argon2-of-ada');
    expect(JSON.parse(line)).toMatchObject({ err: { message: 'the user could not be made', cause: { message: 'Failed query: insert into users values ($1)', cause: { message: 'value too long', code: '22001' } } } });
  });

  it('blackens what is named like a secret', () => {
    const line = printed('json', `log.info({ password: 'p1', input: { apiKey: 'k1' }, name: 'ada' }, 'a line');`);
    expect(JSON.parse(line)).toMatchObject({ password: '[redacted]', input: { apiKey: '[redacted]' }, name: 'ada' });
  });

  it('is one line an entry for a person too, in the order in which things were said', () => {
    const lines = printed('pretty', `log.info({ a: 1 }, 'first'); console.log('second'); log.info({ b: { c: 2 } }, 'third');`).trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.map((line) => /first|second|third/.exec(line)?.[0])).toEqual(['first', 'second', 'third']);
  });
});
