import { withoutSecrets } from './secretVariables.js';

/** What programs that we start get of our environment: all but its secrets, which are nobody else's business. */
export const childEnvironment = (): NodeJS.ProcessEnv => withoutSecrets(process.env);
