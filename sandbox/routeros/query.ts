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

type Step = (stack: boolean[], row: Lookup) => void;

function operations(text: string): Step {
  return (stack) => {
    const pop = () => stack.pop() ?? true;
    const peek = (index: number) => stack[stack.length - 1 - index] ?? true;
    let at = 0;
    while (at < text.length) {
      const digits = /^\d+/.exec(text.slice(at))?.[0];
      if (digits !== undefined) {
        const value = peek(Number(digits));
        at += digits.length;
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
      if (operation === '!') stack.push(!pop());
      else if (operation === '&' || operation === '|') {
        const right = pop();
        const left = pop();
        stack.push(operation === '&' ? left && right : left || right);
      } else stack.push(peek(0)); // '.': copy of the top
    }
  };
}

function parseWord(word: string): Step {
  const body = word.slice(1);
  if (body.startsWith('#')) {
    if (body.length > MAX_OPERATIONS || !/^[!&|.\d]*$/.test(body.slice(1))) throw new Trap({ message: `bad query operation ${body.slice(0, 40)}`, category: 5 });
    return operations(body.slice(1));
  }
  if (body.startsWith('-')) {
    const name = body.slice(1);
    return (stack, row) => stack.push(row(name) === undefined);
  }
  const operator = body[0] === '<' || body[0] === '>' || body[0] === '=' ? body[0] : '';
  const rest = operator ? body.slice(1) : body;
  const split = rest.indexOf('=');
  if (split < 0) return (stack, row) => stack.push(row(rest) !== undefined);
  const name = rest.slice(0, split);
  const wanted = rest.slice(split + 1);
  if (operator === '<' || operator === '>') {
    const sign = operator === '<' ? -1 : 1;
    return (stack, row) => {
      const value = row(name);
      stack.push(value !== undefined && Math.sign(compare(value, wanted)) === sign);
    };
  }
  return (stack, row) => {
    const value = row(name);
    stack.push(value !== undefined && equal(value, wanted));
  };
}

/** Compiles the query words of one command, in order. No words: everything matches. */
export function parseQuery(words: readonly string[]): Query {
  const steps = words.map(parseWord);
  return (row) => {
    const stack: boolean[] = [];
    for (const step of steps) step(stack, row);
    return stack.every(Boolean);
  };
}
