import { HANG_MS } from '../oracle.mjs';

const WORDS = { newPerson: 'ほかの人がはじめて使う', wiped: 'この端末の記録を消しました' };

/**
 * A shared tablet: one person's rows are unsent when the next signs in, the next one's when it is reported lost. Both
 * people's rows come to the school, in the hands of others; the tablet is empty; then its first person starts anew.
 *
 * @type {import('../fault-run.mjs').Fault}
 */
export default {
  number: 44,
  title: 'another person at the tablet, then the tablet lost, with entries unsent',
  school: 'own',
  async play(run) {
    const { random, oracle, workload, school } = run;
    const date = run.someDay();
    const tablet = await run.tablet('shared');
    const office = await school.office();
    await tablet.turnOn();
    await school.proxy.goDown();
    await markSome(await run.openDay(tablet, date));
    if (random.happens(0.5)) await tablet.kill();
    else await tablet.turnOff();

    await school.proxy.heal();
    await tablet.turnOn();
    const screen = await tablet.openTab();
    const { page } = screen;
    const answered = page.waitForResponse((answer) => answer.url().endsWith('/api/handin'));
    await page.goto(run.addressOf(date), { waitUntil: 'commit', timeout: HANG_MS });
    await page.getByRole('button', { name: WORDS.newPerson }).click();
    await screen.passDoor(school.officePerson);
    await screen.untilWhole();
    const told = /** @type {{ verdicts: object[] }} */ (await (await answered).json());
    const toldOf = new Set(told.verdicts.flatMap((verdict) => Object.keys(verdict)));
    // Ids and codes: nothing of what was written.
    if ([...toldOf].some((field) => !['id', 'verdict', 'code'].includes(field)))
      throw new Error('handing in told more than what became of each row');
    run.notes.handedIn = await office.takeAllFromTray();

    await school.proxy.goDown();
    await page.goto(run.addressOf(date), { waitUntil: 'commit', timeout: HANG_MS }).catch(() => undefined);
    // Of several people on the tablet the screen offers the last one.
    await screen.unlock(school.officePerson);
    await screen.untilDay(date);
    await markSome(screen);
    await office.reportLost();
    await school.proxy.heal();
    await screen.networkReturns();
    await page.getByRole('heading', { name: WORDS.wiped }).waitFor();
    const left = await page.evaluate(async () => (await indexedDB.databases()).length);
    if (left > 0) await page.waitForFunction(async () => (await indexedDB.databases()).length === 0);
    run.notes.handedInByTheTablet = await office.takeAllFromTray();
    await run.goToDay(screen, date);

    /** @param {import('../roll-call-screen.mjs').RollCallScreen} on */
    async function markSome(on) {
      for (let i = random.between(2, 5); i > 0; i--) {
        const { student, mark } = workload.next(on.date);
        await oracle.untilSaved(await on.mark(student, mark));
      }
    }
  },
};
