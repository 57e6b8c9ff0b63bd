/** Aligns the columns of a table of text. Numbers are aligned to the right; the last column is not padded. */
export function alignColumns(rows: (string | number)[][]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, String(cell).length)));
  }
  return rows.map((row) =>
    row
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        if (typeof cell === 'number') return String(cell).padStart(width);
        return index === row.length - 1 ? cell : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
