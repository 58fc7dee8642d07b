import type { DialectModule } from '../machine/catalogue.ts';
import { mikroops } from './mikroops.ts';
import { mikroopsAwaited, mikroopsUnserved } from './mikroops.status.ts';
import { mikroopsRoutes } from '../routes/mikroops/index.ts';

/** Every dialect that is served. */
export const dialects: readonly DialectModule[] = [{ dialect: mikroops, routes: mikroopsRoutes, unserved: mikroopsUnserved, awaited: mikroopsAwaited }];
