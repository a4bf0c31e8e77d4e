import Encoding from 'encoding-japanese';
import type { IssueLog } from './issue-log.ts';

const LINE_FEED = 0x0a;
const SAMPLE_BYTES = 64 * 1024;

/** The text of one file of the package, without byte-order mark; null with the reason in the log. */
export function decodeCsvText(file: string, bytes: Uint8Array, log: IssueLog): string | null {
  if (bytes.length === 0) {
    log.add('emptyFile', { file });
    return null;
  }
  if (isUtf16(bytes)) {
    log.add('encodingUtf16', { file });
    return null;
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    reportEncoding(file, bytes, log);
    return null;
  }
  if (text.startsWith('\ufeff')) {
    log.add('byteOrderMark', { file, line: 1 });
    text = text.slice(1);
  }
  if (text.trim() === '') {
    log.add('emptyFile', { file });
    return null;
  }
  return hasForbiddenCharacter(file, text, log) ? null : text;
}

/** By its mark, or by every second byte being NUL, which is what UTF-16 makes of the ASCII header. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  const head = bytes.subarray(0, 64);
  const even = head.filter((byte, i) => byte === 0 && i % 2 === 0).length;
  const odd = head.filter((byte, i) => byte === 0 && i % 2 === 1).length;
  return head.length >= 8 && Math.max(even, odd) >= head.length * 0.4;
}

/** Damaged UTF-8 also looks like CP932 to a detector; but in a CP932 file hardly one Japanese line is valid UTF-8. */
function reportEncoding(file: string, bytes: Uint8Array, log: IssueLog): void {
  let [firstBadLine, firstBadAt, valid, invalid] = [0, 0, 0, 0];
  for (let line = 1, at = 0; at < bytes.length; line += 1) {
    const feed = bytes.indexOf(LINE_FEED, at);
    const end = feed === -1 ? bytes.length : feed;
    const content = bytes.subarray(at, end);
    if (content.some((byte) => byte >= 0x80)) {
      if (isUtf8(content)) valid += 1;
      else {
        invalid += 1;
        if (invalid === 1) [firstBadLine, firstBadAt] = [line, at];
      }
    }
    at = end + 1;
  }
  const sample = bytes.subarray(firstBadAt, firstBadAt + SAMPLE_BYTES);
  const cp932 = invalid > valid && Encoding.detect(sample, ['SJIS', 'EUCJP']) === 'SJIS';
  log.add(cp932 ? 'encodingCp932' : 'encodingInvalidUtf8', { file, line: firstBadLine });
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function hasForbiddenCharacter(file: string, text: string, log: IssueLog): boolean {
  const found = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/.exec(text);
  if (!found) return false;
  const line = text.slice(0, found.index).split(/\r\n|\n|\r/).length;
  const code =
    found[0] === '\0' ? 'nulCharacter' : found[0] === '\ufffd' ? 'replacementCharacter' : 'controlCharacter';
  log.add(code, { file, line });
  return true;
}
