import type { Gateway } from '../gateway.ts';
import { createLog } from '../log.ts';
import { readSettings } from '../settings.ts';
import { fillPracticeCity } from './fill-practice-city.ts';
import { openGateway } from './open-gateway.ts';

export { isGatewayPath } from '../http/router.ts';

/** Outlives a module that Vite loads anew after a change: the data folder admits one store. */
const kept = globalThis as typeof globalThis & { amenimoDevGateway?: Promise<Gateway> };

/** The gateway of `vite dev`, opened at the first request. A change to the gateway itself needs a restart. */
export function openDevGateway(): Promise<Gateway> {
  return (kept.amenimoDevGateway ??= open());
}

async function open(): Promise<Gateway> {
  const read = readSettings(process.env);
  if (!read.ok) throw new Error(read.problems.map((problem) => problem.sentence.en).join('\n'));
  const { settings } = read;
  const log = createLog((line) => process.stderr.write(`${line}\n`), Date.now);
  const { gateway } = await openGateway(settings, log, Date.now);
  if (settings.practiceCity)
    await fillPracticeCity(
      gateway,
      settings.boardCode,
      () => undefined,
      () => undefined,
    );
  return gateway;
}
