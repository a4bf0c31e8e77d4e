import { test as base } from '@playwright/test';
import { AppServer, practiceDataFolder } from '../../tools/app-server.mjs';
import { DeviceProfile, type DeviceShape } from './device-profile.ts';

/** The practice city, running, and devices that are gone after the test. */
export const test = base.extend<
  { city: AppServer; makeDevice: (shape: DeviceShape, url: string) => DeviceProfile },
  { quietCity: AppServer }
>({
  /** This test's own city, to be written to, killed and started again. */
  city: async ({}, use) => {
    const server = new AppServer({ dataFolder: await practiceDataFolder() });
    await server.start();
    await use(server);
    await server.remove();
  },
  /** One city for all tests that only look. */
  quietCity: [
    async ({}, use) => {
      const server = new AppServer({ dataFolder: await practiceDataFolder() });
      await server.start();
      await use(server);
      await server.remove();
    },
    { scope: 'worker' },
  ],
  makeDevice: async ({}, use) => {
    const devices: DeviceProfile[] = [];
    await use((shape, url) => {
      const device = new DeviceProfile(url, shape);
      devices.push(device);
      return device;
    });
    for (const device of devices) await device.remove();
  },
});

export { expect } from '@playwright/test';
