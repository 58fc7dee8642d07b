import { deserialize, serialize } from 'node:v8';
import { RouterOsError, type RouterOsErrorCode, type Trap } from '../routeros/errors.ts';
import type { LiveChange } from '../routeros/live-sessions.ts';
import type { RouterStatus } from '../routeros/router-connection.ts';
import { keepRaw } from '../routeros/router-session.ts';
import { rawOf, type Row } from '../routeros/session.ts';
import type { RouterSpec } from '../router/router-link.ts';

/*
 * What processes of the network say to each other, each over a WebSocket that it has opened to the other: calls go to the owner of a
 * router, and what happens on its lines comes back. Frames are V8's own serialisation, because they carry dates and bytes.
 */

/** What can be asked of the owner of a router. */
export type Method = 'command' | 'stream' | 'watch' | 'next' | 'acquire' | 'refresh' | 'resync' | 'retry';

export type Frame =
  // From who asks.
  | { kind: 'call'; id: number; method: Method; routerId: string; params: unknown }
  /** The caller has lost interest; of `acquire` and `watch`, it is done. */
  | { kind: 'cancel'; id: number }
  | { kind: 'told'; topic: string; payload: unknown }
  // From the owner.
  | { kind: 'answer'; id: number; value: unknown; raw?: RawRows }
  | { kind: 'failed'; id: number; error: WireError }
  | { kind: 'row'; id: number; row: Row; raw?: RawRows }
  | { kind: 'offer'; routerId: string; spec: RouterSpec; token: number; status: RouterStatus; login: number; live: LiveChange }
  | { kind: 'status'; routerId: string; status: RouterStatus; login: number }
  | { kind: 'change'; routerId: string; change: LiveChange }
  | { kind: 'withdraw'; routerId: string };

export interface WireError {
  code: RouterOsErrorCode | null;
  message: string;
  command: string | null;
  category: number | null;
  traps: readonly Trap[];
  outcomeUnknown: boolean;
}

/** The bytes of rows that were not UTF-8, by the place of the row: they are kept beside a row, and would be left behind by a serialisation. */
export type RawRows = ReadonlyArray<readonly [at: number, bytes: Readonly<Record<string, Buffer>>]>;

/** What goes along with rows; nothing, as a rule. */
export function rawAlong(rows: readonly Row[]): { raw?: RawRows } {
  const raw = rows.flatMap((row, at) => {
    const bytes = rawOf(row);
    return bytes ? [[at, bytes] as const] : [];
  });
  return raw.length > 0 ? { raw } : {};
}

/** Puts beside the rows what came along with them. */
export function takeRaw(rows: readonly Row[], raw: RawRows = []): void {
  for (const [at, bytes] of raw) if (rows[at]) keepRaw(rows[at], bytes);
}

/** What the token of a peer is for. */
export const PEER_AUDIENCE = 'network-peer';

export const encodeFrame = (frame: Frame): Buffer => serialize(frame);

/** Only of a peer that has shown its token: the form is not checked. */
export const decodeFrame = (bytes: Buffer): Frame => deserialize(bytes) as Frame;

export function toWire(error: unknown): WireError {
  if (error instanceof RouterOsError) {
    const { code, message, command, category, traps, outcomeUnknown } = error;
    return { code, message, command, category, traps: traps.map((trap) => ({ message: trap.message, category: trap.category })), outcomeUnknown };
  }
  return { code: null, message: error instanceof Error ? error.message : String(error), command: null, category: null, traps: [], outcomeUnknown: false };
}

export function fromWire({ code, message, ...rest }: WireError): Error {
  return code === null ? new Error(message) : new RouterOsError(code, message, rest);
}
