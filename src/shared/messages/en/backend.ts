/** The backend that hands out tokens, and the keeping of tokens, as people read them. */
export const backend = {};
