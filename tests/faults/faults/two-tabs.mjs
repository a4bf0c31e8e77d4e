/** @typedef {import('../fault-run.mjs').Fault} Fault */

const WRITES = 200;
/** A homeroom has no more pupils and marks. */
const WRITES_A_DAY = 100;
const BURSTS = 5;
const BURST_WRITES = 12;

/** @type {Fault} */
export const alternatingTabs = {
  number: 18,
  title: `two tabs, ${WRITES} alternating writes`,
  school: 'friday',
  async play(run) {
    const { random, oracle, workload } = run;
    const { date: firstDate, screens } = await openTwoTabs(run);
    let date = firstDate;
    let last = '';
    for (let i = 0; i < WRITES; i++) {
      const screen = screens[i % 2 === 0 ? 0 : 1];
      if (i > 0 && i % WRITES_A_DAY === 0) {
        date = run.someDay();
        last = '';
        for (const each of screens) await run.goToDay(each, date);
      }
      // Often the pupil whom the other tab has just marked.
      const again = last !== '' && random.happens(0.4) ? workload.find(date, [last]) : null;
      const { student, mark } = again ?? workload.next(date);
      await oracle.untilSaved(await screen.mark(student, mark));
      last = student;
    }
  },
};

/** @type {Fault} */
export const tabsInBursts = {
  number: 19,
  title: 'two tabs, bursts',
  school: 'friday',
  mostSeeds: 1,
  async play(run) {
    const { random, oracle, workload } = run;
    const { date, screens } = await openTwoTabs(run);
    for (let burst = 0; burst < BURSTS; burst++) {
      await Promise.all(
        screens.map(async (screen) => {
          const actions = [];
          for (let i = 0; i < BURST_WRITES; i++) {
            const { student, mark } = workload.next(date);
            actions.push(await screen.mark(student, mark));
          }
          // A pupil marked twice in one breath is saved once, with the second mark.
          const newest = new Map(actions.map((action) => [action.writes[0]?.cell, action]));
          for (const action of newest.values()) await oracle.untilSaved(action);
        }),
      );
      await new Promise((resolve) => setTimeout(resolve, random.between(0, 400)));
    }
  },
};

/** @param {import('../fault-run.mjs').FaultRun} run */
async function openTwoTabs(run) {
  const date = run.someDay();
  const tablet = await run.tablet('twice');
  await tablet.turnOn();
  const screens = [await run.openDay(tablet, date), await run.openDay(tablet, date)];
  return { date, screens: /** @type {[typeof screens[0], typeof screens[0]]} */ (screens) };
}
