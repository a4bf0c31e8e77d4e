import * as z from 'zod/mini';
import { canSetPolicy } from '../../access/permit-access.ts';
import { securityPolicyShape } from '../../access/security-policy.ts';
import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { subjectOf } from '../identity/account.ts';
import { needsStepUp } from '../identity/step-up.ts';
import type { PolicyVersion } from '../policy/stored-policy.ts';
import { jsonAnswer, refusal } from './answers.ts';
import { readJsonBody } from './read-body.ts';
import type { SignedIn } from './request-context.ts';
import type { SignedInRoutes } from './route-table.ts';

const MAX_BODY_BYTES = 16_384;

const changeShape = z.strictObject({
  /** The version that the change was made from. */
  replaces: z.int().check(z.minimum(0)),
  policy: securityPolicyShape,
});

/** The board's security policy. */
export const policyRoutes: SignedInRoutes = {
  'GET /api/policy': readPolicy,
  'POST /api/policy': setPolicy,
};

async function readPolicy(
  parts: GatewayParts,
  _request: Request,
  { account, context }: SignedIn,
): Promise<Response> {
  if (!canSetPolicy(subjectOf(account), calendarDateAt(parts.now())).allowed) return refusal(403, 'denied');
  const current = await describe(parts, await parts.policy.current());
  const history = await Promise.all((await parts.policy.history()).map((each) => describe(parts, each)));
  return jsonAnswer({ current, history, address: context.address });
}

async function setPolicy(
  parts: GatewayParts,
  request: Request,
  { account, session }: SignedIn,
): Promise<Response> {
  if (!canSetPolicy(subjectOf(account), calendarDateAt(parts.now())).allowed) return refusal(403, 'denied');
  const body = await readJsonBody(request, MAX_BODY_BYTES);
  if (!body.ok) return body.answer;
  const parsed = changeShape.safeParse(body.value);
  if (!parsed.success) {
    const fields = [...new Set(parsed.error.issues.map(({ path }) => path.slice(0, 3).join('.')))];
    return refusal(400, 'invalid', { fields });
  }
  if (needsStepUp(session, parts.now())) return refusal(403, 'stepUpRequired');
  const { policy, replaces } = parsed.data;
  const set = await parts.policy.set(policy, replaces, account.personId);
  if (!set.ok) return refusal(409, 'stale');
  await parts.audit.record({
    kind: 'policyChanged',
    by: account.personId,
    session: session.id,
    target: 'security',
    count: set.current.version,
  });
  return jsonAnswer({ current: await describe(parts, set.current) });
}

async function describe(
  { accounts }: GatewayParts,
  version: PolicyVersion,
): Promise<PolicyVersion & { byName: string | null }> {
  const account = version.by === null ? null : await accounts.findByPerson(version.by);
  return { ...version, byName: account?.name ?? null };
}
