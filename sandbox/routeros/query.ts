/**
 * Query words of `print`: a stack machine over an endless stack of `true`.
 * `?name` has, `?-name` has not, `?name=x` / `?=name=x` equal, `?<name=x`, `?>name=x`, `?#ops`. What is left is and-ed.
 */

import { Trap } from './traps.ts';
import { parseAddress, parseDuration } from './values.ts';

/** A row's property as the router would print it; undefined = the row has no such property. */
export type Lookup = (property: string) => string | undefined;
export type Query = (row: Lookup) => boolean;

/** More operations in one word than anybody means. */
const MAX_OPERATIONS = 1000;

const TRUE = new Set(['true', 'yes']);
const FALSE = new Set(['false', 'no']);

function equal(left: string, right: string): boolean {
  if (left === right) return true;
  return (TRUE.has(left) && TRUE.has(right)) || (FALSE.has(left) && FALSE.has(right));
}

/** Numbers, addresses and times compare by size, everything else by bytes. */
function compare(left: string, right: string): number {
  for (const parse of [parseNumber, parseAddress, parseDuration]) {
    const a = parse(left);
    const b = parse(right);
    if (a !== undefined && b !== undefined) return a - b;
  }
  return left < right ? -1 : left > right ? 1 : 0;
}

const parseNumber = (text: string) => (/^-?\d+$/.test(text) ? Number(text) : undefined);

/** What a query word asks of one property. */
interface Test {
  property: string;
  holds(value: string | undefined): boolean;
  /** Of an equality: the value. */
  equals?: string;
}
type Word = { test: Test } | { operations: string };

/** What the operations do with what is on the stack. */
interface Logic<T> {
  /** Below what was pushed the stack is full of it. */
  everything: T;
  not(value: T): T;
  and(left: T, right: T): T;
  or(left: T, right: T): T;
}

const isDigit = (code: number) => code >= 48 && code <= 57;

function operate<T>(stack: T[], text: string, { everything, not, and, or }: Logic<T>): void {
  const pop = () => (stack.length > 0 ? stack.pop()! : everything);
  const peek = (index: number) => (index < stack.length ? stack[stack.length - 1 - index]! : everything);
  let at = 0;
  while (at < text.length) {
    const from = at;
    while (isDigit(text.charCodeAt(at))) at += 1;
    if (at > from) {
      const value = peek(Number(text.slice(from, at)));
      if (at >= text.length) {
        // An index at the end of the word replaces everything by that value.
        stack.length = 0;
        stack.push(value);
        return;
      }
      stack.push(value);
      if (text[at] === '.') at += 1;
      continue;
    }
    const operation = text[at];
    at += 1;
    if (operation === '!') stack.push(not(pop()));
    else if (operation === '&' || operation === '|') {
      const right = pop();
      const left = pop();
      stack.push(operation === '&' ? and(left, right) : or(left, right));
    } else stack.push(peek(0)); // '.': copy of the top
  }
}

/** What is left on the stack; all of it has to hold. */
function run<T>(words: readonly Word[], logic: Logic<T>, valueOf: (test: Test) => T): T[] {
  const stack: T[] = [];
  for (const word of words) {
    if ('test' in word) stack.push(valueOf(word.test));
    else operate(stack, word.operations, logic);
  }
  return stack;
}

function parseWord(word: string): Word {
  const body = word.slice(1);
  if (body.startsWith('#')) {
    if (body.length > MAX_OPERATIONS || !/^[!&|.\d]*$/.test(body.slice(1))) throw new Trap({ message: `bad query operation ${body.slice(0, 40)}`, category: 5 });
    return { operations: body.slice(1) };
  }
  if (body.startsWith('-')) return { test: { property: body.slice(1), holds: (value) => value === undefined } };
  const operator = body[0] === '<' || body[0] === '>' || body[0] === '=' ? body[0] : '';
  const rest = operator ? body.slice(1) : body;
  const split = rest.indexOf('=');
  if (split < 0) return { test: { property: rest, holds: (value) => value !== undefined } };
  const property = rest.slice(0, split);
  const wanted = rest.slice(split + 1);
  if (operator === '<' || operator === '>') {
    const sign = operator === '<' ? -1 : 1;
    return { test: { property, holds: (value) => value !== undefined && Math.sign(compare(value, wanted)) === sign } };
  }
  return { test: { property, holds: (value) => value !== undefined && equal(value, wanted), equals: wanted } };
}

const BOOLEANS: Logic<boolean> = { everything: true, not: (value) => !value, and: (left, right) => left && right, or: (left, right) => left || right };

/** Compiles the query words of one command, in order. No words: everything matches. */
export function parseQuery(words: readonly string[]): Query {
  const parsed = words.map(parseWord);
  return (row) => run(parsed, BOOLEANS, ({ property, holds }) => holds(row(property))).every(Boolean);
}

/** Rows among which all lie that can match: one, or those of two others. */
type Among<Row> = { size: number; row?: Row; both?: readonly [Among<Row>, Among<Row>] };

/**
 * The rows that can match, as far as `indexed` finds them: it answers the only row whose property has that value, null when there is none,
 * undefined when it cannot tell. Undefined: any row can. The same machine as the query's, over sets of rows: one name among
 * and-ed words, or many or-ed ones, are found among 20,000 rows without asking each.
 */
export function candidates<Row>(words: readonly string[], indexed: (property: string, value: string) => Row | null | undefined): Set<Row> | undefined {
  const logic: Logic<Among<Row> | undefined> = {
    everything: undefined,
    not: () => undefined,
    and: (left, right) => (left && right ? (left.size <= right.size ? left : right) : (left ?? right)),
    or: (left, right) => left && right && { size: left.size + right.size, both: [left, right] },
  };
  const left = run(words.map(parseWord), logic, ({ property, equals }) => {
    // These equal each other in two spellings.
    if (equals === undefined || TRUE.has(equals) || FALSE.has(equals)) return undefined;
    const row = indexed(property, equals);
    return row === undefined ? undefined : row === null ? { size: 0 } : { size: 1, row };
  });
  const among = left.reduce(logic.and, logic.everything);
  if (!among) return undefined;
  const found = new Set<Row>();
  for (const open = [among]; open.length > 0; ) {
    const { row, both } = open.pop()!;
    if (row !== undefined) found.add(row);
    if (both) open.push(...both);
  }
  return found;
}
