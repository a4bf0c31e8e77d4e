import { TOTP, Secret } from 'otpauth';
import type { TestClient } from '../../src/gateway/testing/test-client.ts';
import { PASSWORD } from '../../src/gateway/testing/small-town.ts';
import { SoftAuthenticator } from '../../src/gateway/testing/soft-authenticator.ts';
import { ORIGIN, type TestGateway } from '../../src/gateway/testing/test-gateway.ts';

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export async function post(client: TestClient, path: string, body: unknown = {}): Promise<Answer> {
  const answer = await client.send('POST', path, body);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** `200`, or the status and the code of a refusal. */
export function nameOfAnswer({ status, body }: Answer): string {
  return status === 200 ? '200' : `${status} ${String(body.code)}`;
}

/** Somebody's telephone: an app that shows six digits. */
export class TestPhone {
  readonly #totp: TOTP;
  readonly #clock: { readonly now: number };

  constructor(secret: string, clock: { readonly now: number }) {
    this.#totp = new TOTP({ secret: Secret.fromBase32(secret) });
    this.#clock = clock;
  }

  /** What it shows now, or so many steps later. */
  digits(steps = 0): string {
    return this.#totp.generate({ timestamp: this.#clock.now + steps * 30_000 });
  }

  /** Six digits that are none of those around now. */
  wrongDigits(): string {
    const near = new Set([-2, -1, 0, 1, 2].map((steps) => this.digits(steps)));
    return [...Array(10).keys()].map((n) => String(100_000 + n)).find((each) => !near.has(each)) ?? '';
  }
}

/** Sets an authenticator app up, as its owner does. Time goes on by a step, so that new digits are shown. */
export async function enrolTotp(
  town: TestGateway,
  client: TestClient,
): Promise<{ phone: TestPhone; recoveryCodes: string[]; secret: string }> {
  const begun = await post(client, '/api/factors/totp/begin');
  const secret = String(begun.body.secret);
  const phone = new TestPhone(secret, town.clock);
  const added = await post(client, '/api/factors/totp', { ticket: begun.body.ticket, code: phone.digits() });
  if (added.status !== 200) throw new Error(`not enrolled: ${nameOfAnswer(added)}`);
  town.clock.now += 60_000;
  return { phone, secret, recoveryCodes: (added.body.recoveryCodes ?? []) as string[] };
}

export async function enrolPasskey(client: TestClient, label = 'タブレット'): Promise<SoftAuthenticator> {
  const authenticator = new SoftAuthenticator(ORIGIN);
  const begun = await post(client, '/api/factors/passkey/begin');
  const response = authenticator.create(begun.body.passkey as { challenge: string });
  const added = await post(client, '/api/factors/passkey', { ticket: begun.body.ticket, label, response });
  if (added.status !== 200) throw new Error(`not enrolled: ${nameOfAnswer(added)}`);
  return authenticator;
}

/** The right password of somebody who has a second factor. */
export async function firstStep(client: TestClient, login: string): Promise<Answer> {
  const answer = await client.signIn(login, PASSWORD);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

export function secondStep(client: TestClient, ticket: unknown, proof: unknown): Promise<Answer> {
  return post(client, '/api/session/second-factor', { ticket, device: client.device, proof });
}
