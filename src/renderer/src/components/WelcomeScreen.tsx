import { useEffect, useId, useRef } from 'react';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { useSteps } from '../bridge/useIntroduction.js';
import { linkTo } from '../bridge/useRoute.js';
import { hint, text } from '../view/text.js';
import { Banners } from './Banners.js';
import { CheckIcon } from './icons.js';
import { ScreenHead } from './ScreenHead.js';
import { WelcomeEngine } from './WelcomeEngine.js';
import { WelcomeHear } from './WelcomeHear.js';
import { WelcomeMicrophone } from './WelcomeMicrophone.js';

const steps = [
  { name: 'microphone', Step: WelcomeMicrophone },
  { name: 'hear', Step: WelcomeHear },
  { name: 'engine', Step: WelcomeEngine },
] as const;

/** The first three steps: a microphone that moves, before and after, an engine. */
export function WelcomeScreen({ state }: StateProps) {
  const { command } = useConnection();
  const { step, go, forget } = useSteps(steps.length);
  const headingId = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const { name, Step } = steps[step] ?? steps[0];
  const isLast = step === steps.length - 1;

  const shownStep = useRef(step);
  useEffect(() => {
    if (shownStep.current === step) return;
    shownStep.current = step;
    heading.current?.focus();
  }, [step]);

  const finish = async () => {
    forget();
    if (!state.welcomed) await command('welcome.finish');
    location.hash = linkTo('live');
  };

  return (
    <>
      <ScreenHead title={text('window.welcome')} purpose={hint('window.welcome')} />
      <Banners state={state} />
      <section className="card welcome" aria-labelledby={headingId}>
        <StepList step={step} />
        <div className="welcome-head">
          <h3 className="welcome-heading" id={headingId} tabIndex={-1} ref={heading}>
            <span className="welcome-count">
              {text('window.welcome.step', { step: step + 1, steps: steps.length })}{' '}
            </span>
            {text(`window.welcome.${name}`)}
          </h3>
          <p className="screen-purpose">
            {name === 'microphone' && state.microphonePermission === 'denied'
              ? text('window.welcome.microphone.denied')
              : hint(`window.welcome.${name}`)}
          </p>
        </div>
        <Step state={state} />
        <div className="welcome-actions">
          {step > 0 && (
            <button className="button" type="button" onClick={() => go(step - 1)}>
              {text('window.welcome.back')}
            </button>
          )}
          <button
            className="button button-strong"
            type="button"
            onClick={() => (isLast ? void finish() : go(step + 1))}
          >
            {text(isLast ? 'window.welcome.finish' : 'window.welcome.next')}
          </button>
          {!isLast && (
            <button className="link welcome-skip" type="button" onClick={() => void finish()}>
              {text(state.welcomed ? 'window.welcome.close' : 'window.welcome.skip')}
            </button>
          )}
        </div>
      </section>
    </>
  );
}

/** How far one is: what is done has a tick, the present step is marked. */
function StepList({ step }: { step: number }) {
  return (
    <ol className="welcome-steps" aria-label={text('window.welcome.steps')}>
      {steps.map(({ name }, index) => (
        <li
          key={name}
          className={index <= step ? 'welcome-step welcome-step-reached' : 'welcome-step'}
          aria-current={index === step ? 'step' : undefined}
        >
          <span className="welcome-mark" aria-hidden="true">
            {index < step ? <CheckIcon /> : index + 1}
          </span>
          <span className="welcome-name">{text(`window.welcome.${name}.short`)}</span>
          {index < step && <span className="for-readers">{text('window.welcome.done')}</span>}
        </li>
      ))}
    </ol>
  );
}
