/** What a line may hold beside its event: ids, codes, counts, durations. Never a name, a mark or a body. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
/** Longer texts are not ids. */
const MAX_FIELD_LENGTH = 200;

/** One JSON object a line. */
export function createLog(write: (line: string) => void, now: () => number, least: LogLevel = 'info'): Log {
  const threshold = LEVELS.indexOf(least);
  const at =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}): void => {
      if (LEVELS.indexOf(level) < threshold) return;
      const line: Record<string, unknown> = { at: new Date(now()).toISOString(), level, event };
      for (const [name, value] of Object.entries(fields)) {
        line[name] = typeof value === 'string' ? value.slice(0, MAX_FIELD_LENGTH) : value;
      }
      write(JSON.stringify(line));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export const silentLog: Log = createLog(
  () => undefined,
  () => 0,
);

/**
 * What may be told of a thrown error: its class, its code and where it was thrown. Its message may quote what a
 * person wrote, so it is left out.
 */
export function describeError(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = (error as { code?: unknown }).code;
  const frame = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  return {
    error: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(frame === undefined ? {} : { thrown: frame.trim() }),
  };
}
