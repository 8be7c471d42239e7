import type { Alert } from '../../../hub/contract/api.ts';
import { useSpeech } from '../i18n/language.tsx';
import { Icon } from '../ui/icons.tsx';
import { useNow } from '../ui/use-now.ts';
import { sayCountdown, toldSteps, untilNextStep } from './step-words.ts';
import './told-line.css';

/** Who was told of an alert and when, and how long until the next stage is told unless somebody answers. */
export function ToldLine({ alert }: { alert: Alert }) {
  const { language, words } = useSpeech();
  const left = untilNextStep(alert, useNow());
  const steps = toldSteps(alert, language, words);
  if (steps.length === 0) return null;
  return (
    <div className="told" data-testid="alert-told">
      <span className="told-label">{words.told.label}</span>
      <ol className="told-steps">
        {steps.map(({ stage, stageName, who }) => (
          <li key={stage}>
            {stageName && <span className="told-stage">{stageName}</span>}
            {who}
          </li>
        ))}
      </ol>
      {left !== undefined && (
        <span className="told-next" data-soon={left < 15_000} role="timer" data-testid="alert-countdown">
          <Icon name="clock" size={18} />
          {left === 0 ? words.told.nextNow : words.told.nextIn(sayCountdown(left))}
        </span>
      )}
    </div>
  );
}
