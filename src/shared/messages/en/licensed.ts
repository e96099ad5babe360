/** The licensed engine: its library, its models and its answers, as people read them. */
export const licensed = {};
