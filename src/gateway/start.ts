import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { SettableClock } from './clock.ts';
import { createLog, describeError, type Log, type LogLevel } from './log.ts';
import { readEnvironmentFiles } from './secrets/environment-files.ts';
import { serveControl } from './control/control-server.ts';
import { startSentences, terminalLanguage, type Sentence } from './messages.ts';
import { practiceNow } from './practice/practice-now.ts';
import { fillPracticeCity } from './server/fill-practice-city.ts';
import { createGatewayServer, type AppHandler } from './server/gateway-server.ts';
import { openGateway, StartRefused, type OpenedGateway } from './server/open-gateway.ts';
import { PracticeProgress } from './server/practice-progress.ts';
import { readSettings, type Settings } from './settings.ts';

/** The built server: `build/server/start.js`, beside Kit's `build/handler.js`. */
const handlerUrl = new URL('../handler.js', import.meta.url);

const language = terminalLanguage(process.env);
const say = (sentence: Sentence): void => console.log(sentence[language]);
const stop = (sentences: readonly Sentence[]): never => {
  for (const sentence of sentences) console.error(`${sentence.ja}\n${sentence.en}`);
  process.exit(1);
};

const environment = readEnvironmentFiles(process.env);
if (!environment.ok) stop([startSentences.secretFileUnusable(environment.name)]);
const env = environment.ok ? environment.env : {};
const read = readSettings(env);
if (!read.ok) stop(read.problems.map((problem) => problem.sentence));
else await start(read.settings);

async function start(settings: Settings): Promise<void> {
  const log = createLog((line) => console.error(line), Date.now, logLevel());
  try {
    const app = await loadApp();
    const clock = new SettableClock(Date.now);
    const opened = await openGateway(settings, log, clock.now, env);
    const server = createGatewayServer({ gateway: opened.gateway, app, trustProxy: settings.trustProxy });
    await preparePractice(settings, opened, clock);
    const control = await serveControl(settings.dataDir, opened.gateway.parts);
    const port = await listen(server, settings);
    endOnSignals(server, opened, () => control.close(), log);
    log.info('started', { store: opened.store.kind, port, version: opened.gateway.parts.version });
    say(startSentences.running(`http://${shownHost(settings.host)}:${port}`));
  } catch (error) {
    if (error instanceof StartRefused) stop([error.sentence]);
    log.error('startFailed', describeError(error));
    throw error;
  }
}

function logLevel(): LogLevel {
  const level = process.env.LOG_LEVEL;
  return level === 'debug' || level === 'info' || level === 'error' ? level : 'warn';
}

async function loadApp(): Promise<AppHandler> {
  if (!existsSync(fileURLToPath(handlerUrl))) throw new StartRefused(startSentences.appNotBuilt);
  const { handler } = (await import(/* @vite-ignore */ handlerUrl.href)) as { handler: AppHandler };
  return handler;
}

async function preparePractice(
  settings: Settings,
  { gateway }: OpenedGateway,
  clock: SettableClock,
): Promise<void> {
  if (!settings.practiceCity) return;
  const progress = new PracticeProgress(process.stdout, language);
  const setClock = (): void => clock.set(practiceNow(settings.practiceNow, Date.now()));
  const accounts = await fillPracticeCity(gateway, settings.boardCode, progress.report, () => {
    setClock();
    say(startSentences.practiceBegins);
  });
  progress.end();
  if (!accounts) return;
  setClock();
  progress.printAccounts(accounts);
}

function listen(server: Server, { host, port }: Settings): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = error.code === 'EADDRINUSE';
      reject(
        new StartRefused(inUse ? startSentences.portInUse(port) : startSentences.cannotListen(host, port)),
      );
    });
    server.listen({ host, port }, () => resolve((server.address() as AddressInfo).port));
  });
}

function shownHost(host: string): string {
  if (['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function endOnSignals(
  server: Server,
  opened: OpenedGateway,
  closeControl: () => Promise<void>,
  log: Log,
): void {
  let ending = false;
  const end = (): void => {
    if (ending) process.exit(1);
    ending = true;
    say(startSentences.stopping);
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    // Requests under way get a moment; event streams end with the gateway.
    setTimeout(() => server.closeAllConnections(), 3_000).unref();
    void (async () => {
      await closeControl();
      const gatewayClosed = opened.close();
      await closed;
      await gatewayClosed;
      process.exit(0);
    })().catch((error: unknown) => {
      log.error('stopFailed', describeError(error));
      process.exit(1);
    });
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
