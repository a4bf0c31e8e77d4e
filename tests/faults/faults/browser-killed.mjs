/** @type {import('../fault-run.mjs').Fault} */
export default {
  number: 1,
  title: 'SIGKILL of the browser in a save loop',
  school: 'friday',
  async play(run) {
    const { random, oracle, workload, school } = run;
    const date = run.someDay();
    const tablet = await run.tablet('killed');
    await tablet.turnOn();
    const screen = await run.openDay(tablet, date);
    if (random.happens(0.5)) await school.proxy.goDown();

    const killed = new Promise((resolve) => setTimeout(resolve, random.between(150, 1500))).then(() =>
      tablet.kill(),
    );
    while (tablet.isOn) {
      const { student, mark } = workload.next(date);
      // What the kill cuts short was not acknowledged.
      const action = await screen.mark(student, mark).catch(() => null);
      if (!action) await killed;
      else if (random.happens(0.7)) await Promise.race([oracle.untilSaved(action), killed]);
    }
    await killed;

    await school.proxy.goDown();
    await tablet.turnOn();
    await run.lookForSaved(await run.openDay(tablet, date));
  },
};
