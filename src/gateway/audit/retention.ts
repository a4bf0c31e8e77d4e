const DAY_MS = 86_400_000;

/** What the ministry's guideline asks for; nothing is removed sooner, whatever is set. */
export const LEAST_RETENTION_DAYS = 365;
export const PRESET_RETENTION_DAYS = 400;

export function retentionMs(days: number): number {
  return Math.max(days, LEAST_RETENTION_DAYS) * DAY_MS;
}

export const LEAST_RETENTION_MS = LEAST_RETENTION_DAYS * DAY_MS;
