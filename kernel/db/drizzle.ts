import { createRequire } from 'node:module';

// drizzle-orm, for everybody. Loaded by `require`: its ES modules are three hundred files under a package.json of 180 kB that Node
// reads anew for each of them, which costs every process of the product (and every test file) a second of CPU at its start.
const require = createRequire(import.meta.url);
const core = require('drizzle-orm') as typeof import('drizzle-orm');
const postgres = require('drizzle-orm/pg-core') as typeof import('drizzle-orm/pg-core');

export const { and, asc, Column, count, desc, eq, exists, getTableColumns, gt, gte, ilike, inArray, is, isNotNull, isNull, lt, lte, min, ne, notExists, notInArray, or, Param, Placeholder, SQL, sql, Subquery } = core;
export const { bigint, boolean, customType, date, integer, jsonb, numeric, PgEnumColumn, pgSchema, primaryKey, smallint, text, timestamp, uuid } = postgres;
export const { drizzle } = require('drizzle-orm/postgres-js') as typeof import('drizzle-orm/postgres-js');
export const { readMigrationFiles } = require('drizzle-orm/migrator') as typeof import('drizzle-orm/migrator');
export type Column = InstanceType<typeof core.Column>;
export type SQL<T = unknown> = InstanceType<typeof core.SQL<T>>;
export type { SQLWrapper } from 'drizzle-orm';
export type { MigrationMeta } from 'drizzle-orm/migrator';
export type { PgColumn, PgSchema, PgTable } from 'drizzle-orm/pg-core';
export type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
