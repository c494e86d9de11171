/** Every user action, once. */
import { chattingCommands } from "./chatting";
import type { Command } from "./command";
import { filteringCommands } from "./filtering";
import { here } from "./here";
import { movingCommands } from "./moving";
import { organisationCommands } from "./organisation";
import { settingsCommands } from "./settings";
import { threadCommands } from "./threads";
import { writingCommands } from "./writing";

export const commands: readonly Command[] = [
  // First, since the same key means in a conversation what is done to a message.
  ...chattingCommands,
  ...threadCommands,
  ...filteringCommands,
  ...writingCommands,
  ...movingCommands,
  ...organisationCommands,
  ...settingsCommands,
];

const byId = new Map(commands.map((command) => [command.id, command]));

export function commandOf(id: string): Command {
  const command = byId.get(id);
  if (!command) throw new Error(`No command is called ${id}`);
  return command;
}

/** Runs a command if it makes sense here. `targetIds` are the threads it is meant for. */
export function runCommand(id: string, targetIds?: readonly string[]): boolean {
  const context = here(targetIds);
  const command = commandOf(id);
  if (!context || (command.when && !command.when(context))) return false;
  command.run(context);
  return true;
}
