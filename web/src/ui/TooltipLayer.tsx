import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Kbd } from "./Kbd";
import type { TooltipSide } from "./Tooltip";

const FIRST_MS = 500;
/** Going along a toolbar, the next one shows at once. */
const WARM_MS = 250;
const GAP = 5;
const EDGE = 6;

type Shown = { label: string; keys: string | undefined; side: TooltipSide; rect: DOMRect };

/** The one tooltip of the page, for whatever carries `data-tip`. Stands once. For eyes only: names say the same. */
export function TooltipLayer() {
  const [shown, setShown] = useState<Shown | null>(null);
  useEffect(() => listen(setShown), []);
  if (!shown) return null;
  return <Bubble key={`${shown.label} ${shown.rect.x} ${shown.rect.y}`} {...shown} />;
}

function listen(show: (shown: Shown | null) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: Element | null = null;
  let closedAt = 0;
  const hide = () => {
    clearTimeout(timer);
    if (current) closedAt = performance.now();
    current = null;
    show(null);
  };
  const open = (element: HTMLElement) => {
    const { tip, tipKeys, tipSide } = element.dataset;
    if (!tip || !element.isConnected || element.dataset.state === "open") return;
    if (element.dataset.tipIfCut !== undefined && !isCut(element)) return;
    show({
      label: tip,
      keys: tipKeys,
      side: (tipSide as TooltipSide) ?? "bottom",
      rect: element.getBoundingClientRect(),
    });
  };
  const over = (event: Event) => {
    const element = (event.target as Element | null)?.closest?.<HTMLElement>("[data-tip]") ?? null;
    if (element === current) return;
    const isWarm = current !== null || performance.now() - closedAt < WARM_MS;
    hide();
    if (!element) return;
    current = element;
    timer = setTimeout(() => open(element), isWarm ? 60 : FIRST_MS);
  };
  const pointer = (event: PointerEvent) => event.pointerType !== "touch" && over(event);
  const focus = (event: FocusEvent) => (event.target as Element).matches(":focus-visible") && over(event);
  const listeners: [string, EventListener][] = [
    ["pointerover", pointer as EventListener],
    ["focusin", focus as EventListener],
    ["focusout", hide],
    ["pointerdown", hide],
    ["keydown", hide],
    ["scroll", hide],
  ];
  for (const [name, listener] of listeners) document.addEventListener(name, listener, true);
  return () => {
    clearTimeout(timer);
    for (const [name, listener] of listeners) document.removeEventListener(name, listener, true);
  };
}

/** Whether words in it had to be cut short. */
function isCut(element: HTMLElement): boolean {
  return [...element.querySelectorAll(".truncate")].some((one) => one.scrollWidth > one.clientWidth);
}

function Bubble({ label, keys, side, rect }: Shown) {
  const bubble = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = bubble.current;
    if (!element) return;
    const { x, y } = placeOf(rect, element.getBoundingClientRect(), side);
    element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }, [rect, side]);
  return (
    <div
      ref={bubble}
      aria-hidden
      className="pointer-events-none fixed top-0 left-0 z-70 flex max-w-80 animate-[fade_80ms] items-center gap-2 rounded-md bg-ink px-2 py-1 text-xs text-paper shadow-raised"
    >
      {label}
      {keys && <Kbd keys={keys} className="[&_kbd]:border-transparent [&_kbd]:bg-paper/20 [&_kbd]:text-paper" />}
    </div>
  );
}

function placeOf(target: DOMRect, own: DOMRect, side: TooltipSide): { x: number; y: number } {
  const centreX = target.left + target.width / 2 - own.width / 2;
  const centreY = target.top + target.height / 2 - own.height / 2;
  const below = target.bottom + GAP;
  const above = target.top - own.height - GAP;
  const isBelow = side === "bottom" ? below + own.height < window.innerHeight : above < EDGE;
  const spot = {
    top: { x: centreX, y: isBelow ? below : above },
    bottom: { x: centreX, y: isBelow ? below : above },
    right: { x: target.right + GAP, y: centreY },
    left: { x: target.left - own.width - GAP, y: centreY },
  }[side];
  const clamp = (value: number, most: number) => Math.max(EDGE, Math.min(value, most - EDGE));
  return { x: clamp(spot.x, window.innerWidth - own.width), y: clamp(spot.y, window.innerHeight - own.height) };
}
