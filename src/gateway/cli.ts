import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runAssetsCommand } from './control/assets-command.ts';
import type { CommandRequest } from './control/command.ts';
import { commands } from './control/commands.ts';
import { askRunningGateway } from './control/control-client.ts';
import { runCouchCommand } from './control/couch-command.ts';
import { createLog } from './log.ts';
import { cliHelp, startSentences, terminalLanguage } from './messages.ts';
import { readEnvironmentFiles } from './secrets/environment-files.ts';
import { openGateway, StartRefused } from './server/open-gateway.ts';
import { readSettings } from './settings.ts';

const language = terminalLanguage(process.env);
const print = (line: string): void => console.log(line);

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  const { positionals, values } = parseWords(args);
  const [command = 'help', ...words] = positionals;
  if (command === 'help') {
    print(cliHelp[language]);
    return 0;
  }
  if (command === 'assets') return runAssetsCommand(values, language, print);
  const environment = readEnvironmentFiles(process.env);
  if (!environment.ok) {
    console.error(startSentences.secretFileUnusable(environment.name)[language]);
    return 2;
  }
  const { env } = environment;
  const read = readSettings(env);
  if (!read.ok) {
    for (const { sentence } of read.problems) console.error(sentence[language]);
    return 2;
  }
  const { settings } = read;
  if (command === 'couch') return runCouchCommand(words, settings, language, print, env);
  if (!Object.hasOwn(commands, command)) {
    console.error(cliHelp[language]);
    return 2;
  }
  const request: CommandRequest = {
    command,
    // A running gateway has another working directory.
    words: command === 'import' ? words.map((word) => resolve(word)) : words,
    options: values,
    language,
    input: values['password-stdin'] ? (await readInput()).replace(/\r?\n$/, '') : null,
  };
  return (await askRunningGateway(settings.dataDir, request, print)) ?? runHere(request, settings, env);
}

async function runHere(
  request: CommandRequest,
  settings: Parameters<typeof openGateway>[0],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const log = createLog((line) => console.error(line), Date.now, 'warn');
  try {
    const opened = await openGateway(settings, log, Date.now, env);
    try {
      const command = commands[request.command];
      return command ? await command({ ...request, parts: opened.gateway.parts, print }) : 2;
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (!(error instanceof StartRefused)) throw error;
    console.error(error.sentence[language]);
    return 1;
  }
}

function parseWords(args: string[]): { positionals: string[]; values: Record<string, string | true> } {
  const { tokens } = parseArgs({ args, strict: false, allowPositionals: true, tokens: true });
  const positionals: string[] = [];
  const values: Record<string, string | true> = {};
  const flags = new Set(['end', 'password-stdin']);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token?.kind === 'positional') positionals.push(token.value);
    if (token?.kind !== 'option') continue;
    const next = tokens[i + 1];
    if (token.value !== undefined) values[token.name] = token.value;
    else if (!flags.has(token.name) && next?.kind === 'positional') {
      values[token.name] = next.value;
      i += 1;
    } else values[token.name] = true;
  }
  return { positionals, values };
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
