import { z } from 'zod';
import { providerContracts } from '../providers/contracts.js';
import type { ProviderId } from '../providers/provider.js';

/** A lifetime that can be limited for a caller, and the range that the vendor takes (seconds). */
export interface CeilingRange {
  name: string;
  min: number;
  max: number;
}

/** The lifetimes of a provider that can be limited; none where the vendor alone sets them. */
export function ceilingRanges(id: ProviderId): CeilingRange[] {
  const { request, ceilings } = providerContracts[id];
  const { properties = {} } = z.toJSONSchema(request) as {
    properties?: Record<string, { minimum: number; maximum: number }>;
  };
  return ceilings.map((name) => ({ name, min: properties[name]!.minimum, max: properties[name]!.maximum }));
}

/** Says which ceilings there are, as a sentence without its full stop. */
export function describeCeilings(id: ProviderId): string {
  const ranges = ceilingRanges(id).map(({ name, min, max }) => `${name} (${min} to ${max})`);
  return ranges.length === 0
    ? `${id} has none, as its lifetimes are the vendor’s`
    : `${id} has ${ranges.join(' and ')}`;
}
