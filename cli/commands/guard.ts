import { ConfigError } from '#kernel/config.ts';
import { UserError } from '../composition/user-error.ts';

/** Runs a command's body: what a person can mend becomes one line on standard error and exit code 1. */
export async function guarded(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (error instanceof UserError || error instanceof ConfigError) console.error(`headend: ${error.message}`);
    else console.error(error);
    process.exit(1);
  }
}
