/** Keychain, policy file and backend settings, as people read them. */
export const credentials = {};
