const ROUNDS = 6;
/** A key is saved at once, a tap after a moment in which it may be taken back. */
const LONGEST_WAIT_MS = { key: 60, allPresent: 120, tap: 450 };

/** @type {import('../fault-run.mjs').Fault} */
export default {
  number: 3,
  title: 'tab closed between tap and acknowledgement',
  school: 'friday',
  async play(run) {
    const { random, oracle, workload, school } = run;
    const tablet = await run.tablet('closed');
    await tablet.turnOn();
    // While one tab is open, the others need no password.
    const date = run.someDay();
    await run.openDay(tablet, date);
    run.notes.closedBeforeSaved = 0;
    for (let round = 0; round < ROUNDS; round++) {
      if (random.happens(0.3)) await school.proxy.goDown();
      else await school.proxy.heal();
      const way = random.pick(/** @type {const} */ (['key', 'key', 'allPresent', 'tap']));
      const screen = await run.openDay(tablet, way === 'key' ? date : run.unmarkedDay());
      // The finger is down as soon as the page says so; the browser's answer to the test comes later.
      const pressing = press(way, screen).catch(() => undefined);
      const action = oracle.actions.at(-1);
      await oracle.until('a tap', () => (action?.seen.size ?? 0) > 0);
      await new Promise((resolve) => setTimeout(resolve, random.between(0, LONGEST_WAIT_MS[way])));
      if (action?.saved.size === 0) run.notes.closedBeforeSaved += 1;
      await tablet.closeTab(screen);
      await pressing;
    }

    /** @param {'key' | 'allPresent' | 'tap'} way @param {import('../roll-call-screen.mjs').RollCallScreen} screen */
    function press(way, screen) {
      const pupils = workload.pupils(screen.date);
      if (way === 'allPresent') return screen.markAllPresent(pupils);
      if (way === 'tap') return screen.tap(random.pick(pupils));
      const { student, mark } = workload.next(date);
      return screen.mark(student, mark);
    }
  },
};
