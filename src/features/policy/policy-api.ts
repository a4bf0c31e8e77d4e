import * as z from 'zod/mini';
import { securityPolicyShape, type SecurityPolicy } from '#access/security-policy.ts';
import { askGateway } from '#device/online-api.ts';
import { withStepUp } from '#features/session/step-up.svelte.ts';

const versionShape = z.object({
  version: z.number(),
  policy: securityPolicyShape,
  byName: z.nullable(z.string()),
  at: z.nullable(z.number()),
});
const readShape = z.object({
  current: versionShape,
  history: z.array(versionShape),
  /** From where the gateway sees this browser. */
  address: z.string(),
});
const setShape = z.object({ current: versionShape });

export type PolicyAnswer = z.infer<typeof readShape>;
export type PolicyVersionView = z.infer<typeof versionShape>;

function reader<T>(shape: z.ZodMiniType<T>): (answer: unknown) => T | null {
  return (answer) => {
    const parsed = shape.safeParse(answer);
    return parsed.success ? parsed.data : null;
  };
}

export const policyApi = {
  read: () => askGateway('GET', '/api/policy', undefined, reader(readShape)),
  set: (policy: SecurityPolicy, replaces: number) =>
    withStepUp(() => askGateway('POST', '/api/policy', { policy, replaces }, reader(setShape))),
};
