/** 佐藤 花子: family and given name as they are written on every list. */
export function pupilName(pupil: { readonly familyName: string; readonly givenName: string }): string {
  return `${pupil.familyName} ${pupil.givenName}`;
}
