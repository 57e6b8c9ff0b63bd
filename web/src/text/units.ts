const SIZES = ['B', 'KB', 'MB', 'GB', 'TB'];

/** `1234567` becomes `1.2 MB`: powers of 1,000, as disks are sold. */
export function bytes(count: number): string {
  let value = count;
  let size = 0;
  while (value >= 1_000 && size < SIZES.length - 1) {
    value /= 1_000;
    size += 1;
  }
  return `${size === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${SIZES[size]}`;
}

/** A counter that ends somewhere: `2,000+` where it did. */
export function atLeast(count: number, capped: boolean | undefined): string {
  return `${count.toLocaleString()}${capped ? '+' : ''}`;
}
