import type { PolicyChange } from '../../../hub/contract/api.ts';
import { useSpeech } from '../i18n/language.tsx';
import { formatDayTime } from '../i18n/times.ts';
import { type Rule, type RuleDifference, ruleDifferences } from './policy-rules.ts';
import { provinceName } from './provinces.ts';

const ruleFields: readonly (keyof Rule)[] = ['enabled', 'provinces', 'reason', 'owner', 'startsAt', 'endsAt'];

/** What differs in one rule, field by field: what was, struck out, and what is. */
export function RuleChange({ difference }: { difference: RuleDifference }) {
  const { language, words } = useSpeech();
  const { before, after } = difference;
  const labels: Record<keyof Rule, string> = {
    enabled: words.policy.enabled,
    reason: words.policy.reason,
    owner: words.policy.owner,
    startsAt: words.log.from,
    endsAt: words.log.to,
    provinces: words.policy.provinces,
  };
  const say = (rule: Rule, field: keyof Rule): string => {
    const value = rule[field];
    if (value === undefined || value === '') return '–';
    if (field === 'enabled') return value ? words.policy.state.running : words.policy.state.off;
    if (field === 'startsAt' || field === 'endsAt') return formatDayTime(String(value), language);
    if (!Array.isArray(value)) return String(value);
    return value.map((each) => provinceName(each, language)).join(words.listComma);
  };
  const fields = after ? difference.fields : ruleFields.filter((field) => before?.[field] !== undefined);
  return (
    <dl>
      {fields.map((field) => (
        <div key={field}>
          <dt>{labels[field]}</dt>
          <dd>
            {before && <s>{say(before, field)}</s>} {after && say(after, field)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What differs between two versions of a policy, rule by rule. */
export function PolicyChanges({ changes }: { changes: readonly PolicyChange[] }) {
  return (
    <div className="rule-changes">
      {changes.map((change) => (
        <OneChange key={change.field} change={change} />
      ))}
    </div>
  );
}

function OneChange({ change: { field, before, after } }: { change: PolicyChange }) {
  const { language, words } = useSpeech();
  if (field === 'homeProvince' || field === 'strangerRetentionDays') {
    const say = (value: unknown) =>
      field === 'homeProvince'
        ? provinceName(String(value), language)
        : words.policy.retentionDays(Number(value));
    return (
      <section>
        <h3>{field === 'homeProvince' ? words.policy.home : words.policy.retention}</h3>
        <p>
          {before !== undefined && <s>{say(before)}</s>} {after !== undefined && say(after)}
        </p>
      </section>
    );
  }
  return ruleDifferences(before, after).map((difference) => (
    <section key={`${difference.before?.reason}/${difference.after?.reason}`}>
      <h3>
        {words.policy.rules[field]}
        {!difference.before && <span className="chip">{words.fourEyes.added}</span>}
        {!difference.after && <span className="chip">{words.fourEyes.removed}</span>}
      </h3>
      <RuleChange difference={difference} />
    </section>
  ));
}
