import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { peopleOfFirstSchool } from './support/city-names.ts';
import { expect, test } from './support/city-test.ts';
import { LAPTOP, TABLET } from './support/device-profile.ts';
import { searchProfile } from './support/profile-search.ts';
import { appIsOnDevice, LOGINS, shellLight, signIn, unlock } from './support/people.ts';
import { readableAbout } from './support/readable-about-pupils.ts';
import { RollCallScreen } from './support/roll-call-screen.ts';

const NOTE = '三十九度の熱、母親が十時に迎え';
/** A mark or a name as a stored record has it; the app's own code has none of these with quotes. */
const RECORDS = [
  ...['present', 'sick', 'other', 'late', 'suspendedInfection'].map((mark) => `"mark":"${mark}"`),
  '"familyName":"',
  '"cells":[',
];

test('nothing readable about a pupil is in the files of the browser', async ({ city, makeDevice }) => {
  const people = peopleOfFirstSchool();
  const search = readableAbout(people, [NOTE, ...RECORDS]);
  const tablet = makeDevice(TABLET, city.url);

  await test.step('a teacher signs in, takes the roll online and offline, looks at the register', async () => {
    const page = await tablet.start();
    await signIn(page, LOGINS.homeroomTeacher);
    await appIsOnDevice(page);
    const roll = new RollCallScreen(page);
    await roll.tap(1);
    await roll.tap(2);
    await roll.takeRoll();
    await expect(roll.state).toHaveText('学校に届きました');
    await tablet.goOffline();
    await roll.tap(1);
    const sheet = page.getByRole('dialog');
    await sheet.getByRole('textbox', { name: '備考（理由など）' }).fill(NOTE);
    await sheet.getByRole('button', { name: '早退', exact: true }).click();
    await expect(shellLight(page)).toContainText('送信待ち 1件');
    await page.getByRole('navigation').getByRole('link', { name: '出席簿' }).click();
    await expect(page.getByRole('table').first()).toBeVisible();
    await tablet.turnOff();
  });

  const laptop = makeDevice(LAPTOP, city.url);
  await test.step('a nurse looks for a pupil by name', async () => {
    const page = await laptop.start();
    await signIn(page, LOGINS.nurse);
    await page.getByRole('searchbox').fill('伊藤 革');
    await page.getByRole('button', { name: '1年1組 伊藤 革 の記録を開く' }).click();
    await expect(page.getByRole('dialog', { name: '3番 伊藤 革' })).toBeVisible();
    await laptop.turnOff();
  });

  await test.step('closed, the disk tells nothing', async () => {
    for (const device of [tablet, laptop]) {
      const { findings, files, tables, bytes } = searchProfile(device.folder, search);
      expect(findings).toEqual([]);
      // The search has seen the stores: IndexedDB's files, its tables, and megabytes.
      expect(files.some((file) => file.includes('.indexeddb.'))).toBe(true);
      expect(tables).toBeGreaterThan(0);
      expect(bytes).toBeGreaterThan(1_000_000);
    }
  });

  await test.step('and what was written is there', async () => {
    const page = await tablet.start({ offline: true });
    await unlock(page);
    await new RollCallScreen(page).tap(1);
    await expect(page.getByRole('dialog').getByRole('textbox', { name: '備考（理由など）' })).toHaveValue(
      NOTE,
    );
    await tablet.turnOff();
    expect(searchProfile(tablet.folder, search).findings).toEqual([]);
  });
});

test('the search finds what a browser would leave in the open', async ({ quietCity, makeDevice }) => {
  const pupil = peopleOfFirstSchool().find((person) => person.isPupil);
  if (!pupil) throw new Error('no pupil in the practice city');
  const name = `${pupil.familyName} ${pupil.givenName}`;
  const search = readableAbout([pupil], RECORDS);
  const device = makeDevice(LAPTOP, quietCity.url);

  await test.step('in the stores of a page', async () => {
    const page = await device.start();
    await page.evaluate(async (planted) => {
      localStorage.setItem('planted', planted);
      await (await caches.open('planted')).put('/planted', new Response(planted));
      await new Promise((resolve, reject) => {
        const opening = indexedDB.open('planted', 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore('planted');
        opening.onerror = reject;
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('planted', 'readwrite', { durability: 'strict' });
          transaction.objectStore('planted').put({ pupil: planted, record: '"mark":"sick"' }, 1);
          transaction.oncomplete = resolve;
        };
      });
    }, name);
    await device.turnOff();
    const { findings } = searchProfile(device.folder, search);
    const places = findings.filter((finding) => finding.name === name).map((finding) => finding.file);
    for (const store of ['Local Storage', 'CacheStorage', 'IndexedDB'])
      expect(places.join('\n')).toContain(store);
    expect(findings.map((finding) => finding.name)).toContain('"mark":"sick"');
  });

  await test.step('in any file, plain or packed', () => {
    const plants: Record<string, Buffer> = {
      'utf-8': Buffer.from(`…${name}…`, 'utf8'),
      'utf-16': Buffer.from(`…${name}…`, 'utf16le'),
      gzip: Buffer.concat([Buffer.from('before'), gzipSync(`…${name}…`)]),
    };
    for (const [kind, bytes] of Object.entries(plants)) {
      const folder = mkdtempSync(join(tmpdir(), 'amenimo-planted-'));
      writeFileSync(join(folder, kind), bytes);
      expect(searchProfile(folder, search).findings, kind).toContainEqual({ file: kind, name });
      rmSync(folder, { recursive: true });
    }
  });
});
