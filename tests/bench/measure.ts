/** Does the work once; answers how many units of it were done. */
export type Variant = () => Promise<number> | number;

export interface Measured {
  /** Units a second, one value a repetition. */
  rates: number[];
  /** CPU microseconds of this process a unit, one value a repetition. */
  cpu: number[];
}

export interface CompareOptions {
  repetitions: number;
  /** Milliseconds that one variant runs in one repetition; one call at least. */
  ms: number;
}

/**
 * Runs the variants in turns (A B C, C B A, …), so that what else the machine does meets all of them. Each is warmed up
 * first, and the heap is cleaned before each turn.
 */
export async function compare<Name extends string>(variants: Record<Name, Variant>, { repetitions, ms }: CompareOptions): Promise<Record<Name, Measured>> {
  const names = Object.keys(variants) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, { rates: [], cpu: [] }])) as unknown as Record<Name, Measured>;
  for (const name of names) await turn(variants[name], ms / 2);
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const name of repetition % 2 ? names.toReversed() : names) {
      collectGarbage();
      const { rate, cpu } = await turn(variants[name], ms);
      measured[name].rates.push(rate);
      measured[name].cpu.push(cpu);
    }
  }
  return measured;
}

async function turn(variant: Variant, ms: number): Promise<{ rate: number; cpu: number }> {
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  let units = 0;
  do units += await variant();
  while (performance.now() - began < ms);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { rate: units / seconds, cpu: (user + system) / units };
}

/** Ratio of two series measured in turns, repetition by repetition. */
export function ratiosOf(of: readonly number[], to: readonly number[]): number[] {
  return of.map((value, at) => value / to[at]!);
}

export function collectGarbage(): void {
  (globalThis as { gc?: () => void }).gc?.();
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** `share` of the values are not above it. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  if (share === 0.5 && sorted.length % 2 === 0) return (sorted[sorted.length / 2 - 1]! + sorted[sorted.length / 2]!) / 2;
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Three digits that mean something: `12400`, `3.21`, `0.0312`. */
export function short(value: number): string {
  return value >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** Runs `work` over the items, so many at a time. */
export async function inParallel<T>(items: readonly T[], atOnce: number, work: (item: T, index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(atOnce, items.length) }, async () => {
      while (next < items.length) {
        const index = next++;
        await work(items[index]!, index);
      }
    }),
  );
}
