import type { Alert } from '../../../hub/contract/api.ts';
import { alertMarks } from '../guard/alert-marks.ts';
import { toldSteps } from '../guard/step-words.ts';
import { useSpeech } from '../i18n/language.tsx';
import { placeName } from '../i18n/place-name.ts';
import { Icon } from '../ui/icons.tsx';

/** What became of an alert on its way: who was told in which order, what else it stands for, why it did not ring. */
export function AlertCourse({ alert }: { alert: Alert }) {
  const { language, words } = useSpeech();
  const { repeats, cameras, storm } = alertMarks(alert);
  const steps = toldSteps(alert, language, words);
  const marks = [
    storm > 0 && words.told.storm(storm),
    repeats > 0 && words.guard.repeats(repeats),
    cameras.length > 0 &&
      words.told.also(cameras.map((camera) => placeName(camera, words)).join(words.listComma)),
  ].filter((mark) => mark !== false);
  if (steps.length === 0 && marks.length === 0 && !alert.quiet) return null;
  return (
    <div className="course">
      {alert.quiet && (
        <span className="course-mark">
          <Icon name="bellOff" size={15} />
          {[words.told.quiet[alert.quiet.why], alert.quiet.reason].filter(Boolean).join(words.dot)}
        </span>
      )}
      {marks.length > 0 && <span className="course-mark">{marks.join(words.dot)}</span>}
      {steps.length > 0 && (
        <ol className="course-told">
          {steps.map(({ stage, stageName, who }, index) => (
            <li key={stage}>
              {index === 0 && <em>{words.told.label} </em>}
              {stageName && <span>{stageName} </span>}
              {who}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
