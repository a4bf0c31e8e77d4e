import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import type { ByteSearch } from './support/byte-search.ts';
import { cityPeople } from './support/city-names.ts';
import { expect, test } from './support/city-test.ts';
import { LAPTOP, TABLET, type DeviceProfile } from './support/device-profile.ts';
import { appIsOnDevice, LOGINS, PASSWORD, shellLight, signIn, unlock } from './support/people.ts';
import { searchProfile } from './support/profile-search.ts';
import { readableAbout } from './support/readable-about-pupils.ts';
import { RollCallScreen } from './support/roll-call-screen.ts';
import { goTo } from './support/tour.ts';
import { rawVaultKeys } from './support/vault-keys.ts';

const NOTE = '夜通しの咳、祖父が正午に迎え';
/** A mark as a stored record has it, in the words of the ledger, and the beginning of every record. */
const RECORDS = [
  ...['present', 'sick', 'other', 'late', 'earlyDeparture', 'suspendedInfection', 'bereavement'].map(
    (mark) => `"mark":"${mark}"`,
  ),
  ...['"familyName":"', '"cells":[', '"rosterNumber":'],
];
/** The city's pupils, and at least as many staff as its homerooms need. */
const PUPILS = 3531;

interface SeizedState {
  /** How the person's work comes to this. */
  readonly leave: (page: Page, device: DeviceProfile, office: () => Promise<Page>) => Promise<void>;
  /** Whether what was on the device is there again with the right password. */
  readonly opens: boolean;
}

/** In which state a device is taken. */
const states: Readonly<Record<string, SeizedState>> = {
  locked: {
    opens: true,
    leave: async (page, device) => {
      await page
        .getByRole('banner')
        .getByRole('button', { name: /さんのメニュー$/ })
        .click();
      await page.getByRole('menuitem', { name: '鍵をかける' }).click();
      await expect(page.getByRole('heading', { name: '鍵を開ける' })).toBeVisible();
      await device.turnOff();
    },
  },
  'turned off without being locked': { opens: true, leave: (_page, device) => device.turnOff() },
  'cut off in the middle of the work': { opens: true, leave: (_page, device) => device.kill() },
  wiped: {
    opens: false,
    leave: async (page, device, office) => {
      await stopOtherDevice(await office());
      await device.goOnline();
      await expect(page.getByRole('heading', { name: 'この端末の記録を消しました' })).toBeVisible({
        timeout: 60_000,
      });
      await device.turnOff();
    },
  },
};

/** The office stops the one device that it does not sit at. */
async function stopOtherDevice(office: Page): Promise<void> {
  await signIn(office, LOGINS.office);
  await goTo(office, '/manage/devices');
  const rows = office
    .getByRole('table')
    .getByRole('row')
    .filter({ has: office.getByRole('link') })
    .filter({ hasNotText: 'いま使っている端末' });
  await rows.getByRole('link').click();
  await office.getByRole('button', { name: 'なくした端末として止める' }).click();
  await office.getByRole('dialog').getByRole('button', { name: '止める', exact: true }).click();
  await expect(office.getByText('紛失・まだ消えていません').first()).toBeVisible();
}

function addKeys(search: ByteSearch, keys: Iterable<readonly [string, Buffer]>): void {
  for (const [name, key] of keys) {
    const forms = [
      key,
      Buffer.from(key.toString('hex')),
      Buffer.from(key.toString('base64')),
      Buffer.from(key.toString('base64url')),
    ];
    for (const form of forms) {
      search.add(name, form);
      search.add(name, Buffer.from(form.toString('latin1'), 'utf16le'));
    }
  }
}

