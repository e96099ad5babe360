import { useId, type ReactNode } from 'react';
import { useNumbers, type StateProps } from '../bridge/hooks.js';
import { formatCount, formatDb, formatShare } from '../view/format.js';
import { hint, text, type TextCode } from '../view/text.js';
import { DelayFigure } from './DelayFigure.js';
import { FigureDetails } from './FigureDetails.js';
import { NotMeasured } from './NotMeasured.js';

/** Figures are read, not watched. */
const figuresEveryMs = 500;

/** What the enhancement does and costs, measured live. */
export function Figures({ state }: StateProps) {
  const headingId = useId();
  const numbers = useNumbers(figuresEveryMs);
  // Neither takes anything away.
  const isUnchanged = state.bypass || state.heardEngine === 'bypass';
  const reductionDb = isUnchanged ? null : (numbers?.noiseReductionDb ?? null);
  return (
    <section className="card figures" aria-labelledby={headingId}>
      <h2 className="for-readers" id={headingId}>
        {text('window.figures')}
      </h2>
      <Figure code="window.figures.reduction">
        {reductionDb !== null && text('window.figures.reduction.value', { value: formatDb(reductionDb) })}
      </Figure>
      <Figure
        code="window.figures.load"
        help={numbers ? text('window.figures.load.worst', { p99: formatShare(numbers.load.p99) }) : undefined}
      >
        {numbers && text('window.figures.load.value', { p50: formatShare(numbers.load.p50) })}
      </Figure>
      <Figure code="window.figures.underruns">{numbers && formatCount(numbers.underruns)}</Figure>
      <DelayFigure delay={numbers?.delay ?? null} />
      {numbers && <FigureDetails numbers={numbers} isLicensed={state.engine === 'aic'} />}
    </section>
  );
}

interface FigureProps {
  code: TextCode;
  /** Instead of the standing line of help. */
  help?: string | undefined;
  /** The value, or nothing when it is not measured. */
  children: ReactNode;
}

function Figure({ code, help, children }: FigureProps) {
  return (
    <div className="figure">
      <h3 className="figure-name">{text(code)}</h3>
      <p className="figure-value">{children || <NotMeasured />}</p>
      <p className="help">{help ?? hint(code)}</p>
    </div>
  );
}
