import type postgres from 'postgres';

/** PostgreSQL's array types whose elements JavaScript sees as text, numbers or booleans: [oid of the array, of the element]. */
const ARRAYS: Record<string, { oid: number; decode: (text: string) => unknown }> = {
  text: { oid: 1009, decode: String },
  varchar: { oid: 1015, decode: String },
  uuid: { oid: 2951, decode: String },
  int4: { oid: 1007, decode: Number },
  int8: { oid: 1016, decode: String },
  numeric: { oid: 1231, decode: String },
  bool: { oid: 1000, decode: (text) => text === 't' },
  timestamptz: { oid: 1185, decode: String },
  date: { oid: 1182, decode: String },
  inet: { oid: 1041, decode: String },
  cidr: { oid: 651, decode: String },
  jsonb: { oid: 3807, decode: (text) => JSON.parse(text) },
};

/**
 * Array types for postgres.js. Its own way (`fetch_types`) asks the server on every new connection, and when that
 * connection is lost meanwhile nobody catches the rejection and the process ends.
 */
export const arrayTypes: Record<string, postgres.PostgresType> = Object.fromEntries(
  Object.entries(ARRAYS).map(([name, { oid, decode }]) => [
    `${name}Array`,
    { to: oid, from: [oid], serialize: encodeArray, parse: (text: string) => decodeArray(text, decode) },
  ]),
);

/** `['a', null]` → `{"a",NULL}`; objects become JSON. Text that is an array literal already is passed on. */
export function encodeArray(values: unknown): string {
  if (!Array.isArray(values)) return String(values);
  const items = values.map((value): string => {
    if (value === null || value === undefined) return 'NULL';
    if (Array.isArray(value)) return encodeArray(value);
    const text = value instanceof Date ? value.toISOString() : typeof value === 'object' ? JSON.stringify(value) : String(value);
    return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  });
  return `{${items.join(',')}}`;
}

/** The inverse of {@link encodeArray} for what the server sends. */
export function decodeArray(text: string, decode: (text: string) => unknown): unknown[] {
  let at = text.indexOf('{') + 1; // bounds such as [0:2]= may stand before it
  function list(): unknown[] {
    const items: unknown[] = [];
    while (at < text.length && text[at] !== '}') {
      if (text[at] === ',') {
        at += 1;
      } else if (text[at] === '{') {
        at += 1;
        items.push(list());
      } else if (text[at] === '"') {
        let value = '';
        for (at += 1; text[at] !== '"'; at += 1) {
          if (text[at] === '\\') at += 1;
          value += text[at];
        }
        at += 1;
        items.push(decode(value));
      } else {
        const start = at;
        while (text[at] !== ',' && text[at] !== '}') at += 1;
        const value = text.slice(start, at);
        items.push(value === 'NULL' ? null : decode(value));
      }
    }
    at += 1;
    return items;
  }
  return list();
}
