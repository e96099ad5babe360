/** From here on a peak counts as clipping, in dBFS. */
export const clipDb = -0.1;
