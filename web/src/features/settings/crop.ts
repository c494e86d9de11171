/** A square cut out of a picture. Lengths are pixels of the picture; a place is the middle of the square. */
export type Size = { width: number; height: number };
export type Cut = { x: number; y: number; zoom: number };
export type Square = { left: number; top: number; side: number };

export const MOST_ZOOM = 6;

/** The largest square, in the middle. */
export function firstCut({ width, height }: Size): Cut {
  return { x: width / 2, y: height / 2, zoom: 1 };
}

export function squareOf(size: Size, { x, y, zoom }: Cut): Square {
  const side = Math.min(size.width, size.height) / zoom;
  return { left: x - side / 2, top: y - side / 2, side };
}

/** The nearest cut that lies wholly in the picture. */
export function inside(size: Size, cut: Cut): Cut {
  const zoom = Math.min(MOST_ZOOM, Math.max(1, cut.zoom));
  const half = Math.min(size.width, size.height) / zoom / 2;
  const within = (at: number, length: number) => Math.min(length - half, Math.max(half, at));
  return { zoom, x: within(cut.x, size.width), y: within(cut.y, size.height) };
}

/** The hand moves what it sees: the picture goes with it, so the square goes against it. `shown` is its side on screen. */
export function dragged(size: Size, cut: Cut, by: { x: number; y: number }, shown: number): Cut {
  const scale = squareOf(size, cut).side / shown;
  return inside(size, { ...cut, x: cut.x - by.x * scale, y: cut.y - by.y * scale });
}
