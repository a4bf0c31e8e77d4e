import { gradeLevels, type GradeLevel } from '#domain/roster/roster.ts';
import { studentRecordValue, type StudentRecordValue } from '#ledger/record-kinds.ts';

/** The fields of the form, each a text. */
export const recordFields = [
  'officialFamilyName',
  'officialGivenName',
  'kanaFamilyName',
  'kanaGivenName',
  'birthDate',
  'addressField',
  'guardianName',
  'guardianKana',
  'guardianAddress',
  'admissionOn',
  'admissionFrom',
] as const;
export type RecordField = (typeof recordFields)[number];

/** Where a field of the record is called another way than in the form. */
const fieldOfPath: Readonly<Record<string, RecordField>> = {
  address: 'addressField',
  'guardian.name': 'guardianName',
  'guardian.kana': 'guardianKana',
  'guardian.address': 'guardianAddress',
  'admission.on': 'admissionOn',
  'admission.from': 'admissionFrom',
};

/** 学籍の記録 as somebody edits it. */
export class RecordDraft {
  texts = $state<Record<RecordField, string>>(emptyTexts());
  admissionType = $state<StudentRecordValue['admission']['type']>('admission');
  gradeLevel = $state<GradeLevel>(gradeLevels[0]);
  wrong = $state.raw<readonly RecordField[]>([]);
  tried = $state(0);

  constructor(record: StudentRecordValue | null) {
    if (!record) return;
    const { guardian, admission, address, ...names } = record;
    this.texts = {
      ...names,
      addressField: address,
      guardianName: guardian.name,
      guardianKana: guardian.kana,
      guardianAddress: guardian.address ?? '',
      admissionOn: admission.on,
      admissionFrom: admission.from,
    };
    this.admissionType = admission.type;
    this.gradeLevel = admission.gradeLevel;
  }

  /** null while something is wrong; `wrong` says what. */
  toRecord(): StudentRecordValue | null {
    this.tried += 1;
    const text = (field: RecordField) => this.texts[field].trim();
    const parsed = studentRecordValue.safeParse({
      officialFamilyName: text('officialFamilyName'),
      officialGivenName: text('officialGivenName'),
      kanaFamilyName: text('kanaFamilyName'),
      kanaGivenName: text('kanaGivenName'),
      birthDate: text('birthDate'),
      address: text('addressField'),
      guardian: {
        name: text('guardianName'),
        kana: text('guardianKana'),
        address: text('guardianAddress') === '' ? null : text('guardianAddress'),
      },
      admission: {
        type: this.admissionType,
        on: text('admissionOn'),
        gradeLevel: this.gradeLevel,
        from: text('admissionFrom'),
      },
    });
    const paths = parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'));
    const fields = paths.map((path) => fieldOfPath[path] ?? (path as RecordField));
    this.wrong = recordFields.filter((field) => fields.includes(field));
    return parsed.success ? parsed.data : null;
  }
}

function emptyTexts(): Record<RecordField, string> {
  return Object.fromEntries(recordFields.map((field) => [field, ''])) as Record<RecordField, string>;
}
