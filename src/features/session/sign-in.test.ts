import { describe, expect, it } from 'vitest';
import type { Device, DeviceState, SignInResult, UnlockResult } from '#device/device.ts';
import { SignInForm } from '#features/session/sign-in.svelte.ts';

function deviceOf(logins: string[], signIn: SignInResult, unlock: UnlockResult) {
  const calls: string[] = [];
  const state: DeviceState = { phase: 'locked', logins };
  const device = {
    state,
    signIn: (login: string) => (calls.push(`signIn ${login}`), Promise.resolve(signIn)),
    unlock: (login: string) => (calls.push(`unlock ${login}`), Promise.resolve(unlock)),
  };
  return { form: new SignInForm(device as unknown as Device), calls };
}

describe('the sign-in form', () => {
  it('unlocks where the device knows the login and asks the gateway otherwise', async () => {
    const { form, calls } = deviceOf(['kimura'], { ok: true }, { ok: true });
    form.password = 'x';
    expect(await form.submit()).toBe(true);
    expect(form.password).toBe('');
    form.startNewPerson(true);
    form.login = ' tanaka ';
    form.password = 'x';
    await form.submit();
    expect(calls).toEqual(['unlock kimura', 'signIn tanaka']);
  });

  it('says beside which field the problem lies', async () => {
    const { form } = deviceOf([], { ok: false, code: 'badCredentials' }, { ok: true });
    await form.submit();
    expect([form.problem, form.problemAt]).toEqual(['needLogin', 'login']);
    form.choose('kimura');
    await form.submit();
    expect([form.problem, form.problemAt]).toEqual(['needPassword', 'password']);
    form.password = 'x';
    await form.submit();
    expect([form.problem, form.problemAt]).toEqual(['badCredentials', 'password']);
  });

  it('keeps what was typed when nobody answers', async () => {
    const { form } = deviceOf([], { ok: false, code: 'offline' }, { ok: true });
    form.choose('kimura');
    form.password = 'x';
    await form.submit();
    expect([form.problemAt, form.login, form.password]).toEqual(['form', 'kimura', 'x']);
  });
});
