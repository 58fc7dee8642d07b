import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder, wherever the command was started. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** A file of the project by its path from the root. */
export const projectFile = (path: string): string => join(projectRoot, path);
