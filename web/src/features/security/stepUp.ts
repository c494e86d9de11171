/** Acts that ask for a fresh proof: when the server says so, the dialog asks, and the act is tried once more. */
import { create } from "zustand";
import { ApiError } from "../../api/error";

type Asking = { isOpen: boolean; settle: (isProven: boolean) => void };

export const useStepUp = create<Asking>(() => ({ isOpen: false, settle: () => undefined }));

/** The person closed the dialog: nothing happened, and nothing need be said. */
export class NotProven extends Error {}

export async function withStepUp<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "step_up_required") throw error;
    if (!(await proveNow())) throw new NotProven("not proven");
    return act();
  }
}

/** Asks now, whatever for; whether it was proven. */
export function proveNow(): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (isProven: boolean) => {
      useStepUp.setState({ isOpen: false });
      resolve(isProven);
    };
    useStepUp.setState({ isOpen: true, settle });
  });
}
