/** Signing in at an identity provider, in the window, in the terminal and in errors. */
export const signIn = {};
