import { errorOf, type Notice } from '../../shared/errors.js';
import { openPolicy, type Policy } from '../settings/policy.js';
import type { Check } from './check.js';

type PolicyFacts = Pick<Policy, 'path' | 'values' | 'notices'>;

/** Whether the administrator's file can be used as it stands. `read`: the app's own policy, or the file as it is now. */
export const policyCheck = (read: () => PolicyFacts | Promise<PolicyFacts>): Check => ({
  id: 'policy',
  required: false,
  async run(): Promise<Notice> {
    const { path, values, notices } = await read();
    if (notices[0]) throw errorOf(notices[0]);
    return { code: values ? 'check.policy' : 'check.policy-none', params: { path } };
  },
});

export const filePolicyCheck = policyCheck(async () => {
  const policy = await openPolicy();
  policy.close();
  return policy;
});
