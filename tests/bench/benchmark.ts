/** One line of the table. */
export interface Measurement {
  /** What was measured, in a few words. */
  what: string;
  /** What it is a ratio to; absent for a plain figure. */
  against?: string;
  /** Speed of Headend ÷ speed of the peer, one value a repetition: above 1 is faster than the peer. */
  ratios?: readonly number[];
  /** Absolute figures of this run on this machine; they compare with nothing else. */
  figures: string;
}

export interface BenchKit {
  /** Superuser's URL of a PostgreSQL of the run's own (without fsync). */
  adminUrl: string;
  /** Shorter repetitions and smaller crowds: to see whether it works, not how fast. */
  quick: boolean;
  /** Tells the person who waits what is under way. */
  progress(line: string): void;
}

export interface Benchmark {
  name: string;
  /** What its ratios are to. */
  limit: string;
  /** What is slow and why, by hand: printed below the table of docs/benchmarks.md. One paragraph of Markdown. */
  notes: string;
  /** How long it may take before it counts as hanging, ms; default six minutes. */
  deadlineMs?: number;
  run(kit: BenchKit): Promise<Measurement[]>;
}
