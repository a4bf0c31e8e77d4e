/** @type {import('../fault-run.mjs').Fault} */
export default {
  number: 34,
  title: 'one entry refused inside a 200',
  school: 'friday',
  async play(run) {
    const { random, oracle, workload, school } = run;
    const date = run.someDay();
    const tablet = await run.tablet('refused');
    await tablet.turnOn();
    const screen = await run.openDay(tablet, date);
    await school.proxy.goDown();

    const [moved = '', ...others] = random.shuffled(workload.pupils(date));
    const order = random.shuffled([moved, ...others.slice(0, 5)]);
    /** @type {{ cell: string, mark: string }[]} */
    const toBeRefused = [];
    for (const student of order) {
      const { mark } = workload.next(date, [student]);
      // One entry each: the next is marked when this one is saved.
      await oracle.untilSaved(await screen.mark(student, mark));
      if (student === moved) toBeRefused.push({ cell: `${student}/${date}`, mark });
    }

    // Meanwhile the office puts right that the pupil has been in another homeroom.
    const office = await school.office();
    const now = Date.now() + office.clockOffset;
    await office.push([office.register.moving(school.homeroomId, moved, office.personId, now)]);

    await school.proxy.heal();
    await screen.networkReturns();
    await oracle.until('shown as refused', () => oracle.shell(screen.tab).state === 'refused');
    const shown = await screen.countRefused();
    if (shown === toBeRefused.length) run.sentBack.push(...toBeRefused);
  },
};
