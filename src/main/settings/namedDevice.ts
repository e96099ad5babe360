import type { DeviceWish } from './settings.js';

const mark = 'name:';

/** A device as an administrator names it, who does not know the ids on each computer: by id, name, or a part of the name. */
export const deviceNamed = (query: string): DeviceWish => ({ id: `${mark}${query}`, name: query });

/** What `deviceNamed` was made of; null for any other wish. */
export const nameWished = ({ id }: DeviceWish): string | null => (id.startsWith(mark) ? id.slice(mark.length) : null);
