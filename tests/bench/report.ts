import type { Measurement } from './benchmark.ts';
import { median, short } from './measure.ts';

/** The measurements of one benchmark of the run. */
export interface Section {
  name: string;
  measurements: readonly Measurement[];
}

const HEAD = ['measured', 'against', 'ratio', 'min – max', 'n', 'figures of the run'];

function rowOf({ what, against, ratios, figures }: Measurement): string[] {
  return [
    what,
    against ?? '–',
    ratios ? short(median(ratios)) : '–',
    ratios ? `${short(Math.min(...ratios))} – ${short(Math.max(...ratios))}` : '–',
    ratios ? String(ratios.length) : '–',
    figures,
  ];
}

export function markdownTable(measurements: readonly Measurement[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(HEAD), `|${HEAD.map(() => '---|').join('')}`, ...measurements.map((measurement) => line(rowOf(measurement)))].join('\n');
}

/** For a terminal: columns aligned, the figures below their line. */
export function plainTable(sections: readonly Section[]): string {
  const rows = [['benchmark', ...HEAD], ...sections.flatMap(({ name, measurements }) => measurements.map((measurement) => [name, ...rowOf(measurement)]))];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row, index) => {
      const line = row.slice(0, -1).map((cell, column) => cell.padEnd(widths[column]!)).join('  ').trimEnd();
      return index === 0 ? line : `${line}\n    ${row.at(-1)}`;
    })
    .join('\n');
}
