const ROUNDS = 6;

/** @type {import('../fault-run.mjs').Fault} */
export default {
  number: 3,
  title: 'tab closed between tap and acknowledgement',
  school: 'friday',
  async play(run) {
    const { random, workload, school } = run;
    const tablet = await run.tablet('closed');
    await tablet.turnOn();
    // While one tab is open, the others need no password.
    const date = run.someDay();
    await run.openDay(tablet, date);
    for (let round = 0; round < ROUNDS; round++) {
      if (random.happens(0.3)) school.proxy.goDown();
      else school.proxy.heal();
      const rollOpen = random.happens(0.5);
      const screen = await run.openDay(tablet, rollOpen ? run.unmarkedDay() : date);
      const pupils = workload.pupils(screen.date);
      if (!rollOpen) {
        const { student, mark } = workload.next(date);
        await screen.mark(student, mark);
      } else if (random.happens(0.5)) await screen.markAllPresent(pupils);
      else for (const student of random.shuffled(pupils).slice(0, 3)) await screen.tap(student);
      await new Promise((resolve) => setTimeout(resolve, random.between(0, 300)));
      await tablet.closeTab(screen);
    }
  },
};
