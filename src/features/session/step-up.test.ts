import { describe, expect, it } from 'vitest';
import type { ApiResult } from '#device/online-api.ts';
import { StepUp, withStepUp } from '#features/session/step-up.svelte.ts';

const refused = (code: string): ApiResult<string> => ({ ok: false, code, details: {} });
const done: ApiResult<string> = { ok: true, value: 'done' };

function answers(...results: ApiResult<string>[]) {
  const ask = () => Promise.resolve(results.shift() as ApiResult<string>);
  return { ask, left: () => results.length };
}

describe('a question that may need a fresh proof', () => {
  it('is asked once where it needs none, or fails for another reason', async () => {
    const stepUp = new StepUp();
    expect(await withStepUp(answers(done).ask, stepUp)).toBe(done);
    expect(await withStepUp(answers(refused('denied'), done).ask, stepUp)).toEqual(refused('denied'));
    expect(stepUp.need).toBeNull();
  });

  it.each(['stepUpRequired', 'passwordRequired'] as const)('is repeated after %s was met', async (need) => {
    const stepUp = new StepUp();
    const { ask, left } = answers(refused(need), done);
    const asked = withStepUp(ask, stepUp);
    await Promise.resolve();
    expect(stepUp.need).toBe(need);
    expect(left()).toBe(1);
    stepUp.settle(true);
    expect(await asked).toBe(done);
    expect(stepUp.need).toBeNull();
  });

  it('is not repeated where the person gives up', async () => {
    const stepUp = new StepUp();
    const { ask, left } = answers(refused('stepUpRequired'), done);
    const asked = withStepUp(ask, stepUp);
    await Promise.resolve();
    stepUp.settle(false);
    expect(await asked).toEqual(refused('stepUpRequired'));
    expect(left()).toBe(1);
  });

  it('is one question for two that ask at once', async () => {
    const stepUp = new StepUp();
    const both = [stepUp.ask('stepUpRequired'), stepUp.ask('stepUpRequired')];
    stepUp.settle(true);
    expect(await Promise.all(both)).toEqual([true, true]);
  });
});
