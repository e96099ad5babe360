/** `enhancement`: cleans a voice · `vad`: hears whether someone speaks · `analysis`: scores a recording; Limpid has no use for it. */
export type ModelPurpose = 'enhancement' | 'vad' | 'analysis';

/** What a model is for, by the vendor's way of naming: the manifest says it nowhere else. */
export function modelPurpose(id: string): ModelPurpose {
  if (/(^|-)vad(-|$)/.test(id)) return 'vad';
  if (/^tyto(-|$)/.test(id)) return 'analysis';
  return 'enhancement';
}
