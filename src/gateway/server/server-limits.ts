/** What one connection may cost before anybody is known. Times are milliseconds. */
export interface ServerLimits {
  /** For a request's line and headers: a sender that drips them is cut off. */
  readonly headersMs: number;
  /** For a whole request with its body. */
  readonly requestMs: number;
  /** How often the two above are looked at. */
  readonly checkMs: number;
  /** How long an idle connection stays for the next request. */
  readonly keepAliveMs: number;
  readonly maxHeaderBytes: number;
  readonly maxHeaders: number;
  /** Longer addresses are answered 414: none of ours is. */
  readonly maxUrlLength: number;
}

export const serverLimits: ServerLimits = {
  headersMs: 20_000,
  // Four megabytes, the largest push, through the line of a school that has 300 kbit/s left.
  requestMs: 120_000,
  checkMs: 5_000,
  keepAliveMs: 65_000,
  maxHeaderBytes: 16_384,
  maxHeaders: 100,
  maxUrlLength: 8_192,
};
