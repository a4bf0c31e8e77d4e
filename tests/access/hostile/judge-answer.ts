import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { FRAMES_CONTENT_TYPE, readFrames } from '../../../src/sync/frames.ts';
import { OF_SCHOOL, type Canaries, type Persona } from './hostile-town.ts';
import type { WitnessedWrite } from './witness-store.ts';

/** Every status that a gateway may answer with; a server's fault is none of them. */
export const STATUSES: ReadonlySet<number> = new Set([
  200, 201, 202, 204, 302, 303, 400, 401, 403, 404, 405, 408, 409, 410, 413, 414, 415, 422, 426, 429, 431,
]);

/** The gateway's own books about who came, which a refused request may still touch. */
const OWN_BOOKS = /^(?:session|tries):/;
/** Books that name people: a refused request may touch those of its own person. */
const BOOKS_OF_A_PERSON = /^device:/;
/** The tray remembers the bare id of a real row that was refused, in the school of who sent it: no body. */
const REFUSED_ID = /"state":"refused","code":"\w+","entry":null/;
const FOREIGN_PERSON = /kanaria-|target-s2/;

/** One whole answer, with what was packed in it unpacked. */
export interface ReadAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Reads an answer to its end; of an endless one, the first piece. */
export async function readAnswer(answer: Response, unpacked: Map<string, string>): Promise<ReadAnswer> {
  const { status, headers } = answer;
  const type = headers.get('content-type') ?? '';
  if (type.startsWith('text/event-stream') && answer.body) {
    const reader = answer.body.getReader();
    const { value } = await reader.read();
    await reader.cancel();
    return { status, headers, text: new TextDecoder().decode(value) };
  }
  if (type !== FRAMES_CONTENT_TYPE || !answer.body) return { status, headers, text: await answer.text() };
  let text = '';
  for await (const frame of readFrames(answer.body as unknown as AsyncIterable<Uint8Array>)) {
    if (frame.type === 'head') text += JSON.stringify(frame.head);
    if (frame.type !== 'block') continue;
    const { meta, bytes } = frame.block;
    const hash = createHash('sha1').update(bytes).digest('base64');
    let block = unpacked.get(hash);
    if (block === undefined) unpacked.set(hash, (block = gunzipSync(bytes).toString('utf8')));
    text += `${JSON.stringify(meta)}${block}`;
  }
  return { status, headers, text };
}

/** What is wrong with an answer to this person; null where nothing is. */
export function findFault(answer: ReadAnswer, persona: Persona, canaries: Canaries): string | null {
  const { status, headers, text } = answer;
  if (!STATUSES.has(status)) return `status ${status}`;
  if (headers.get('cache-control') !== 'no-store') return 'an answer that a cache may keep';
  const location = headers.get('location');
  if (location !== null && !/^\/(?![/\\])/.test(location)) return 'sent to another place';
  if (status >= 400 && status !== 405 && !/^\{"code":"[A-Za-z]{2,40}"[,}]/.test(text))
    return 'a refusal without its code';
  if (text.includes('"code":"internal"')) return 'an incident';
  return findLeak(text + headersText(headers), persona, canaries);
}

function headersText(headers: Headers): string {
  return [...headers].map(([name, value]) => `${name}: ${value}`).join('\n');
}

export function findLeak(text: string, persona: Persona, canaries: Canaries): string | null {
  for (const secret of canaries.secrets) if (text.includes(secret)) return 'a secret in an answer';
  for (const [school, names] of Object.entries(canaries.pupils)) {
    if (!persona.schools.includes(school) && names.some((name) => text.includes(name)))
      return `a pupil of ${school}`;
  }
  for (const [school, names] of Object.entries(canaries.staff)) {
    if (!persona.schools.includes(school) && !persona.board && names.some((name) => text.includes(name)))
      return `somebody of ${school}`;
  }
  const foreign = Object.entries(canaries.hashes).filter(([school]) => !persona.schools.includes(school));
  for (const [hash] of text.matchAll(/[0-9a-f]{32}/g)) {
    for (const [school, hashes] of foreign) if (hashes.has(hash)) return `an entry's hash of ${school}`;
  }
  return null;
}

/** What was changed in the store and may not have been; null where all is right. */
export function findWrongWrite(
  writes: readonly WitnessedWrite[],
  status: number,
  persona: Persona,
): string | null {
  for (const { db, id, text } of writes) {
    const school = OF_SCHOOL.exec(db)?.[1]?.toUpperCase();
    if (school !== undefined && !persona.schools.includes(school)) return `a write to ${db}`;
    if (db.startsWith('audit-') || OWN_BOOKS.test(id)) continue;
    if (BOOKS_OF_A_PERSON.test(id) && persona.cookie !== null && !FOREIGN_PERSON.test(text)) continue;
    const tray = /^tray-(s\d+)$/.exec(db)?.[1]?.toUpperCase();
    if (tray !== undefined && persona.schools.includes(tray) && REFUSED_ID.test(text)) continue;
    if (status >= 400) return `refused with ${status}, and ${db} ${id.split(':')[0]} was written`;
    if (persona.cookie === null) return `a stranger wrote ${db} ${id.split(':')[0]}`;
    if (!persona.board && FOREIGN_PERSON.test(text))
      return `a foreign person's ${id.split(':')[0]} was written`;
  }
  return null;
}
