/** RouterOS' error answers: texts and categories clients match on. */

import type { Release } from './release.ts';

export interface TrapReply {
  message: string;
  /** 0 missing item or command, 1 argument value, 2 interrupted, 3 scripting, 4 general, 5 API, 6 TTY, 7 `:return`; processes send none. */
  category?: number;
}

/** Thrown by a command; answered as one `!trap` per reply and then `!done`. */
export class Trap extends Error {
  readonly replies: readonly TrapReply[];
  constructor(...replies: TrapReply[]) {
    super(replies.map((reply) => reply.message).join('; '));
    this.replies = replies;
  }
}

export const noSuchItem = () => new Trap({ message: 'no such item', category: 0 });
/** RouterOS answers an unknown path with two traps. */
export const noSuchDirectory = (piece: string) =>
  new Trap({ message: `no such command or directory (${piece})`, category: 0 }, { message: 'no such command prefix' });
export const noSuchCommand = (piece: string) =>
  new Trap({ message: `no such command or directory (${piece})`, category: 0 }, { message: 'no such command' });
export const noMatch = (property: string) => new Trap({ message: `input does not match any value of ${property}`, category: 1 });
/** Values may be abbreviated; one that begins several choices is refused, the empty one too. */
export const ambiguous = (property: string) =>
  new Trap({ message: `ambiguous value of ${property}, more than one possible value matches input`, category: 1 });
export const badTime = (property: string) => new Trap({ message: `invalid time value for argument ${property}`, category: 1 });
export const badMac = (property: string) => new Trap({ message: `invalid value of ${property}, mac address required`, category: 1 });
export const noAddressRange = (property: string) => new Trap({ message: `value of ${property} expects range of ip addresses`, category: 1 });
/** A `*` followed by something that is no hexadecimal number. */
export const badItemNumber = () => new Trap({ message: 'invalid internal item number', category: 1 });
export const badValue = (property: string) => new Trap({ message: `invalid value for argument ${property}`, category: 1 });
export const outOfRange = (property: string, min: number, max: number) =>
  new Trap({ message: `value of ${property} out of range (${min}..${max})`, category: 1 });
export const missing = (property: string) => new Trap({ message: `missing =${property}=`, category: 0 });
/** What a RouterOS process (not the console) refuses: no category. */
export const failure = (text: string) => new Trap({ message: `failure: ${text}` });
export const notPermitted = () => new Trap({ message: 'not enough permissions (9)' });
export const interrupted = (): TrapReply => ({ message: 'interrupted', category: 2 });
/** Old releases do not say which. */
export const unknownParameter = (release: Release, property: string) =>
  new Trap({ message: release.atLeast(7, 0) ? `unknown parameter ${property}` : 'unknown parameter' });
