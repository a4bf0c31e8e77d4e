import * as z from 'zod/mini';
import { parseNetworkRange } from './network-range.ts';
import { roles } from './subject.ts';

export const MAX_NETWORK_RANGES = 64;
export const LONGEST_PERMIT_DAYS = 366;
export const LONGEST_LEASE_DAYS = 60;

/** Longer than an IPv6 address with its prefix is written. */
const MAX_RANGE_LENGTH = 60;

export const networkRangeText = z.string().check(
  z.maxLength(MAX_RANGE_LENGTH),
  z.refine((text) => parseNetworkRange(text) !== null),
);

/** What a board has decided of the safety of its schools' data. */
export const securityPolicyShape = z.strictObject({
  /** What counts as in school: addresses from which a school's network reaches the gateway. */
  schoolNetworks: z.array(networkRangeText).check(z.maxLength(MAX_NETWORK_RANGES)),
  /** Whether a device that is registered as a school's counts as in school wherever it is. */
  schoolDeviceIsInSchool: z.boolean(),
  /** 私物端末. `allow`: holds Ⅲ like any other; Ⅱ in memory at most. */
  privateDevices: z.enum(['refuse', 'memoryOnly', 'allow']),
  maxPermitDays: z.int().check(z.minimum(1), z.maximum(LONGEST_PERMIT_DAYS)),
  /** Roles that cannot sign in without a second factor. Importance Ⅱ and Ⅰ ask everybody for one. */
  secondFactorRoles: z.array(z.enum(roles)).check(z.maxLength(roles.length)),
  /** How long a device may work without contact. */
  leaseDays: z.int().check(z.minimum(1), z.maximum(LONGEST_LEASE_DAYS)),
  /** 包括的許可 of Ⅲ, where a school has said nothing itself. */
  blanketPermission: z.boolean(),
});
export type SecurityPolicy = z.infer<typeof securityPolicyShape>;

/** Until a board has decided: the register works as it always did, and Ⅱ leaves no school and enters no unknown device. */
export const firstSecurityPolicy: SecurityPolicy = {
  schoolNetworks: [],
  schoolDeviceIsInSchool: false,
  privateDevices: 'allow',
  maxPermitDays: 30,
  secondFactorRoles: [],
  leaseDays: 14,
  blanketPermission: true,
};

export function parseSecurityPolicy(input: unknown): SecurityPolicy | null {
  const parsed = securityPolicyShape.safeParse(input);
  return parsed.success ? parsed.data : null;
}
