import { encode } from 'uqr';

export interface QrPath {
  /** Modules on a side, the quiet border of four among them. */
  readonly size: number;
  /** One square for each dark module. */
  readonly path: string;
}

/** A QR code as the path of an SVG: no markup is made of the text. */
export function qrPathOf(text: string): QrPath {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : [])));
  return { size, path: squares.join('') };
}
