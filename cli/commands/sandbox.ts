import { defineCommand } from 'citty';
import { loadConfig } from '#kernel/config.ts';
import { simulatorControl } from '#sandbox/routeros/control.ts';
import { installationPaths } from '../composition/installation.ts';
import { SANDBOX_ROUTER } from '../composition/sandbox.ts';
import { UserError } from '../composition/user-error.ts';
import { guarded } from './guard.ts';
