import { expect, it } from "vitest";
import { dragged, firstCut, inside, squareOf } from "./crop";

const wide = { width: 400, height: 200 };

it("begins with the largest square in the middle", () => {
  expect(squareOf(wide, firstCut(wide))).toEqual({ left: 100, top: 0, side: 200 });
});

it("follows the hand, and stops where the picture ends", () => {
  const cut = dragged(wide, firstCut(wide), { x: 50, y: 30 }, 100);
  expect(squareOf(wide, cut)).toEqual({ left: 0, top: 0, side: 200 });
  const back = dragged(wide, cut, { x: -10, y: 0 }, 100);
  expect(squareOf(wide, back)).toEqual({ left: 20, top: 0, side: 200 });
});

it("moves by less when it looks closer", () => {
  const close = inside(wide, { x: 200, y: 100, zoom: 2 });
  expect(squareOf(wide, close)).toEqual({ left: 150, top: 50, side: 100 });
  expect(dragged(wide, close, { x: 10, y: -10 }, 100)).toEqual({ x: 190, y: 110, zoom: 2 });
});

it("never leaves the picture, however it is asked", () => {
  for (const cut of [
    { x: -5, y: 999, zoom: 0.2 },
    { x: 999, y: -5, zoom: 99 },
  ]) {
    const { left, top, side } = squareOf(wide, inside(wide, cut));
    expect(left).toBeGreaterThanOrEqual(0);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(left + side).toBeLessThanOrEqual(400);
    expect(top + side).toBeLessThanOrEqual(200);
  }
});
