/** Messages of this area by code. */
export const window = {} as const;
