/** The addresses of a pool, `10.0.0.2-10.0.0.254,10.0.1.0/24`, as spans of numbers in order, touching ones joined; null when it is none. */
export function parseRanges(text: string): Array<[number, number]> | null {
  const spans: Array<[number, number]> = [];
  for (const part of text.split(',')) {
    const match = /^\s*(\d+(?:\.\d+){3})\s*(?:-\s*(\d+(?:\.\d+){3})|\/(\d{1,2}))?\s*$/.exec(part);
    const first = match ? toNumber(match[1]!) : null;
    if (!match || first === null) return null;
    if (match[3] !== undefined) {
      const bits = Number(match[3]);
      if (bits > 32) return null;
      const size = 2 ** (32 - bits);
      const base = first - (first % size);
      spans.push([base, base + size - 1]);
      continue;
    }
    const last = match[2] === undefined ? first : toNumber(match[2]);
    if (last === null || last < first) return null;
    spans.push([first, last]);
  }
  spans.sort(([a], [b]) => a - b);
  const joined: Array<[number, number]> = [];
  for (const [first, last] of spans) {
    const before = joined.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

/** Whether two texts mean the same addresses; unreadable ones only when they are the same text. */
export function sameRanges(a: string, b: string): boolean {
  const [left, right] = [parseRanges(a), parseRanges(b)];
  return left && right ? JSON.stringify(left) === JSON.stringify(right) : a === b;
}

function toNumber(address: string): number | null {
  let number = 0;
  for (const part of address.split('.')) {
    if (part.length > 3 || Number(part) > 255) return null;
    number = number * 256 + Number(part);
  }
  return number;
}
