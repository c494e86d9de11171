import { expect, it, vi } from "vitest";
import { ApiError } from "../../api/error";
import { NotProven, useStepUp, withStepUp } from "./stepUp";

const asksFirst = () =>
  vi
    .fn()
    .mockRejectedValueOnce(new ApiError(403, { code: "step_up_required" }))
    .mockResolvedValue("done");

it("does the act once more when it was proven who asks", async () => {
  const act = asksFirst();
  const done = withStepUp(act);
  await vi.waitFor(() => expect(useStepUp.getState().isOpen).toBe(true));
  useStepUp.getState().settle(true);
  expect(await done).toBe("done");
  expect(useStepUp.getState().isOpen).toBe(false);
});

it("leaves it when the dialog is closed", async () => {
  const act = asksFirst();
  const done = withStepUp(act);
  await vi.waitFor(() => expect(useStepUp.getState().isOpen).toBe(true));
  useStepUp.getState().settle(false);
  await expect(done).rejects.toBeInstanceOf(NotProven);
  expect(act).toHaveBeenCalledOnce();
});

it("asks nothing of what needs no proof, and passes other refusals on", async () => {
  expect(await withStepUp(async () => 1)).toBe(1);
  await expect(withStepUp(() => Promise.reject(new ApiError(409, { code: "x" })))).rejects.toMatchObject({ code: "x" });
  expect(useStepUp.getState().isOpen).toBe(false);
});
