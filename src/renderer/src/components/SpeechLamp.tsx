import { useNumbers } from '../bridge/hooks.js';
import { text } from '../view/text.js';

const lampEveryMs = 100;
const speechFrom = 0.5;

/** Lit while the engine hears a voice; not there at all when the engine cannot tell. */
export function SpeechLamp() {
  const probability = useNumbers(lampEveryMs)?.speechProbability ?? null;
  if (probability === null) return null;
  const speaking = probability >= speechFrom;
  return (
    <p className={speaking ? 'lamp lamp-lit' : 'lamp'}>
      <span className="lamp-light" />
      {text(speaking ? 'window.speech' : 'window.speech.none')}
    </p>
  );
}
