/** @typedef {import('../fault-run.mjs').Fault} Fault */

const SAVES = 3;

/** @type {Fault} */
export const requestCut = {
  number: 26,
  title: 'cut at request 1…K, each k in turn',
  school: 'friday',
  async play(run) {
    const { random, school } = run;
    const { proxy } = school;
    const date = run.someDay();
    const tablet = await run.tablet('cut');
    await tablet.turnOn();
    const screen = await run.openDay(tablet, date);
    const requests = await countRequests();
    run.notes.requests = requests;
    for (let k = 1; k <= requests; k++) {
      const afterBytes = random.between(0, 400);
      const cut = /** @type {import('../misbehaving-proxy.mjs').Behaviour} */ (
        random.pick([
          { do: 'cutRequest' },
          { do: 'cutAnswer', afterBytes },
          { do: 'truncate', afterBytes },
          { do: 'dropAnswer' },
        ])
      );
      proxy.countFrom();
      proxy.rule = ({ n }) => (n === k ? cut : { do: 'pass' });
      await startAndSave(run, screen);
    }

    async function countRequests() {
      proxy.countFrom();
      await startAndSave(run, screen);
      return proxy.count;
    }
  },
};

/** @type {Fault} */
export const answerLost = {
  number: 27,
  title: 'response lost after the server committed',
  school: 'friday',
  mostSeeds: 1,
  async play(run) {
    const { random, oracle, workload, school } = run;
    const date = run.someDay();
    const tablet = await run.tablet('unheard');
    await tablet.turnOn();
    const screen = await run.openDay(tablet, date);
    for (let round = 0; round < 4; round++) {
      let left = random.between(1, 2);
      school.proxy.rule = ({ path, body }) => {
        const pushes = path === '/api/exchange' && !body.includes('"push":[]');
        return pushes && left-- > 0 ? { do: 'dropAnswer' } : { do: 'pass' };
      };
      for (let i = random.between(1, 4); i > 0; i--) {
        const { student, mark } = workload.next(date);
        await oracle.untilSaved(await screen.mark(student, mark));
      }
      await untilSent(run, screen);
    }
  },
};

/** A start of the app, some marks, until all is at school. @param {import('../fault-run.mjs').FaultRun} run @param {import('../roll-call-screen.mjs').RollCallScreen} screen */
async function startAndSave(run, screen) {
  const { date } = screen;
  await run.goToDay(screen, date);
  for (let i = 0; i < SAVES; i++) {
    const { student, mark } = run.workload.next(date);
    await run.oracle.untilSaved(await screen.mark(student, mark));
  }
  await untilSent(run, screen);
}

/** @param {import('../fault-run.mjs').FaultRun} run @param {import('../roll-call-screen.mjs').RollCallScreen} screen */
async function untilSent({ oracle }, { tab }) {
  await oracle.until('all sent', () => oracle.shell(tab).state === 'sent');
}
