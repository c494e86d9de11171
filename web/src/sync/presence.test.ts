import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { askPresenceBy, takePresence, useIsHere, usePeopleShown, watched } from "./presence";

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  askPresenceBy(null);
  vi.useRealTimers();
});

it("asks once for all that are shown, when it has become quiet", () => {
  const ask = vi.fn();
  askPresenceBy(ask);
  const one = renderHook(() => usePeopleShown(["Bob@x.test", "carol@x.test"]));
  const other = renderHook(() => usePeopleShown(["bob@x.test"]));
  vi.advanceTimersByTime(500);
  expect(ask).not.toHaveBeenCalled();
  vi.advanceTimersByTime(200);
  expect(ask).toHaveBeenCalledOnce();
  expect(watched().toSorted()).toEqual(["bob@x.test", "carol@x.test"]);
  one.unmount();
  expect(watched()).toEqual(["bob@x.test"]);
  other.unmount();
  expect(watched()).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(ask).toHaveBeenCalledTimes(2);
});

it("asks for no more than the server takes", () => {
  const many = Array.from({ length: 300 }, (_, index) => `p${index}@x.test`);
  const long = Array.from({ length: 99 }, (_, index) => `${"x".repeat(200)}${index}@x.test`);
  const { unmount, rerender } = renderHook(({ names }) => usePeopleShown(names), { initialProps: { names: many } });
  expect(watched()).toHaveLength(100);
  rerender({ names: long });
  expect(JSON.stringify({ type: "watch", people: watched() }).length).toBeLessThan(4_096);
  unmount();
});

it("knows who is here until it is told otherwise, or the stream is gone", () => {
  askPresenceBy(() => undefined);
  const { result } = renderHook(() => useIsHere("Bob@x.test"));
  const tell = (people: { [address: string]: boolean | null }, isWhole: boolean) =>
    act(() => takePresence(people, isWhole));
  tell({ "bob@x.test": true, "carol@x.test": false }, true);
  expect(result.current).toBe(true);
  tell({ "carol@x.test": true }, false);
  expect(result.current).toBe(true);
  tell({ "bob@x.test": null }, false);
  expect(result.current).toBe(false);
  tell({ "bob@x.test": true }, false);
  tell({}, true);
  expect(result.current).toBe(false);
  tell({ "bob@x.test": true }, true);
  act(() => askPresenceBy(null));
  expect(result.current).toBe(false);
});
