/** What guards the keys of a device's storage, as the device says. `memory`: the device keeps nothing. */
export const protections = ['passkey', 'managedDisk', 'password', 'memory'] as const;
export type Protection = (typeof protections)[number];
