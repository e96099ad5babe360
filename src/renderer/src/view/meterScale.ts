/** The lowest level a meter shows, in dBFS. */
export const meterFloorDb = -60;

/** From here down there is no sound at all, in dBFS: below the noise of any converter. */
export const silenceDb = -110;

const peakHoldMs = 1500;
const peakFallDbPerSecond = 20;

/** Where a level stands on the meter: 0 at the floor and below, 1 at 0 dBFS and above. */
export function meterFraction(db: number): number {
  if (!Number.isFinite(db)) return 0;
  return Math.min(1, Math.max(0, 1 - db / meterFloorDb));
}

/** What a meter remembers between two measurements. Times are in ms of one steady clock. */
export interface MeterMemory {
  heldPeakDb: number;
  heldSinceMs: number;
  updatedMs: number;
}

export const emptyMeter: MeterMemory = {
  heldPeakDb: meterFloorDb,
  heldSinceMs: 0,
  updatedMs: 0,
};

/** Peak hold: a new maximum stays for 1.5 s, then falls by 20 dB a second, never below the current peak. */
export function advanceMeter(memory: MeterMemory, peakDb: number, nowMs: number): MeterMemory {
  if (peakDb >= memory.heldPeakDb) return { heldPeakDb: peakDb, heldSinceMs: nowMs, updatedMs: nowMs };
  const fallingMs = nowMs - Math.max(memory.updatedMs, memory.heldSinceMs + peakHoldMs);
  const fallen = memory.heldPeakDb - (Math.max(0, fallingMs) / 1000) * peakFallDbPerSecond;
  return { ...memory, heldPeakDb: Math.max(fallen, peakDb, meterFloorDb), updatedMs: nowMs };
}
