/** Installing the licensed engine's library and models, as people read them. */
export const downloads = {};
