import { cx } from "../lib/classes";

/** Keys as caps: "g i" is two presses, "mod+k" one chord. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  return (
    <span className={cx("inline-flex items-center gap-1", className)}>
      {keys.split(" ").map((press, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the presses never move
        <kbd key={index} className="rounded border border-line bg-sunken px-1 font-sans text-xs text-muted">
          {capOf(press)}
        </kbd>
      ))}
    </span>
  );
}

const isApple = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);
const CAPS: { [key: string]: string } = {
  mod: isApple ? "⌘" : "Ctrl",
  shift: isApple ? "⇧" : "Shift",
  enter: "Enter",
  escape: "Esc",
  delete: "Del",
  arrowup: "↑",
  arrowdown: "↓",
};

function capOf(press: string): string {
  return press
    .split(/(?<=.)\+/)
    .map((key) => CAPS[key.toLowerCase()] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(isApple ? "" : "+");
}
