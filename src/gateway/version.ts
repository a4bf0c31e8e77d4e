import manifest from '../../package.json' with { type: 'json' };

/** The version of this program, as `/healthz` and the session answer name it. */
export const APP_VERSION: string = manifest.version;
