import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildChildPrograms } from './child-programs.ts';

/** The programs that tests start as processes, bundled once for the run: inside the project, so that they find its dependencies. */
export default async function setup(): Promise<() => void> {
  const data = fileURLToPath(new URL('../../data/', import.meta.url));
  mkdirSync(data, { recursive: true });
  const folder = mkdtempSync(join(data, 'test-programs-'));
  await buildChildPrograms(folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
