import { expect, test } from './support/city-test.ts';
import { LAPTOP } from './support/device-profile.ts';
import { signIn } from './support/people.ts';
import { DOOR, TOUR } from './support/tour.ts';

test('no screen breaks the content security policy, complains, or asks anybody but its own server', async ({
  quietCity,
  makeDevice,
}) => {
  const complaints: string[] = [];
  const strangers = new Set<string>();
  for (const login of new Set(TOUR.map((stop) => stop.login))) {
    const device = makeDevice(LAPTOP, quietCity.url);
    const context = await device.turnOn();
    context.on('request', (request) => {
      if (new URL(request.url()).origin !== quietCity.url) strangers.add(request.url());
    });
    // Warnings too: a header or a policy that the browser does not understand is one.
    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    context.on('weberror', (error) => complaints.push(String(error.error())));
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
      });
    });
    const page = await device.openApp();
    await DOOR[0]?.go(page);
    await signIn(page, login);
    for (const { go } of TOUR.filter((stop) => stop.login === login)) await go(page);
    await device.turnOff();
  }
  // Kit itself writes down that the tour asked for a page that is not there.
  const own = complaints.filter((text) => !text.includes('Not found: /no-such-page'));
  expect([...new Set(own)]).toEqual([]);
  expect([...strangers]).toEqual([]);
});

test('the server says the policy with every answer', async ({ quietCity, request }) => {
  for (const path of [
    '/',
    '/roll-call',
    '/register/x/2026-11',
    '/service-worker.js',
    '/favicon.svg',
    '/healthz',
  ]) {
    const headers = (await request.get(`${quietCity.url}${path}`)).headers();
    expect(headers['content-security-policy'], path).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options'], path).toBe('nosniff');
    expect(headers['referrer-policy'], path).toBe('no-referrer');
  }
});
