import { z } from 'zod';
import type { Dialect, JsonSchema } from '../machine/dialect.ts';

const number = z.coerce.number().int().min(0);

const METADATA: JsonSchema = {
  type: 'object',
  required: ['total', 'limit', 'offset'],
  properties: { total: { type: 'integer' }, limit: { type: 'integer' }, offset: { type: 'integer' } },
};

const envelope = (success: boolean, data: JsonSchema, error: JsonSchema): JsonSchema => ({
  type: 'object',
  required: ['success', 'data', 'metadata', 'error'],
  properties: { success: { type: 'boolean', enum: [success] }, data, metadata: METADATA, error },
});

const NULL: JsonSchema = { nullable: true, enum: [null] };
const NOTHING = { total: 0, limit: 0, offset: 0 };

/** The API of MikroOps: `/v1/auth`, `/v1/internal`, `/v1/callbacks`, `/v1/client`, one envelope for everything. */
export const mikroops: Dialect = {
  name: 'mikroops',
  title: 'MikroOps',
  version: '1',
  description: [
    'Every answer is `{ success, data, metadata: { total, limit, offset }, error }`. Errors have `data: null` and',
    '`error: { code, message, details: [{ field, code, message }], request_id }`.',
    '',
    'Log in with `POST /v1/auth/login` and send `Authorization: Bearer <access_token>`. Super admins name the tenant in `X-Tenant-ID` (id or short',
    'name); everybody else acts in their own.',
    '',
    'Lists take `limit` and `offset`. Lists of what Headend keeps show at most 100 at a time (the newest first, 100 when no `limit` is given); lists of what is on the router are',
    'whole unless a `limit` is given. `metadata.limit` and `metadata.offset` are what was used, `metadata.total` counts all that match.',
    '',
    'Everything under `/v1/internal/ppp`, `/v1/internal/pool`, `/v1/internal/queue`, `/v1/internal/monitor` and `/v1/internal/logs` acts on the active router of the tenant at once; ids there are the router\'s own (`*1F`).',
  ].join('\n'),
  prefixes: ['/v1'],

  success({ data, total }, page) {
    const metadata = page && total !== undefined ? { total, limit: page.limit ?? total, offset: page.offset } : NOTHING;
    return { success: true, data: data ?? null, metadata, error: null };
  },

  failure({ code, message, details }, _status, { requestId }) {
    return { success: false, data: null, metadata: NOTHING, error: { code, message, details, request_id: requestId } };
  },

  statuses: {},

  paging: {
    query: z.object({
      limit: number.optional().describe('Length of the page.'),
      offset: number.optional().describe('Elements to pass over.'),
    }),
    read({ limit, offset }, most) {
      const asked = limit as number | undefined;
      return { limit: most === null ? (asked ?? null) : Math.min(asked ?? most, most), offset: (offset as number | undefined) ?? 0 };
    },
  },

  limits: { user: { requests: 600, seconds: 60 }, anonymous: { requests: 60, seconds: 60 } },

  openapi: {
    success: (data) => envelope(true, data, NULL),
    failure: envelope(false, NULL, {
      type: 'object',
      required: ['code', 'message', 'details', 'request_id'],
      properties: {
        code: { type: 'string', example: 'VALIDATION_ERROR' },
        message: { type: 'string' },
        details: { type: 'array', items: { type: 'object', properties: { field: { type: 'string' }, code: { type: 'string' }, message: { type: 'string' } } } },
        request_id: { type: 'string' },
      },
    }),
  },
};
