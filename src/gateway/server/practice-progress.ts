import { startSentences, type TerminalLanguage } from '../messages.ts';
import type { PracticeAccount } from '../practice/practice-accounts.ts';
import { PRACTICE_PASSWORD } from '../practice/practice-accounts.ts';

const stepNames: Readonly<Record<string, Record<TerminalLanguage, string>>> = {
  registers: { ja: '名簿', en: 'Rosters' },
  accounts: { ja: 'アカウント', en: 'Accounts' },
  attendance: { ja: '出欠', en: 'Attendance' },
};

const roleNames: Readonly<Record<string, Record<TerminalLanguage, string>>> = {
  homeroomTeacher: { ja: '学級担任', en: 'Homeroom teacher' },
  assistantHomeroomTeacher: { ja: '副担任', en: 'Assistant teacher' },
  subjectTeacher: { ja: '教科担任', en: 'Subject teacher' },
  schoolNurse: { ja: '養護教諭', en: 'School nurse' },
  officeStaff: { ja: '事務', en: 'Office' },
  vicePrincipal: { ja: '教頭', en: 'Vice principal' },
  principal: { ja: '校長', en: 'Principal' },
  boardSupervisor: { ja: '指導主事', en: 'Board supervisor' },
  boardAdministrator: { ja: '教育委員会', en: 'Board' },
  systemAdministrator: { ja: 'システム管理者', en: 'System administrator' },
};

interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** What a newcomer sees while the practice city is made: one moving line on a terminal, one line a step elsewhere. */
export class PracticeProgress {
  readonly #terminal: Terminal;
  readonly #language: TerminalLanguage;
  #shown = '';

  constructor(terminal: Terminal, language: TerminalLanguage) {
    this.#terminal = terminal;
    this.#language = language;
  }

  readonly report = (step: string, done: number, total: number): void => {
    const name = stepNames[step]?.[this.#language] ?? step;
    if (this.#terminal.isTTY) {
      this.#terminal.write(`\r\u001b[K  ${name} ${done}/${total}`);
      this.#shown = name;
    } else if (done === total) {
      this.#terminal.write(`  ${name} ${done}/${total}\n`);
    }
  };

  end(): void {
    if (this.#shown) this.#terminal.write('\r\u001b[K');
    this.#shown = '';
  }

  printAccounts(accounts: readonly PracticeAccount[]): void {
    this.#terminal.write(`${startSentences.practiceAccounts[this.#language]}\n`);
    for (const { role, login, schoolCode } of accounts) {
      const name = roleNames[role]?.[this.#language] ?? role;
      this.#terminal.write(
        `  ${login}  /  ${PRACTICE_PASSWORD}   ${name}${schoolCode ? ` (${schoolCode})` : ''}\n`,
      );
    }
  }
}
