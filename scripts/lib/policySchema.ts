import { z } from 'zod';
import { policySchema } from '../../src/main/settings/policySchema.js';

/** The JSON schema of the administrator's policy file. A key that nobody knows is marked by editors; Limpid only warns of it. */
export function makePolicySchema(): object {
  const schema = z.toJSONSchema(policySchema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema.type === 'object' && jsonSchema.properties) jsonSchema.additionalProperties = false;
    },
  });
  return {
    title: 'Policy of Limpid',
    description:
      'What an administrator fixes: /etc/limpid/policy.json, %ProgramData%\\Limpid\\policy.json or /Library/Application Support/Limpid/policy.json. What is here is fixed, what is absent is the user’s.',
    ...schema,
  };
}
