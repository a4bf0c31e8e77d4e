import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { canReadOfficial } from '../../access/records-access.ts';
import { canWriteEntry } from '../../access/register-access.ts';
import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import { makeEntry, MAX_OVER, type EntryBody } from '../../ledger/entry.ts';
import { LASTING_PERIOD } from '../../ledger/entry-id.ts';
import { kinds } from '../../ledger/kinds.ts';
import { studentRecordKey, studentRecordValue } from '../../ledger/record-kinds.ts';
import { officialStream, streamKey } from '../../ledger/stream.ts';
import type { OpenStream } from '../exchange/open-stream.ts';
import { pushEntries } from '../exchange/push.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { subjectOf } from '../identity/account.ts';
import { readHoldings } from '../permits/holdings.ts';
import { hasSecondFactor } from '../identity/step-up.ts';
import { jsonAnswer, refusal } from './answers.ts';
import { readJsonBody } from './read-body.ts';
import type { SignedIn } from './request-context.ts';
import type { SignedInRoutes } from './route-table.ts';

const MAX_BODY_BYTES = 65_536;

const schoolCode = z.string().check(z.regex(/^[A-Z0-9]{1,40}$/));
const studentId = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/));
const askedShape = z.object({ school: schoolCode, student: studentId });
const writtenShape = z.strictObject({
  school: schoolCode,
  student: studentId,
  value: studentRecordValue,
  /** The heads that the person saw. */
  painted: z.array(z.string().check(z.maxLength(200))).check(z.maxLength(MAX_OVER)),
});

/** 指導要録 様式1 (importance Ⅰ): one pupil at a time, never kept by whoever asks. */
export const officialRoutes: SignedInRoutes = {
  'GET /api/official': readOfficial,
  'POST /api/official': writeOfficial,
};

type Asked = z.infer<typeof askedShape>;

/** Opens the school's official records for a reader of this pupil's; the answer to anybody else. */
async function openFor(
  parts: GatewayParts,
  request: Request,
  signedIn: SignedIn,
  { school, student }: Asked,
): Promise<{ ok: true; opened: OpenStream } | { ok: false; answer: Response }> {
  const { account, session } = signedIn;
  const stream = officialStream(school, 'official1');
  const denied = async (code: string) => {
    await parts.repeatedEvents.record({ kind: 'denied', by: account.personId, school, code: 'readOfficial' });
    return { ok: false as const, answer: refusal(403, code) };
  };
  // A school that is not there and one that is not this person's are answered alike.
  if (!(await parts.streams.exists(stream))) return denied('denied');
  const opened = await parts.streams.open(stream);
  const { context } = await opened.folds.standing();
  const today = calendarDateAt(parts.now());
  if (!canReadOfficial(subjectOf(account), school, student, context, today).allowed) return denied('denied');
  if (!hasSecondFactor(session)) return denied('secondFactorMissing');
  const { ownership } = await readHoldings(parts, request, signedIn, 'memory');
  const { policy } = await parts.policy.current();
  if (ownership === 'private' && policy.privateDevices === 'refuse') return denied('privateDeviceRefused');
  return { ok: true, opened };
}

async function readOfficial(parts: GatewayParts, request: Request, signedIn: SignedIn): Promise<Response> {
  const asked = askedShape.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!asked.success) return refusal(400, 'badRequest');
  const found = await openFor(parts, request, signedIn, asked.data);
  if (!found.ok) return found.answer;
  const { account, session } = signedIn;
  await parts.audit.record({
    kind: 'readOfficial',
    by: account.personId,
    device: session.device,
    session: session.id,
    school: asked.data.school,
    target: asked.data.student,
  });
  return jsonAnswer(await describe(parts, signedIn, found.opened, asked.data));
}

async function describe(
  parts: GatewayParts,
  signedIn: SignedIn,
  opened: OpenStream,
  { school, student }: Asked,
): Promise<Record<string, unknown>> {
  const fold = await opened.folds.foldOf(LASTING_PERIOD);
  const heads = fold.headsOf(studentRecordKey(student));
  const head = heads[0];
  const author = head && (await parts.accounts.findByPerson(head.entry.by));
  return {
    school,
    student,
    record: head?.value ?? null,
    painted: heads.map(({ entry }) => entry.id),
    writtenByName: author?.name ?? null,
    writtenAt: head?.entry.received?.at ?? head?.entry.madeAt ?? null,
    canWrite: await mayWrite(parts, signedIn, opened, student),
  };
}

async function mayWrite(
  parts: GatewayParts,
  { account, session }: SignedIn,
  opened: OpenStream,
  student: string,
): Promise<boolean> {
  const { context } = await opened.folds.standing();
  const at = parts.now();
  const body = bodyOf(student, null, [], { by: account.personId, device: session.device, at });
  return canWriteEntry(subjectOf(account), opened.stream, body, context, calendarDateAt(at)).allowed;
}

function bodyOf(
  student: string,
  value: EntryBody['cells'][number]['value'],
  painted: readonly string[],
  from: { readonly by: string; readonly device: string; readonly at: number },
): EntryBody {
  return {
    v: kinds.studentRecord.version,
    kind: 'studentRecord',
    salt: randomBytes(16).toString('hex'),
    on: calendarDateAt(from.at),
    madeAt: from.at,
    by: from.by,
    device: from.device,
    cells: [{ key: studentRecordKey(student), value, over: painted }],
  };
}

async function writeOfficial(parts: GatewayParts, request: Request, signedIn: SignedIn): Promise<Response> {
  const body = await readJsonBody(request, MAX_BODY_BYTES);
  if (!body.ok) return body.answer;
  const parsed = writtenShape.safeParse(body.value);
  if (!parsed.success) {
    const fields = [...new Set(parsed.error.issues.map(({ path }) => path.slice(1).join('.')))];
    return refusal(400, 'invalid', { fields });
  }
  const { value, painted, ...asked } = parsed.data;
  const found = await openFor(parts, request, signedIn, asked);
  if (!found.ok) return found.answer;
  const { account, session } = signedIn;
  if (!(await mayWrite(parts, signedIn, found.opened, asked.student))) return refusal(403, 'denied');
  const { stream } = found.opened;
  const from = { by: account.personId, device: session.device, at: parts.now() };
  const entry = makeEntry(stream, bodyOf(asked.student, value, painted, from));
  const author = { subject: subjectOf(account), device: session.device };
  const [verdict] = await pushEntries(parts, author, [{ stream: streamKey(stream), entry }]);
  if (verdict?.verdict === 'accepted') {
    return jsonAnswer(await describe(parts, signedIn, await parts.streams.open(stream), asked));
  }
  const code = verdict?.code ?? 'denied';
  if (code === 'staleOver' || code === 'unknownOver' || code === 'badOver') return refusal(409, 'stale');
  return verdict?.verdict === 'later' ? refusal(503, code) : refusal(403, 'denied');
}
