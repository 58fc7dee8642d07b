import { resolve } from 'node:path';
import { z } from 'zod';

/**
 * Every setting of every process, read once from the environment and frozen. The descriptions become `.env.example`;
 * an empty variable counts as absent.
 */
export const configSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8000).describe('Port of the gateway: GraphQL, WebSockets and REST. 0 takes any free one.'),
  HEADEND_HOST: z.string().default('127.0.0.1').describe('Address to listen on. 0.0.0.0 inside a container.'),
  HEADEND_DATA: z.string().default('data').describe('Folder of the embedded database, the sandbox router and the generated secret.'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres://')
    .optional()
    .describe('PostgreSQL 15 or newer. Absent: the embedded one. A socket directory is given as ?host=/dir.'),
  HEADEND_DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(16).describe('Connections of one process to PostgreSQL.'),
  HEADEND_SANDBOX: z.stringbool().optional().describe('1: fixtures, well-known credentials and the simulated router. Default: only with the embedded database.'),
  HEADEND_SECRET: z
    .string()
    .min(32, 'must have at least 32 characters')
    .optional()
    .describe('Signs tokens and seals router and PPP passwords. At least 32 random characters, the same in every process. Absent: generated into HEADEND_DATA (embedded database only).'),
  HEADEND_REST_PORT: z.coerce.number().int().min(0).max(65_535).default(8001).describe('Port of REST when it runs apart; in one process it shares PORT.'),
  HEADEND_ADMIN_EMAIL: z.email().optional().describe('Makes the first super admin, with this e-mail as name too, where there is none yet. Only with HEADEND_ADMIN_PASSWORD; read by identity.'),
  HEADEND_ADMIN_PASSWORD: z.string().min(12, 'must have at least 12 characters').optional().describe('Password of the first super admin, 12 characters or more. Remove it from the environment after the first start.'),
  HEADEND_GATEWAY_URL: z.url().optional().describe('Where ops and REST find the gateway when they run apart.'),
  HEADEND_EXECUTOR: z
    .string()
    .regex(/^[a-z0-9-]{1,60}$/, 'takes small letters, digits and hyphens')
    .default('ops-main')
    .describe('Stable name of this ops process; it recovers the runs that carry it.'),
  HEADEND_ROUTEROS_PORT: z.coerce.number().int().min(0).max(65_535).default(8728).describe('Port of the simulated router of the sandbox.'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info').describe('How much is logged.'),
  LOG_FORMAT: z.enum(['json', 'pretty']).optional().describe('Default: pretty at a terminal, json otherwise.'),
});

type Environment = z.infer<typeof configSchema>;

export interface Config {
  port: number;
  host: string;
  /** Absolute. */
  dataDir: string;
  /** Undefined: the embedded database. */
  databaseUrl: string | undefined;
  databasePool: number;
  sandbox: boolean;
  /** Undefined: generated into the data folder by the composition root. */
  secret: string | undefined;
  restPort: number;
  /** The super admin to make where there is none; undefined: none is made. */
  firstAdmin: { email: string; password: string } | undefined;
  gatewayUrl: string | undefined;
  executorId: string;
  routerOsPort: number;
  logLevel: Environment['LOG_LEVEL'];
  logFormat: 'json' | 'pretty';
  /** The environment itself, without the first admin's password, for the URL overrides of `supergraph.yaml` (`HEADEND_<NAME>_URL`). */
  env: Readonly<Record<string, string | undefined>>;
}

/** A setting that cannot be taken. The message names each variable and what is wrong with it. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Used only where HEADEND_SANDBOX=1 meets a DATABASE_URL without a secret: known to everybody, and refused otherwise. */
const SANDBOX_SECRET = 'sandbox-secret-known-to-everybody-never-for-real-subscribers';

export function loadConfig(env: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = configSchema.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new ConfigError(`The configuration is not valid: ${lines.join('; ')}.`);
  }
  const values = parsed.data;
  const sandbox = values.HEADEND_SANDBOX ?? values.DATABASE_URL === undefined;
  if (values.DATABASE_URL !== undefined && values.HEADEND_SECRET === undefined && !sandbox) {
    throw new ConfigError('HEADEND_SECRET is required with DATABASE_URL: 32 or more random characters, the same in every process (HEADEND_SANDBOX=1 starts a sandbox instead).');
  }
  if ((values.HEADEND_ADMIN_EMAIL === undefined) !== (values.HEADEND_ADMIN_PASSWORD === undefined)) {
    throw new ConfigError('HEADEND_ADMIN_EMAIL and HEADEND_ADMIN_PASSWORD go together: give both, or neither.');
  }
  return Object.freeze({
    port: values.PORT,
    host: values.HEADEND_HOST,
    dataDir: resolve(values.HEADEND_DATA),
    databaseUrl: values.DATABASE_URL,
    databasePool: values.HEADEND_DATABASE_POOL,
    sandbox,
    secret: values.HEADEND_SECRET ?? (values.DATABASE_URL !== undefined ? SANDBOX_SECRET : undefined),
    restPort: values.HEADEND_REST_PORT,
    firstAdmin: values.HEADEND_ADMIN_EMAIL && values.HEADEND_ADMIN_PASSWORD ? { email: values.HEADEND_ADMIN_EMAIL, password: values.HEADEND_ADMIN_PASSWORD } : undefined,
    gatewayUrl: values.HEADEND_GATEWAY_URL,
    executorId: values.HEADEND_EXECUTOR,
    routerOsPort: values.HEADEND_ROUTEROS_PORT,
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT ?? (process.stdout.isTTY ? 'pretty' : 'json'),
    env: { ...env, HEADEND_ADMIN_PASSWORD: undefined },
  });
}

/** The text of `.env.example`. */
export function envExample(): string {
  const lines = Object.entries(configSchema.shape).flatMap(([name, field]) => {
    const fallback = field.safeParse(undefined).data;
    return [`# ${field.description}`, `#${name}=${fallback ?? ''}`, ''];
  });
  return ['# Generated from kernel/config.ts: run `npm run generate` after a change there.', '', ...lines].join('\n');
}