for (const [state, { leave, opens }] of Object.entries(states)) {
  test(`a device taken ${state} tells nothing about anybody${opens ? ', and with the password everything' : ''}`, async ({
    city,
    makeDevice,
  }) => {
    test.setTimeout(240_000);
    const people = cityPeople();
    expect(people.filter((person) => person.isPupil)).toHaveLength(PUPILS);
    expect(people.length).toBeGreaterThan(PUPILS);
    const search = readableAbout(people, [NOTE, PASSWORD, ...RECORDS]);
    const device = makeDevice(TABLET, city.url);

    const shown = await test.step('a teacher works online and offline', async () => {
      const page = await device.start();
      await signIn(page, LOGINS.homeroomTeacher);
      await appIsOnDevice(page);
      const roll = new RollCallScreen(page);
      await roll.takeRoll();
      await expect(roll.state).toHaveText('学校に届きました');
      await device.goOffline();
      await roll.tap(1);
      const sheet = page.getByRole('dialog');
      await sheet.getByRole('textbox', { name: '備考（理由など）' }).fill(NOTE);
      await sheet.getByRole('button', { name: '早退', exact: true }).click();
      await page.keyboard.press('Escape');
      await expect(sheet).toBeHidden();
      await expect(shellLight(page)).toContainText(/送信待ち \d件/);
      const words = await roll.words();
      expect(words.length).toBeGreaterThan(20);
      const keys = await rawVaultKeys(page, PASSWORD);
      // The password's key, the master key and those of the profile, the journal and the blocks at least.
      expect(keys.size).toBeGreaterThanOrEqual(5);
      addKeys(search, keys);
      const cookies = await device.context.cookies();
      expect(cookies.map(({ name }) => name)).toContain('amenimo');
      for (const { name, value } of cookies) addKeys(search, [[`cookie ${name}`, Buffer.from(value)]]);
      await leave(page, device, () => makeDevice(LAPTOP, city.url).start());
      return words;
    });

    await test.step('nothing is found in any file', () => {
      const { findings, files, tables, bytes } = searchProfile(device.folder, search);
      expect(findings).toEqual([]);
      expect(files.some((file) => file.includes('.indexeddb.'))).toBe(opens);
      // A wiped device has no table of a database left to look into.
      if (opens) expect(tables).toBeGreaterThan(0);
      expect(bytes).toBeGreaterThan(1_000_000);
    });

    if (!opens) return;
    await test.step('with another password nothing opens, with the right one all is there', async () => {
      const page = await device.start({ offline: true });
      await unlock(page, `${PASSWORD}!`);
      await expect(page.getByLabel('パスワード', { exact: true })).toHaveAccessibleDescription(
        'パスワードが違います。大文字と小文字も確かめてください。',
      );
      expect(await page.locator('[data-student]').count()).toBe(0);
      await unlock(page);
      const roll = new RollCallScreen(page);
      await expect(roll.tiles).toHaveCount(shown.length);
      expect(await roll.words()).toEqual(shown);
      await roll.tap(1);
      const note = page.getByRole('dialog').getByRole('textbox', { name: '備考（理由など）' });
      await expect(note).toHaveValue(NOTE);
    });
  });
}

test('the search of a seized device finds keys in any form, and what is packed', () => {
  const key = Buffer.from('9f3c5a7be1d24860a1b2c3d4e5f60718293a4b5c6d7e8f901122334455667788', 'hex');
  const search = readableAbout([], [NOTE]);
  addKeys(search, [['key', key]]);
  const packed = brotliCompressSync(Buffer.from(`…${NOTE}…`));
  const cacheKey = Buffer.from('1/0/https://school.test/x');
  const header = Buffer.alloc(24);
  header.writeBigUInt64LE(0xfcfb6d1ba7725c30n);
  header.writeUInt32LE(cacheKey.length, 12);
  const plants: Record<string, [Buffer, string]> = {
    raw: [Buffer.concat([Buffer.from('before'), key]), 'key'],
    hex: [Buffer.from(`"${key.toString('hex')}"`), 'key'],
    base64: [Buffer.from(`"${key.toString('base64')}"`), 'key'],
    'base64 in UTF-16': [Buffer.from(key.toString('base64url'), 'utf16le'), 'key'],
    zlib: [Buffer.concat([Buffer.from('before'), deflateSync(Buffer.from(`…${NOTE}…`))]), NOTE],
    'a cached answer in brotli': [Buffer.concat([header, cacheKey, packed, Buffer.from('after')]), NOTE],
  };
  for (const [kind, [bytes, name]] of Object.entries(plants)) {
    const folder = mkdtempSync(join(tmpdir(), 'amenimo-planted-'));
    writeFileSync(join(folder, kind), bytes);
    expect(searchProfile(folder, search).findings, kind).toContainEqual({ file: kind, name });
    rmSync(folder, { recursive: true });
  }
});
