import { defineConfig } from '@playwright/test';
import { CHROMIUM_FLAGS, chromiumOrExit } from '../tools/find-chromium.mjs';

export default defineConfig({
  testDir: '.',
  // `SCREENS=1 npm run test:e2e` takes pictures of every screen into test-results/screens: to be looked at, no test.
  testMatch: process.env.SCREENS ? 'screen-tour.ts' : '**/*.spec.ts',
  outputDir: '../../test-results',
  globalSetup: './global-setup.ts',
  // One after another: the tests share two cores with the servers they start.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 120_000,
  expect: { timeout: 15_000 },
  // tests/run.mjs names the file for the JSON report.
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ? [['list'], ['json']] : 'list',
  use: {
    browserName: 'chromium',
    headless: true,
    locale: 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    viewport: { width: 1024, height: 768 },
    // A trace doubles the time of a page with a thousand cells: `TRACE=1` for whom a failure's picture does not tell enough.
    trace: process.env.TRACE ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: chromiumOrExit(), args: CHROMIUM_FLAGS },
  },
});
