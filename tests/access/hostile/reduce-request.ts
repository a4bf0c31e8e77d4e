import type { HostileRequest } from './hostile-request.ts';

/** Most tries at making a failing request smaller. */
const MAX_TRIES = 400;

/** Leaves out of a failing request what it does not need to fail: headers, pieces of its body, its query. */
export async function reduceRequest(
  request: HostileRequest,
  stillFails: (candidate: HostileRequest) => Promise<boolean>,
): Promise<HostileRequest> {
  let smallest = request;
  let tries = 0;
  for (let progress = true; progress;) {
    progress = false;
    for (const candidate of smallerThan(smallest)) {
      if (++tries > MAX_TRIES) return smallest;
      if (!(await stillFails(candidate))) continue;
      smallest = candidate;
      progress = true;
      break;
    }
  }
  return smallest;
}

function* smallerThan(request: HostileRequest): Generator<HostileRequest> {
  const { headers, body, path } = request;
  if (path.includes('?')) yield { ...request, path: path.split('?')[0] ?? path };
  for (const name of Object.keys(headers)) {
    const { [name]: _, ...fewer } = headers;
    yield { ...request, headers: fewer };
  }
  if (body === null) return;
  yield { ...request, body: null };
  if (typeof body !== 'string') {
    if (body.times > 1) yield { ...request, body: { ...body, times: Math.floor(body.times / 2) } };
    return;
  }
  const parsed = parseJson(body);
  if (parsed !== undefined) {
    for (const smaller of smallerValues(parsed)) yield { ...request, body: JSON.stringify(smaller) };
  } else {
    for (let size = Math.floor(body.length / 2); size > 0; size = Math.floor(size / 2)) {
      for (let at = 0; at < body.length; at += size) {
        yield { ...request, body: body.slice(0, at) + body.slice(at + size) };
      }
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value with one member less, or with one member smaller. */
function* smallerValues(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const at of value.keys()) yield value.filter((_, other) => other !== at);
    for (const [at, item] of value.entries()) {
      for (const smaller of smallerValues(item))
        yield value.map((each, other) => (other === at ? smaller : each));
    }
  } else if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value);
    for (const [name] of members) yield Object.fromEntries(members.filter(([other]) => other !== name));
    for (const [name, item] of members) {
      for (const smaller of smallerValues(item)) yield { ...value, [name]: smaller };
    }
  } else if (typeof value === 'string' && value.length > 1) {
    yield value.slice(0, Math.floor(value.length / 2));
  }
}
