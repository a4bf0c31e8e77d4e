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
      if (random.happens(0.5)) school.proxy.goDown();
      else school.proxy.heal();
      await tablet.setClock(random.pick([-24, -1, 1, 24]) * HOUR_MS + random.between(-600, 600) * 1000);
      if (random.happens(0.4)) {
        await run.goToDay(screen, date);
      }
      // A day that seems to have passed may lock the device; the register opens again with the password.
      for (let i = random.between(2, 4); i > 0; i--) {
        await screen.passDoor(school.teacher);
        const { student, mark } = workload.next(date);
        await oracle.untilSaved(await screen.mark(student, mark));
      }
    }
    if (random.happens(0.5)) await tablet.setClock(0);
  },
};
