import type { ErrorDetail } from '#kernel/errors.ts';
import type { Attributes, Row } from '../routeros/session.ts';

/** What an input may give for a property: absent and null leave it as it is, an empty text unsets it. */
export type DirectValue = string | boolean | null | undefined;

/** One property of a menu, as the graph and as the router name it. */
export interface DirectProperty {
  /** In the graph's inputs. */
  field: string;
  /** On the router. */
  attribute: string;
  /**
   * What is sent to unset it: null for `=!name=`, or the text that stands for nothing (`none`, `default`). Left out: it
   * cannot be unset, an empty text is refused.
   */
  unset?: string | null;
  /** Written, and never shown: a password. RouterOS 7.21 and later do not show it to us either. */
  secret?: boolean;
  /** How a value is written. */
  form?: (text: string) => string;
  /** When what the router shows is what was sent. Default: equal texts; absent and empty are the same. */
  same?: (shown: string, sent: string) => boolean;
  /** The text must name a row of another menu, unless it is something else (an address). */
  refersTo?: { menu: string; noun: string; unless: (text: string) => boolean };
  /** Other rules; the message goes behind the field's name. */
  check?: (text: string) => string | undefined;
}

/** A menu of a router whose rows are asked for directly: read and written at once, identified by their `.id`. */
export interface DirectMenu<T extends DirectRow> {
  /** For messages. */
  noun: string;
  path: string;
  /** Work on the same row is done one after the other: `<kind>:<name>`, the key that a saga's work has too. */
  kind: string;
  properties: readonly DirectProperty[];
  /** What is read besides the properties. */
  shown: readonly string[];
  /** What is read where one row alone is asked for, because it costs the router too much for all of them. */
  measured?: readonly string[];
  /** The order of its rows matters: they are listed as they stand, and can be moved. */
  ordered?: boolean;
  /** Why a row cannot be changed; undefined for one that can. The message goes behind the noun. */
  fixed?: (row: Row) => string | undefined;
  /** `position` is the row's place in a list from 0; null where it was read alone. */
  toRow: (row: Row, position: number | null) => T;
  /** The texts in which `search` looks. */
  searched: (row: T) => ReadonlyArray<string | null>;
}

/** What every directly shown row has. */
export interface DirectRow {
  /** The router's `.id`, e.g. `*1A`. */
  id: string;
  name: string;
  comment: string | null;
}

/** One property that is to be written. */
export interface DirectWish {
  property: DirectProperty;
  /** As it is sent: null unsets. */
  value: string | null;
  isMet(shown: string | undefined): boolean;
}

/** `*1A`; anything else is no row of a router. */
export function isRouterOsId(id: string): boolean {
  return /^\*[0-9a-f]{1,16}$/i.test(id);
}

const LONGEST = 1_000;
// Control characters end lines in exports and scripts; a router stores them and nobody can type them again.
const CONTROL = /\p{Cc}/u;

/** The properties that an input gives. What is wrong with them is added to `wrong`. */
export function wishesOf(properties: readonly DirectProperty[], input: Readonly<Record<string, unknown>>, wrong: ErrorDetail[]): DirectWish[] {
  const wishes: DirectWish[] = [];
  for (const property of properties) {
    const given = input[property.field] as DirectValue;
    if (given === undefined || given === null) continue;
    const text = typeof given === 'boolean' ? (given ? 'yes' : 'no') : given;
    const { field } = property;
    if (text === '' && property.unset === undefined) {
      wrong.push({ field, code: 'REQUIRED', message: `${field} must not be empty.` });
      continue;
    }
    if (text.length > LONGEST || CONTROL.test(text)) {
      wrong.push({ field, code: 'INVALID_FORMAT', message: `${field} must have at most ${LONGEST} characters and no line ends or other control characters.` });
      continue;
    }
    const message = text === '' ? undefined : property.check?.(text);
    if (message) {
      wrong.push({ field, code: 'INVALID_FORMAT', message: `${field} ${message}` });
      continue;
    }
    const value = text === '' ? property.unset! : (property.form?.(text) ?? text);
    const sent = value ?? '';
    const same = property.same ?? ((shown: string) => shown === sent);
    wishes.push({
      property,
      value,
      isMet: (shown) => (property.secret ? isHidden(shown) || shown === sent : same(shown ?? '', sent)),
    });
  }
  return wishes;
}

/** A password that the router does not show. */
function isHidden(shown: string | undefined): boolean {
  return shown === undefined || shown === '' || /^\*+$/.test(shown);
}

export function attributesOf(wishes: readonly DirectWish[]): Attributes {
  return Object.fromEntries(wishes.map(({ property, value }) => [property.attribute, value]));
}

/** Names of rows: what begins with an asterisk would be read as an id. */
export const rowName = (field = 'name', attribute = 'name'): DirectProperty => ({
  field,
  attribute,
  check: (text) => (text.startsWith('*') ? 'must not begin with an asterisk: the router would read it as an id.' : undefined),
});
