/** Messages of this area by code. */
export const hosts = {} as const;
