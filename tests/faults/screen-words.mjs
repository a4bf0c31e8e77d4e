/**
 * What the screens say, read as a teacher reads it. The words stand here a second time on purpose: the oracle
 * believes what is on the screen, not what the code calls it. Where they change, no run can see anything any more
 * and every one fails.
 */

/** Marks with a key of their own: the key, and the word on the tile. */
export const MARKS = /** @type {const} */ ([
  { code: 'present', word: '出席', key: 'p' },
  { code: 'sick', word: '病欠', key: 'b' },
  { code: 'other', word: '事故欠', key: 'j' },
  { code: 'late', word: '遅刻', key: 'c' },
  { code: 'earlyDeparture', word: '早退', key: 'h' },
  { code: 'suspendedInfection', word: '出席停止(感染症)', key: 't' },
  { code: 'bereavement', word: '忌引', key: 'k' },
]);

const OTHER_WORDS = /** @type {Record<string, string>} */ ({
  lateAndEarly: '遅刻・早退',
  disaster: '非常変災等',
  credited: '出席扱い',
  suspendedMisconduct: '出席停止(性行不良)',
});
const CODES = new Map([
  ...MARKS.map(({ code, word }) => /** @type {const} */ ([word, code])),
  ...Object.entries(OTHER_WORDS).map(([code, word]) => /** @type {const} */ ([word, code])),
]);

export const WORDS = {
  unmarked: '未確認',
  conflict: '食い違い',
  saving: '保存しています',
  failed: '保存できていません',
  savedHere: 'この端末に保存。学校へは送信待ち',
  arrived: '学校に届きました',
  refused: '学校が受け取りませんでした',
  allArrived: 'すべて学校に届きました',
  allPresent: /全員出席$/,
  date: '日付',
  loginField: 'ID',
  passwordField: 'パスワード',
  seeDetails: 'くわしく見る',
  lights: '記録の届き具合',
  sessionEnded: '学校との接続が切れています',
  connectAgain: 'つなぎ直す',
  refusedTitle: '学校が受け取らなかった記録',
};

/** @typedef {'device' | 'school' | 'refused'} Delivery */

/**
 * @typedef {object} TileReading
 * @property {string | null} mark  mark code; null: unmarked
 * @property {boolean} conflict
 * @property {boolean} saving
 * @property {boolean} failed
 * @property {Delivery | null} delivery
 */

/** Reads a tile's label: `5番 姓名（かな） 病欠 学校に届きました`. @param {string} label @returns {TileReading | null} */
export function readTile(label) {
  const [word = '', ...rest] = label
    .slice(label.lastIndexOf('）') + 1)
    .trim()
    .split(' ');
  const code = word === WORDS.unmarked ? null : CODES.get(word);
  if (code === undefined) return null;
  const said = rest.join(' ');
  /** @type {Delivery | null} */
  let delivery = null;
  if (said.includes(WORDS.savedHere)) delivery = 'device';
  else if (said.includes(WORDS.arrived)) delivery = 'school';
  else if (said.includes(WORDS.refused)) delivery = 'refused';
  return {
    mark: code,
    conflict: said.includes(WORDS.conflict),
    saving: said.includes(WORDS.saving),
    failed: said.includes(WORDS.failed),
    delivery,
  };
}

/** The shell's one sentence: `sent` all has arrived, `refused` all has arrived but what the school sent back. @param {string} summary */
export function readShell(summary) {
  const refused = /^受け取られなかった記録 (\d+)件$/.exec(summary);
  if (refused) return { state: /** @type {const} */ ('refused'), count: Number(refused[1]) };
  const waiting = /^送信待ち (\d+)件$/.exec(summary);
  if (waiting) return { state: /** @type {const} */ ('waiting'), count: Number(waiting[1]) };
  if (summary === WORDS.allArrived) return { state: /** @type {const} */ ('sent'), count: 0 };
  return { state: /** @type {const} */ ('unknown'), count: 0 };
}

/** `11月20日(金)` in a school year. @param {string} text @param {number} schoolYear @returns {string | null} yyyy-mm-dd */
export function readDay(text, schoolYear) {
  const match = /(\d{1,2})月(\d{1,2})日/.exec(text);
  if (!match?.[1] || !match[2]) return null;
  const year = Number(match[1]) >= 4 ? schoolYear : schoolYear + 1;
  return `${year}-${match[1].padStart(2, '0')}-${match[2].padStart(2, '0')}`;
}
