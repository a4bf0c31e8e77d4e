const HOUR_MS = 3_600_000;
const STEPS = 4;

/** @type {import('../fault-run.mjs').Fault} */
export default {
  number: 42,
  title: "device clock ± a day, jumping, in the year's last night",
  school: 'lastNight',
  async play(run) {
    const { random, oracle, workload, school } = run;
    const date = run.someDay();
    const tablet = await run.tablet('jumping');
    await tablet.turnOn();
    const screen = await run.openDay(tablet, date);
    for (let step = 0; step < STEPS; step++) {
      if (random.happens(0.5)) await school.proxy.goDown();
      else await school.proxy.heal();
      await tablet.setClock(random.pick([-24, -1, 1, 24]) * HOUR_MS + random.between(-600, 600) * 1000);
      if (random.happens(0.4)) {
        await run.goToDay(screen, date);
      }
      for (let i = random.between(2, 4); i > 0; i--) {
        const { student, mark } = workload.next(date);
        const action = await screen.mark(student, mark);
        await oracle.untilSaved(action).catch(async (error) => {
          // To the device a day may have passed: then the first tap locks it, and the register opens again.
          if (!(await screen.isLocked())) throw error;
          await run.goToDay(screen, date);
        });
      }
    }
    if (school.proxy.isUp) await showsTheSchoolsDay();
    if (random.happens(0.5)) await tablet.setClock(0);

    /** Whoever opens the app sees the school's day, not the device's. */
    async function showsTheSchoolsDay() {
      const { reader, homeroomId, today, url, teacher } = school;
      await screen.enter(`${url}/roll-call`, teacher);
      const [expected = ''] = reader.register.schoolDays(homeroomId, today, 1);
      await screen.untilDay(expected);
    }
  },
};
