import { runAccountCommand } from './account-commands.ts';
import { showCity, showSchool } from './city-commands.ts';
import type { Command } from './command.ts';
import { importPackage } from './import-command.ts';
import { verify } from './verify-command.ts';

/** The commands that need the store. `help` and `couch` are the command line's own. */
export const commands: Readonly<Record<string, Command>> = {
  city: showCity,
  school: showSchool,
  account: runAccountCommand,
  import: importPackage,
  verify,
};
