/** A small seeded generator (mulberry32), so that a failure can be played again. Numbers are 0 ≤ x < 1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The seed of this run: `SEED=…` to repeat one, otherwise a new one. Print it in every failure. */
export const runSeed = Number(process.env.SEED ?? Date.now() % 1_000_000);

/** `npm run test:faults`, the long form of what disturbs at random; `npm test` has the short one. */
export const longForm = process.env.ROUNDS !== undefined;

/** How many rounds of a disturbance: `short` of them in `npm test`, a `share` of `ROUNDS` in the long form. */
export function rounds(short: number, share = 1): number[] {
  return Array.from({ length: longForm ? Math.ceil(Number(process.env.ROUNDS) * share) : short }, (_, round) => round);
}
