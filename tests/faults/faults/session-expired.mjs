/** A school day a month after the others. */
const A_MONTH_LATER = '2026-12-21T08:15:00+09:00';
const DAY_MS = 86_400_000;

/** @type {import('../fault-run.mjs').Fault} */
export default {
  number: 32,
  title: 'session expired, 30 days offline',
  school: 'own',
  async play(run) {
    const { random, oracle, workload, school } = run;
    const dates = [run.someDay(), run.someDay()];
    const tablet = await run.tablet('away');
    await tablet.turnOn();
    await school.proxy.goDown();
    await markSome(await run.openDay(tablet, dates[0] ?? ''));
    if (random.happens(0.5)) await tablet.kill();
    else await tablet.turnOff();

    const months = Date.parse(A_MONTH_LATER) - Date.now() - school.reader.clockOffset;
    await school.restartAt(A_MONTH_LATER);
    await tablet.turnOn();
    await tablet.setClock(Math.round(months / DAY_MS) * DAY_MS);
    const screen = await run.openDay(tablet, dates[1] ?? '');
    await markSome(screen);

    // With the password that opened the device the session begins again by itself; with another, the screen asks.
    const isChanged = random.happens(0.5);
    if (isChanged) await school.changePassword();
    await school.proxy.heal();
    await screen.networkReturns();
    if (isChanged) {
      await screen.untilSessionEnded();
      // Rows stay while nobody signs in; more can be written.
      await markSome(screen);
      await screen.connectAgain(school.teacher);
    }

    /** @param {import('../roll-call-screen.mjs').RollCallScreen} on */
    async function markSome(on) {
      for (let i = random.between(2, 5); i > 0; i--) {
        const { student, mark } = workload.next(on.date);
        await oracle.untilSaved(await on.mark(student, mark));
      }
    }
  },
};
