/** Messages of this area by code. */
export const demo = {} as const;
