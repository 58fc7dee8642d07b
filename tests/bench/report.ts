import type { Measurement } from './benchmark.ts';
import { median, short } from './measure.ts';

/** The measurements of one benchmark of the run. */
export interface Section {
  name: string;
  limit: string;
  notes: string;
  measurements: readonly Measurement[];
}

const HEAD = ['benchmark', 'measured', 'against', 'ratio', 'min – max', 'n', 'figures of this run'];

function rowsOf(sections: readonly Section[]): string[][] {
  return sections.flatMap(({ name, measurements }) =>
    measurements.map(({ what, against, ratios, figures }) => [
      name,
      what,
      against ?? '–',
      ratios ? short(median(ratios)) : '–',
      ratios ? `${short(Math.min(...ratios))} – ${short(Math.max(...ratios))}` : '–',
      ratios ? String(ratios.length) : '–',
      figures,
    ]),
  );
}

export function markdownTable(sections: readonly Section[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(HEAD), `|${HEAD.map(() => '---|').join('')}`, ...rowsOf(sections).map(line)].join('\n');
}

/** What the benchmarks say of themselves. */
export function markdownNotes(sections: readonly Section[]): string {
  return sections.map(({ name, limit, notes }) => `**${name}** (ratios to ${limit}). ${notes}`).join('\n\n');
}

/** For a terminal: columns aligned, the figures below their line. */
export function plainTable(sections: readonly Section[]): string {
  const rows = [HEAD, ...rowsOf(sections)];
  const widths = HEAD.slice(0, -1).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row, index) => {
      const line = row.slice(0, -1).map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd();
      return index === 0 ? line : `${line}\n    ${row.at(-1)}`;
    })
    .join('\n');
}
