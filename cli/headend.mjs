#!/usr/bin/env node
// `npx headend …`: the same as `node --import tsx cli/main.ts …`, from any folder.
import { register } from 'tsx/esm/api';

register();
await import('./main.ts');
