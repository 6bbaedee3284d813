/** The figure in the middle of several; of two, their mean. Throws when there is none. */
export function median(figures: readonly number[]): number {
  return percentile(figures, 0.5);
}

/** The figure below which that share of them lies, between two figures in proportion. */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined) throw new Error('there is no figure to take a median of');
  return below + (above - below) * (place - Math.floor(place));
}

/** A figure with as many digits as it deserves: three that mean something. */
export function rounded(figure: number): number {
  return Number(figure.toPrecision(3));
}

/** Lines of cells as a table for people: the first column to the left, figures to the right. */
export function tableOf(lines: readonly (readonly (string | number)[])[]): string {
  const cells = lines.map((line) => line.map(String));
  const columns = Math.max(...cells.map((line) => line.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...cells.map((line) => line[column]?.length ?? 0)),
  );
  return cells
    .map((line) =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n');
}
