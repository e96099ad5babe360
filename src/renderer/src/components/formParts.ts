import type { EnvironmentDraft } from '../view/environmentForm.js';
import type { TextCode } from '../view/text.js';
import type { FieldLock } from './Field.js';

/** What every part of the form receives. */
export interface FormPartProps {
  draft: EnvironmentDraft;
  edit(part: Partial<EnvironmentDraft>): void;
  /** What to say about a field, once it was left or saving was tried. */
  problemOf(field: string): TextCode | undefined;
  /** Null: it may be changed. */
  lockOf(field: string, value: string): FieldLock | null;
  touch(field: string): void;
}
