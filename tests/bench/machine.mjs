import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** What a figure was taken on. @param {string} browserVersion */
export function describeMachine(browserVersion) {
  const [processor] = cpus();
  return {
    processor: processor?.model.trim() ?? 'unknown processor',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    browser: `Chromium ${browserVersion}, headless`,
  };
}

/** Load average of the last minute: over the number of cores, other programs are being measured too. */
export function load() {
  return Number((loadavg()[0] ?? 0).toFixed(2));
}
