import { Form, Input, InputNumber } from 'antd';
import type { Policy } from '../../../hub/contract/policy.ts';
import { en } from '../i18n/en.ts';
import { type Language, useSpeech } from '../i18n/language.tsx';
import { zh } from '../i18n/zh.ts';
import type { SignFields, SignWording } from './sign-fields.ts';
import { untranslatedReasons } from './sign-text.ts';

interface SignFormProps {
  policy: Policy;
  now: number;
  fields: SignFields;
  onChange: (fields: SignFields) => void;
}

const languages = ['zh-CN', 'en'] as const;

const defaultWays: Record<Language, string> = {
  'zh-CN': zh.sign.paper.alternativeDefault,
  en: en.sign.paper.alternativeDefault,
};

/** What the policy does not know and the sign must say; what is typed is on the sign at once. */
export function SignForm({ policy, now, fields, onChange }: SignFormProps) {
  const { words } = useSpeech();
  const { fields: labels } = words.sign;
  const untranslated = untranslatedReasons(policy, now);

  function word(language: Language, change: Partial<SignWording>) {
    const wording = { ...fields.wordings[language], ...change };
    onChange({ ...fields, wordings: { ...fields.wordings, [language]: wording } });
  }

  const pair = (field: 'operator' | 'contact' | 'alternative', hints?: Record<Language, string>) => (
    <Both
      label={labels[field]}
      values={{ 'zh-CN': fields.wordings['zh-CN'][field], en: fields.wordings.en[field] }}
      hints={hints}
      onChange={(language, said) => word(language, { [field]: said })}
    />
  );

  return (
    <section className="card panel sign-form">
      <h2>{words.sign.form}</h2>
      <p className="muted small">{words.sign.formHelp}</p>
      <Form layout="vertical" component="div">
        {pair('operator')}
        {pair('contact')}
        {pair('alternative', defaultWays)}
        <Form.Item label={labels.recordDays} htmlFor="record-days" extra={words.sign.recordDaysHelp}>
          <InputNumber
            id="record-days"
            min={1}
            max={3650}
            precision={0}
            suffix={words.policy.days}
            value={fields.recordDays ?? null}
            onChange={(days) => onChange({ ...fields, recordDays: days ?? undefined })}
            style={{ width: 160 }}
          />
        </Form.Item>
        {languages.map((language) => (
          <Reasons
            key={language}
            language={language}
            reasons={untranslated.filter((each) => each.language === language).map(({ reason }) => reason)}
            said={fields.wordings[language].reasons}
            onChange={(reasons) => word(language, { reasons })}
          />
        ))}
      </Form>
    </section>
  );
}

/** One thing said in both languages. */
function Both(props: {
  label: string;
  values: Record<Language, string>;
  hints: Record<Language, string> | undefined;
  onChange: (language: Language, said: string) => void;
}) {
  const { words } = useSpeech();
  const { label, values, hints, onChange } = props;
  return (
    <Form.Item label={label}>
      <div className="sign-pair">
        {languages.map((language) => (
          <Input.TextArea
            key={language}
            lang={language}
            autoSize
            maxLength={200}
            aria-label={`${label}${words.dot}${words.sign.languages[language]}`}
            placeholder={hints?.[language] ?? words.sign.languages[language]}
            value={values[language]}
            onChange={({ target }) => onChange(language, target.value)}
          />
        ))}
      </div>
    </Form.Item>
  );
}

/** Reasons that the policy gives in the other language, each to be said in this one. */
function Reasons(props: {
  language: Language;
  reasons: readonly string[];
  said: Record<string, string>;
  onChange: (said: Record<string, string>) => void;
}) {
  const { words } = useSpeech();
  const { language, reasons, said, onChange } = props;
  if (reasons.length === 0) return null;
  return (
    <Form.Item label={words.sign.reasonsIn(words.sign.languages[language])}>
      <div className="sign-pair">
        {reasons.map((reason) => (
          <div key={reason}>
            <p className="muted small">{reason}</p>
            <Input.TextArea
              lang={language}
              aria-label={reason}
              autoSize
              maxLength={500}
              value={said[reason] ?? ''}
              onChange={({ target }) => onChange({ ...said, [reason]: target.value })}
            />
          </div>
        ))}
      </div>
    </Form.Item>
  );
}
