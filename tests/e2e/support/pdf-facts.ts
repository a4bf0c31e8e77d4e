import { inflateSync } from 'node:zlib';

export interface PdfFacts {
  readonly pageCount: number;
  /** Width and height of the first page in millimetres. */
  readonly widthMm: number;
  readonly heightMm: number;
  /** Every character that the file can give back as text. */
  readonly characters: ReadonlySet<string>;
}

const MM_PER_POINT = 25.4 / 72;

/** What a printer would be told; read from the file itself, so no tool is needed. */
export function readPdf(pdf: Buffer): PdfFacts {
  const text = pdf.toString('latin1');
  const box = /\/MediaBox\s*\[\s*([\d.-]+)\s+([\d.-]+)\s+([\d.-]+)\s+([\d.-]+)\s*\]/.exec(text);
  if (!box) throw new Error('no page box in the PDF');
  const [left = 0, bottom = 0, right = 0, top = 0] = box.slice(1).map(Number);
  return {
    pageCount: text.match(/\/Type\s*\/Page(?![a-zA-Z])/g)?.length ?? 0,
    widthMm: (right - left) * MM_PER_POINT,
    heightMm: (top - bottom) * MM_PER_POINT,
    characters: new Set(toUnicodeMaps(pdf, text).flatMap(charactersOfMap)),
  };
}

function toUnicodeMaps(pdf: Buffer, text: string): string[] {
  const maps: string[] = [];
  for (const match of text.matchAll(/stream\r?\n/g)) {
    const start = match.index + match[0].length;
    const end = text.indexOf('endstream', start);
    if (text.slice(match.index - 3, match.index) === 'end' || end < 0) continue;
    const bytes = pdf.subarray(start, end);
    const plain = bytes[0] === 0x78 ? inflated(bytes) : bytes.toString('latin1');
    if (plain?.includes('begincmap')) maps.push(plain);
  }
  return maps;
}

function inflated(bytes: Buffer): string | null {
  try {
    return inflateSync(bytes).toString('latin1');
  } catch {
    return null;
  }
}

/** The targets of `bfchar` and `bfrange`: UTF-16BE in hexadecimal. */
function charactersOfMap(map: string): string[] {
  const characters: string[] = [];
  for (const [, body = ''] of map.matchAll(/beginbfchar([\s\S]*?)endbfchar/g)) {
    for (const [, target = ''] of body.matchAll(/<[0-9a-fA-F]+>\s*<([0-9a-fA-F]+)>/g))
      characters.push(...utf16(target));
  }
  for (const [, body = ''] of map.matchAll(/beginbfrange([\s\S]*?)endbfrange/g)) {
    for (const [, from = '', to = '', target = ''] of body.matchAll(
      /<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>/g,
    )) {
      const first = [...utf16(target)][0]?.codePointAt(0) ?? 0;
      const count = Number.parseInt(to, 16) - Number.parseInt(from, 16) + 1;
      for (let at = 0; at < count; at += 1) characters.push(String.fromCodePoint(first + at));
    }
  }
  return characters;
}

/** Radicals of the supplement, which Unicode's compatibility forms do not lead to a 漢字. */
const SUPPLEMENT = new Map(
  [
    '⺒巳',
    '⺟母',
    '⺠民',
    '⻁虎',
    '⻄西',
    '⻑長',
    '⻘青',
    '⻝食',
    '⻤鬼',
    '⻨麦',
    '⻩黄',
    '⻫斉',
    '⻭歯',
    '⻯竜',
    '⻲亀',
  ].map((pair) => [...pair] as [string, string]),
);

/** A glyph that is a 部首 and a 漢字 at once is named by the radical's code (⼭ for 山): the same drawing. */
function utf16(hex: string): string {
  const text = Buffer.from(hex, 'hex').swap16().toString('utf16le');
  return text.replace(/[\u2e80-\u2fdf]/g, (radical) => SUPPLEMENT.get(radical) ?? radical.normalize('NFKC'));
}
