import type { LucideIcon } from "lucide-react";
import type { Here } from "./here";

export type CommandGroup = "move" | "threads" | "chat" | "write" | "select" | "app";

/** One user action: menus, palette and keys are views of it. */
export type Command = {
  id: string;
  title: string;
  group: CommandGroup;
  /** Each a way to run it; of several commands on one key the first that `when` allows runs. */
  keys: string[];
  icon?: LucideIcon;
  when?: (here: Here) => boolean;
  run: (here: Here) => void;
};
