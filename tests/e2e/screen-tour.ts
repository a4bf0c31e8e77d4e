import { test } from './support/city-test.ts';
import { LAPTOP, PHONE, TABLET } from './support/device-profile.ts';
import { LOGINS, signIn } from './support/people.ts';
import { RollCallScreen } from './support/roll-call-screen.ts';
import { DOOR, goTo, TOUR } from './support/tour.ts';

const FOLDER = 'test-results/screens';

for (const [size, shape] of Object.entries({ tablet: TABLET, laptop: LAPTOP, phone: PHONE })) {
  test(`pictures of every screen: ${size}`, async ({ city, makeDevice }) => {
    test.setTimeout(300_000);
    for (const login of new Set(TOUR.map((stop) => stop.login))) {
      const device = makeDevice(shape, city.url);
      const page = await device.start();
      const take = async (name: string): Promise<void> => {
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await page.screenshot({
            path: `${FOLDER}/${name}-${size}-${colorScheme}.png`,
            animations: 'disabled',
          });
        }
      };
      if (login === LOGINS.homeroomTeacher) {
        for (const { name, go } of DOOR) {
          await go(page);
          await take(name);
        }
      }
      await signIn(page, login);
      for (const { name, go } of TOUR.filter((stop) => stop.login === login)) {
        await go(page);
        await take(name);
      }
      if (login === LOGINS.homeroomTeacher) {
        await device.goOffline();
        await goTo(page, '/roll-call');
        const roll = new RollCallScreen(page);
        await roll.tap(3);
        await roll.tap(8);
        await take('roll-call-begun-offline');
        await roll.takeRoll();
        await take('roll-call-taken-offline');
        await goTo(page, '/device');
        await take('device-offline');
        await page.reload();
        await page.getByRole('heading', { name: '鍵を開ける' }).waitFor();
        await take('unlock');
      }
      await device.turnOff();
    }
  });
}
