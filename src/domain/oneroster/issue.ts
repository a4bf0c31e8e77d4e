export type IssueSeverity = 'error' | 'warning';

/**
 * Everything the reader can find, by code. An error refuses the whole package; a warning names something odd through
 * which nothing is lost. A code never changes its severity, and is never used for two different things.
 */
export const issueSeverities = {
  // The zip
  notAZip: 'error',
  zipTruncated: 'error',
  zipCorrupt: 'error',
  zipCrcMismatch: 'error',
  zipEncrypted: 'error',
  zipUnsupported: 'error',
  zipTooManyEntries: 'error',
  zipTooLarge: 'error',
  unsafeEntryName: 'error',
  nestedFolder: 'error',
  duplicateEntry: 'error',
  topLevelFolder: 'warning',
  unknownFileIgnored: 'warning',
  // The manifest and the files it speaks of
  missingRequiredFile: 'error',
  declaredFileMissing: 'error',
  undeclaredFilePresent: 'error',
  deltaNotSupported: 'error',
  invalidManifestValue: 'error',
  duplicateManifestProperty: 'error',
  unknownManifestProperty: 'warning',
  unknownOneRosterVersion: 'error',
  olderProfileVersion: 'warning',
  optionalFileIgnored: 'warning',
  // Bytes and text
  emptyFile: 'error',
  byteOrderMark: 'warning',
  encodingUtf16: 'error',
  encodingCp932: 'error',
  encodingInvalidUtf8: 'error',
  nulCharacter: 'error',
  controlCharacter: 'error',
  replacementCharacter: 'error',
  // CSV
  wrongDelimiter: 'error',
  unterminatedQuote: 'error',
  textBesideQuotes: 'error',
  unquotedValue: 'warning',
  lineEndNotCrlf: 'warning',
  blankLine: 'warning',
  // Header and rows
  missingHeader: 'error',
  missingColumn: 'error',
  missingUnreadColumn: 'warning',
  unknownColumn: 'warning',
  duplicateColumn: 'error',
  columnOrder: 'warning',
  headerRepeated: 'error',
  tooFewColumns: 'error',
  tooManyColumns: 'error',
  noRows: 'warning',
  // Values
  missingValue: 'error',
  invalidSourcedId: 'error',
  notUuid: 'warning',
  duplicateSourcedId: 'error',
  unknownReference: 'error',
  invalidDate: 'error',
  endBeforeBegin: 'error',
  dateOutsideSchoolYear: 'error',
  roleDateOutsideSchoolYear: 'warning',
  invalidBoolean: 'error',
  booleanCapitalised: 'warning',
  invalidEnum: 'error',
  invalidGradeLevel: 'error',
  unsupportedGradeLevel: 'error',
  subjectListsDiffer: 'error',
  toBeDeletedSkipped: 'warning',
  statusInBulkFile: 'warning',
  // School year and organisations
  missingSchoolYear: 'error',
  severalSchoolYears: 'error',
  schoolYearDatesMismatch: 'error',
  schoolYearTitleMismatch: 'warning',
  sessionTypeIgnored: 'warning',
  missingBoard: 'error',
  severalBoards: 'error',
  missingSchool: 'error',
  boardHasParent: 'warning',
  boardCodeFormat: 'warning',
  schoolCodeFormat: 'warning',
  schoolCodeCheckDigit: 'warning',
  duplicateSchoolCode: 'error',
  orgNotASchool: 'error',
  // Names
  surroundingSpace: 'warning',
  halfWidthKana: 'warning',
  hiraganaInKana: 'warning',
  decomposedKana: 'warning',
  kanaNotKatakana: 'warning',
  kanaMissing: 'warning',
  preferredKanaMissing: 'warning',
  beyondJisX0213: 'warning',
  privateUseCharacter: 'warning',
  // People
  masterIdentifierMissing: 'warning',
  duplicateMasterIdentifier: 'error',
  duplicateUsername: 'error',
  userDisabled: 'warning',
  passwordIgnored: 'warning',
  guardianIgnored: 'warning',
  userWithoutRole: 'error',
  noPrimaryRole: 'error',
  overlappingPrimaryRoles: 'error',
  studentAndStaff: 'error',
  studentGradeLevel: 'error',
  primaryOrgDiffers: 'warning',
  homeClassIsTitle: 'warning',
  homeClassDiffers: 'warning',
  // Enrolments
  enrollmentSchoolDiffers: 'error',
  enrollmentRoleDiffers: 'error',
  primaryMissing: 'warning',
  studentPrimary: 'warning',
  invalidRosterNumber: 'error',
  duplicateRosterNumber: 'warning',
  overlappingHomerooms: 'error',
  studentWithoutHomeroom: 'warning',
  homeroomOfOtherSchool: 'warning',
  gradeLevelDiffers: 'warning',
} as const satisfies Record<string, IssueSeverity>;

export type OneRosterIssueCode = keyof typeof issueSeverities;

/** Something found in a package. It never holds a person's name; the sentences are in `issue-messages.ts`. */
export interface OneRosterIssue {
  readonly code: OneRosterIssueCode;
  readonly severity: IssueSeverity;
  /** File of the package; null where the package as a whole is meant. */
  readonly file: string | null;
  /** Line as an editor counts it, the header being line 1; null where no line is meant. */
  readonly line: number | null;
  /** The column's header; null where no column is meant. */
  readonly column: string | null;
  /** The offending token, where it is short printable ASCII and therefore neither a Japanese name nor an address. */
  readonly value?: string;
  readonly params: Readonly<Record<string, string | number>>;
}
