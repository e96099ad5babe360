/** What programs that we start get of our environment: all but the credential, which is nobody else's business. */
export const childEnvironment = (): NodeJS.ProcessEnv => ({ ...process.env, LIMPID_BACKEND_CREDENTIAL: undefined });
