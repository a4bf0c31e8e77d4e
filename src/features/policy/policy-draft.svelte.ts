import { parseNetworkRange } from '#access/network-range.ts';
import { LONGEST_LEASE_DAYS, LONGEST_PERMIT_DAYS, type SecurityPolicy } from '#access/security-policy.ts';
import type { Role } from '#access/subject.ts';
import { policyMessages as m } from '#features/policy/messages.ts';

export type PolicyField = 'networks' | 'maxPermitDays' | 'leaseDays';

/** The policy as a person edits it; what is wrong stands beside its field as it is typed. */
export class PolicyDraft {
  networks = $state('');
  deviceInSchool = $state(false);
  privateDevices = $state<SecurityPolicy['privateDevices']>('allow');
  maxPermitDays = $state('');
  leaseDays = $state('');
  blanket = $state(true);
  secondFactorRoles = $state<Role[]>([]);

  constructor(policy: SecurityPolicy) {
    this.networks = policy.schoolNetworks.join('\n');
    this.deviceInSchool = policy.schoolDeviceIsInSchool;
    this.privateDevices = policy.privateDevices;
    this.maxPermitDays = String(policy.maxPermitDays);
    this.leaseDays = String(policy.leaseDays);
    this.blanket = policy.blanketPermission;
    this.secondFactorRoles = [...policy.secondFactorRoles];
  }

  #ranges(): string[] {
    return this.networks
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  }

  errorOf(field: PolicyField): string | undefined {
    switch (field) {
      case 'networks': {
        const lines = this.networks.split('\n');
        const wrong = lines.findIndex((line) => line.trim() !== '' && !parseNetworkRange(line));
        return wrong < 0 ? undefined : m.badRange(wrong + 1);
      }
      case 'maxPermitDays':
        return isDays(this.maxPermitDays, LONGEST_PERMIT_DAYS)
          ? undefined
          : m.badNumber(1, LONGEST_PERMIT_DAYS);
      case 'leaseDays':
        return isDays(this.leaseDays, LONGEST_LEASE_DAYS) ? undefined : m.badNumber(1, LONGEST_LEASE_DAYS);
    }
  }

  /** null while a field is wrong. */
  toPolicy(): SecurityPolicy | null {
    const fields: readonly PolicyField[] = ['networks', 'maxPermitDays', 'leaseDays'];
    if (fields.some((field) => this.errorOf(field) !== undefined)) return null;
    return {
      schoolNetworks: this.#ranges(),
      schoolDeviceIsInSchool: this.deviceInSchool,
      privateDevices: this.privateDevices,
      maxPermitDays: Number(this.maxPermitDays),
      secondFactorRoles: [...this.secondFactorRoles],
      leaseDays: Number(this.leaseDays),
      blanketPermission: this.blanket,
    };
  }

  toggleRole(role: Role, chosen: boolean): void {
    this.secondFactorRoles = chosen
      ? [...this.secondFactorRoles, role]
      : this.secondFactorRoles.filter((each) => each !== role);
  }
}

function isDays(text: string, longest: number): boolean {
  const days = Number(text);
  return /^\d{1,3}$/.test(text) && days >= 1 && days <= longest;
}
