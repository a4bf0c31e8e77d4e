import { describe, expect, it } from 'vitest';
import type { Device } from '#device/device.ts';
import type { Arrival, OpenResult } from '#device/single-sign-on.ts';
import { ProviderOffer } from '#features/session/provider-offer.svelte.ts';
import { SignInForm } from '#features/session/sign-in.svelte.ts';
import { singleSignOnSentence } from '#features/session/single-sign-on-sentence.ts';
import {
  findSignInOutcome,
  singleSignOn,
  SingleSignOn,
  withoutSignInOutcome,
  type SingleSignOnProblem,
} from '#features/session/single-sign-on.svelte.ts';

const PASSWORD = 'four birds on one wire';

function deviceOf(arrival: Arrival, answer: OpenResult = { ok: true }) {
  const calls: string[] = [];
  const device = {
    state: { phase: 'locked', logins: [] },
    signInWithPasskey: () =>
      Promise.resolve({
        ok: true,
        open: false,
        login: 'kimura',
        passwordChangeDue: false,
        devicePassword: true,
      }),
    singleSignOn: {
      findProvider: () => Promise.resolve({ name: '市の共通ID', address: '/api/x' }),
      arrive: () => (calls.push('arrive'), Promise.resolve(arrival)),
      open: (password: string) => (calls.push(`open ${password}`), Promise.resolve(answer)),
      choosePassword: (password: string) => (calls.push(`choose ${password}`), Promise.resolve(answer)),
    },
  };
  return { device: device as unknown as Device, calls };
}

const arrivalAt = (step: 'none' | 'password' | 'newPassword' | 'schoolPassword'): Arrival => ({
  ok: true,
  step,
  login: 'kimura',
});

async function openingAt(step: 'password' | 'newPassword', answer?: OpenResult) {
  const { device, calls } = deviceOf(arrivalAt(step), answer);
  const flow = new SingleSignOn();
  await flow.arrive(device);
  const { opening } = flow;
  if (!opening) throw new Error('nothing is asked for');
  return { flow, opening, calls };
}

describe('the address on the way back', () => {
  it('says one of four things, and nothing else', () => {
    const of = (query: string) => findSignInOutcome(new URL(`https://a.test/${query}`));
    expect(['done', 'refused', 'unavailable', 'noAccount'].map((each) => of(`?signIn=${each}`))).toEqual([
      'done',
      'refused',
      'unavailable',
      'noAccount',
    ]);
    expect([of(''), of('?signIn='), of('?signIn=admin'), of('?other=done')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it('loses what it said, and no more', () => {
    const of = (rest: string) => withoutSignInOutcome(new URL(`https://a.test${rest}`));
    expect(of('/?signIn=done')).toBe('/');
    expect(of('/school?day=1&signIn=refused#x')).toBe('/school?day=1#x');
  });
});

describe('coming back from the provider', () => {
  it('says in a sentence of its own why it failed, and asks the school nothing', async () => {
    const sentences = new Set<string>();
    for (const outcome of ['refused', 'unavailable', 'noAccount'] as const) {
      const { device, calls } = deviceOf(arrivalAt('none'));
      const flow = new SingleSignOn();
      await flow.comeBack(outcome, device);
      expect([flow.problem, flow.opening, calls]).toEqual([outcome, null, []]);
      sentences.add(singleSignOnSentence(outcome));
    }
    for (const problem of [
      'signedOut',
      'offline',
      'serverTrouble',
      'appTooOld',
    ] satisfies SingleSignOnProblem[])
      sentences.add(singleSignOnSentence(problem));
    expect(sentences.size).toBe(7);
  });

  it('[DE154] believes the school and not the address', async () => {
    const flow = new SingleSignOn();
    const { device } = deviceOf({ ok: false, code: 'signedOut' });
    await flow.comeBack('done', device);
    expect([flow.problem, flow.opening, flow.busy]).toEqual(['signedOut', null, false]);
  });

  it('asks for nothing where the records are open, and for the school’s password where that comes first', async () => {
    const flow = new SingleSignOn();
    await flow.comeBack('done', deviceOf(arrivalAt('none')).device);
    expect([flow.problem, flow.opening]).toEqual([null, null]);
    await flow.comeBack('done', deviceOf(arrivalAt('schoolPassword')).device);
    expect([flow.schoolPasswordOf, flow.opening]).toEqual(['kimura', null]);
  });
});

describe('the password of a device', () => {
  it('[DE152] opens what is here', async () => {
    const { flow, opening, calls } = await openingAt('password');
    expect(opening.choosing).toBeNull();
    expect(await opening.submit()).toBe(false);
    expect([opening.problem, calls]).toEqual(['needPassword', ['arrive']]);
    opening.password = PASSWORD;
    expect(await opening.submit()).toBe(true);
    expect([opening.password, flow.opening, calls]).toEqual(['', null, ['arrive', `open ${PASSWORD}`]]);
  });

  it('is asked for again after a wrong one', async () => {
    const { flow, opening } = await openingAt('password', { ok: false, code: 'badPassword' });
    opening.password = 'x';
    expect(await opening.submit()).toBe(false);
    expect([opening.problem, opening.password, opening.busy]).toEqual(['badPassword', 'x', false]);
    expect(flow.opening).toBe(opening);
  });

  it('[DE150] is chosen twice the same, and what is wrong with it is said at its field', async () => {
    const { flow, opening, calls } = await openingAt('newPassword', { ok: false, code: 'passwordTooShort' });
    const form = opening.choosing;
    if (!form) throw new Error('no password is chosen');
    expect(form.asksOld).toBe(false);
    form.next = PASSWORD;
    form.again = 'another';
    expect(await opening.submit()).toBe(false);
    expect(form.problemAt('again')?.code).toBe('passwordsDiffer');
    expect(calls).toEqual(['arrive']);
    form.again = PASSWORD;
    expect(await opening.submit()).toBe(false);
    expect(form.problemAt('next')?.code).toBe('passwordTooShort');
    expect([form.next, flow.opening]).toEqual([PASSWORD, opening]);
  });

  it('[DE153] is chosen anew by who has forgotten it, or entered after all', async () => {
    const { flow, opening, calls } = await openingAt('password');
    opening.chooseAnother();
    opening.backToPassword();
    expect(opening.choosing).toBeNull();
    opening.chooseAnother();
    const form = opening.choosing as NonNullable<typeof opening.choosing>;
    form.next = form.again = PASSWORD;
    expect(await opening.submit()).toBe(true);
    expect([flow.opening, calls]).toEqual([null, ['arrive', `choose ${PASSWORD}`]]);
  });

  it('[DE151] is asked for by the device where a passkey began the session', async () => {
    const { device, calls } = deviceOf(arrivalAt('password'));
    const form = new SignInForm(device);
    expect(await form.usePasskey()).toBe(false);
    expect([form.stage.name, singleSignOn.opening?.login, calls]).toEqual(['password', 'kimura', ['arrive']]);
    singleSignOn.startAgain();
  });
});

it('the button to the provider is there while the school answers, and not without a network', async () => {
  const offer = new ProviderOffer(deviceOf(arrivalAt('none')).device);
  expect(offer.found).toBeNull();
  await offer.look();
  expect(offer.found).toEqual({ name: '市の共通ID', address: '/api/x' });
  offer.hide();
  expect(offer.found).toBeNull();
});
