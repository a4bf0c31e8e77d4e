import { firstSecurityPolicy, type SecurityPolicy } from '../../access/security-policy.ts';
import type { Factor } from '../identity/sessions.ts';
import { TestClient } from './test-client.ts';
import type { TestGateway } from './test-gateway.ts';

/** From the small town's school network, and from somebody's home. */
export const SCHOOL_ADDRESS = '192.0.2.7';
export const HOME_ADDRESS = '203.0.113.9';

/** Makes 192.0.2.0/24 the schools' network. */
export async function openSchoolNetwork(
  town: TestGateway,
  changes: Partial<SecurityPolicy> = {},
): Promise<void> {
  const { policy } = town.gateway.parts;
  const { version } = await policy.current();
  const next = { ...firstSecurityPolicy, schoolNetworks: ['192.0.2.0/24'], ...changes };
  const set = await policy.set(next, version, 'board');
  if (!set.ok) throw new Error('the policy was changed meanwhile');
}

/** Somebody signed in at a place, with the factors named; the same device when the same name is given. */
export async function signInAt(
  town: TestGateway,
  personId: string,
  address: string,
  {
    factors = ['password', 'totp'],
    device = `${personId}-device`,
  }: { factors?: readonly Factor[]; device?: string } = {},
): Promise<TestClient> {
  const client = new TestClient(
    (request) => town.gateway.handle(request, { address, secure: false }),
    device,
  );
  const { token } = await town.gateway.parts.sessions.start(personId, device, factors);
  client.cookie = `amenimo=${token}`;
  return client;
}
