/** The files that are read; all are required by the profile. */
export type ReadFileName =
  | 'manifest.csv'
  | 'academicSessions.csv'
  | 'orgs.csv'
  | 'courses.csv'
  | 'classes.csv'
  | 'users.csv'
  | 'roles.csv'
  | 'enrollments.csv';

export interface FileColumns {
  /** All columns, in the order of the Japan K-12/Schools profile 1.0. */
  readonly all: readonly string[];
  /** Those without which something would be lost. */
  readonly needed: readonly string[];
  /** Names that older profiles gave a column, and columns they had besides. */
  readonly aliases?: Readonly<Record<string, string>>;
  readonly older?: readonly string[];
}

const row = 'sourcedId status dateLastModified';
const words = (text: string): string[] => text.split(' ');

export const columnsOfFile: Readonly<Record<ReadFileName, FileColumns>> = {
  'manifest.csv': { all: words('propertyName value'), needed: words('propertyName value') },
  'academicSessions.csv': {
    all: words(`${row} title type startDate endDate parentSourcedId schoolYear`),
    needed: words('sourcedId title type startDate endDate schoolYear'),
  },
  'orgs.csv': {
    all: words(`${row} name type identifier parentSourcedId`),
    needed: words('sourcedId name type identifier parentSourcedId'),
  },
  'courses.csv': {
    all: words(`${row} schoolYearSourcedId title courseCode grades orgSourcedId subjects subjectCodes`),
    needed: words('sourcedId title orgSourcedId subjects subjectCodes'),
  },
  'classes.csv': {
    all: words(
      `${row} title grades courseSourcedId classCode classType location schoolSourcedId termSourcedIds subjects ` +
        'subjectCodes periods metadata.jp.specialNeeds',
    ),
    needed: words(
      'sourcedId title grades courseSourcedId classType schoolSourcedId subjects subjectCodes metadata.jp.specialNeeds',
    ),
  },
  'users.csv': {
    all: words(
      `${row} enabledUser username userIds givenName familyName middleName identifier email sms phone ` +
        'agentSourcedIds grades password userMasterIdentifier preferredGivenName preferredMiddleName ' +
        'preferredFamilyName primaryOrgSourcedId pronouns metadata.jp.kanaGivenName metadata.jp.kanaFamilyName ' +
        'metadata.jp.kanaMiddleName metadata.jp.homeClass metadata.jp.kanaPreferredFamilyName ' +
        'metadata.jp.kanaPreferredGivenName metadata.jp.kanaPreferredMiddleName',
    ),
    needed: words(
      'sourcedId enabledUser username givenName familyName grades userMasterIdentifier preferredGivenName ' +
        'preferredFamilyName metadata.jp.kanaGivenName metadata.jp.kanaFamilyName',
    ),
    older: words('resourceSourcedIds'),
  },
  'roles.csv': {
    all: words(`${row} userSourcedId roleType role beginDate endDate orgSourcedId userProfileSourcedId`),
    needed: words('sourcedId userSourcedId roleType role beginDate endDate orgSourcedId'),
  },
  'enrollments.csv': {
    all: words(
      `${row} classSourcedId schoolSourcedId userSourcedId role primary beginDate endDate metadata.jp.shussekiNo ` +
        'metadata.jp.publicFlg',
    ),
    needed: words(
      'sourcedId classSourcedId schoolSourcedId userSourcedId role primary beginDate endDate metadata.jp.shussekiNo',
    ),
    aliases: {
      'metadata.jp.ShussekiNo': 'metadata.jp.shussekiNo',
      'metadata.jp.PublicFlg': 'metadata.jp.publicFlg',
    },
  },
};
