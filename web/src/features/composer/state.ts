/** The open composers: several at once, newest last. Plain state; other modules act on it. */
import { create } from "zustand";
import type { Composer, ComposerContent } from "./session";

type Composers = {
  composers: Record<string, Composer>;
  /** Keys, oldest first. */
  order: string[];
  /** The one that should have the focus. */
  activeKey: string | null;
};

export const useComposers = create<Composers>()(() => ({ composers: {}, order: [], activeKey: null }));

export function composerOf(key: string): Composer | undefined {
  return useComposers.getState().composers[key];
}

/** Does nothing when the composer is gone: answers of the network come when they like. */
export function patchComposer(key: string, changes: Partial<Composer>): void {
  useComposers.setState((state) => {
    const composer = state.composers[key];
    return composer ? { composers: { ...state.composers, [key]: { ...composer, ...changes } } } : {};
  });
}

export function patchContent(key: string, changes: Partial<ComposerContent>): void {
  const composer = composerOf(key);
  if (composer) patchComposer(key, { content: { ...composer.content, ...changes } });
}

export function addComposer(composer: Composer): void {
  useComposers.setState((state) => ({
    composers: { ...state.composers, [composer.key]: composer },
    order: [...state.order.filter((key) => key !== composer.key), composer.key],
    activeKey: composer.minimised ? state.activeKey : composer.key,
  }));
}

export function removeComposer(key: string): void {
  useComposers.setState((state) => {
    const { [key]: _gone, ...composers } = state.composers;
    return {
      composers,
      order: state.order.filter((other) => other !== key),
      activeKey: state.activeKey === key ? null : state.activeKey,
    };
  });
}

/** Brings a composer to the front and unfolds it. */
export function focusComposer(key: string): void {
  patchComposer(key, { minimised: false, isHidden: false });
  useComposers.setState({ activeKey: key });
}
