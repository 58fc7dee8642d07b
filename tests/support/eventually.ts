/**
 * Waits until `look` answers something other than undefined. For what no event announces to a test (another process is
 * ready, a row has arrived on a router). A throw of `look` ends the waiting; the deadline fails with what was waited for.
 */
export async function eventually<T>(what: string, deadlineMs: number, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const until = Date.now() + deadlineMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`Waited ${deadlineMs / 1000} s in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
