import { ConfigError } from '#kernel/config.ts';
import { UserError } from '../composition/user-error.ts';

/**
 * Runs a command's body: what a person can mend becomes one line on standard error and exit code 1.
 *
 * Besides the two classes for it, that is a bare `Error` without a code: so our rooms say that they cannot start ("another
 * executor of this name runs …"). What a library or a mistake of ours throws keeps its stack.
 */
export async function guarded(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (isSentence(error) && process.env.LOG_LEVEL !== 'debug') console.error(`headend: ${error.message}`);
    else console.error(error);
    process.exit(1);
  }
}

function isSentence(error: unknown): error is Error {
  if (error instanceof UserError || error instanceof ConfigError) return true;
  return error instanceof Error && error.constructor === Error && !('code' in error);
}
