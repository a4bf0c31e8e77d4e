import type { TestClient } from '../../src/gateway/testing/test-client.ts';
import type { TestGateway } from '../../src/gateway/testing/test-gateway.ts';

/** Somebody who has just shown a second factor. */
export async function signInStrongly(town: TestGateway, personId: string): Promise<TestClient> {
  const client = town.client(`${personId}-device`);
  const { token } = await town.gateway.parts.sessions.start(personId, client.device, ['password', 'totp']);
  client.cookie = `amenimo=${token}`;
  return client;
}
