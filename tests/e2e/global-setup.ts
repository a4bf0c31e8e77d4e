import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The tests drive what a school runs: the build. It is made only when the sources have changed. */
export default function globalSetup(): void {
  const launch = fileURLToPath(new URL('../../src/gateway/launch.mjs', import.meta.url));
  execFileSync(process.execPath, [launch, 'build'], { stdio: 'inherit' });
}
