import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Role } from '../../../hub/contract/api.ts';
import type { Policy } from '../../../hub/contract/policy.ts';
import type { PolicyEdit } from '../api/hub.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { formatDayTime, formatLength } from '../i18n/times.ts';
import { OfficeTheme } from '../office/office-theme.tsx';
import { Loading, Refused } from '../office/query-note.tsx';
import { Icon } from '../ui/icons.tsx';
import { useNow } from '../ui/use-now.ts';
import { GeneralForm } from './general-form.tsx';
import { PolicyHistory } from './policy-history.tsx';
import {
  endsSoon,
  type Rule,
  type RuleName,
  ruleIcons,
  ruleNames,
  ruleState,
  rulesOf,
  withGeneral,
  withRule,
} from './policy-rules.ts';
import { Proposals } from './proposals.tsx';
import { provinceName } from './provinces.ts';
import { RuleForm } from './rule-form.tsx';
import { historyKey, policyKey, proposalsKey, usePolicy } from './use-policy.ts';
import './policy-page.css';

/** What is watched for, why, who answers for it and when it ends; managers change it, guards read it. */
export function PolicyPage({ role }: { role: Role }) {
  return (
    <OfficeTheme>
      <PolicyDesk mayEdit={role === 'manager' || role === 'admin'} />
    </OfficeTheme>
  );
}

type Editing = { rule: RuleName; index: number } | 'general' | undefined;

function PolicyDesk({ mayEdit }: { mayEdit: boolean }) {
  const hub = useHub();
  const { words } = useSpeech();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const [editing, setEditing] = useState<Editing>();
  const found = usePolicy();
  const save = useMutation({
    mutationFn: ({ edit, basedOn }: { edit: PolicyEdit; basedOn: number }) => hub.savePolicy(edit, basedOn),
    onSuccess: (outcome) => {
      setEditing(undefined);
      void queries.invalidateQueries({ queryKey: historyKey });
      if ('proposedBy' in outcome) {
        void queries.invalidateQueries({ queryKey: proposalsKey });
        void message.info(words.fourEyes.sent, 6);
        return;
      }
      queries.setQueryData(policyKey, outcome);
      void message.success(words.policy.saved);
    },
    onError: (error) => void message.error(refusalWords(error, words)),
  });

  if (found.isPending) return <Loading />;
  if (!found.data) return <Refused error={found.error} onRetry={() => void found.refetch()} />;
  const policy = found.data;
  const send = (edit: PolicyEdit) => save.mutate({ edit, basedOn: policy.version });

  return (
    <div className="office policy">
      <div className="office-head">
        <h1>{words.policy.title}</h1>
        <p>{mayEdit ? words.policy.intro : words.policy.readOnly}</p>
        <span className="office-head-end">
          <span className="muted small">{words.policy.version(policy.version)}</span>
          {mayEdit && (
            <>
              <Link href="/channels" className="button">
                <Icon name="chat" size={20} />
                {words.channels.title}
              </Link>
              <Link href="/policy/keeping" className="button">
                <Icon name="clock" size={20} />
                {words.policy.keeping}
              </Link>
            </>
          )}
          <Link href="/policy/sign" className="button">
            <Icon name="print" size={20} />
            {words.sign.title}
          </Link>
        </span>
      </div>
      {mayEdit && <Proposals />}
      <div className="rules">
        {ruleNames.flatMap((name) => {
          const rules: readonly (Rule | undefined)[] = rulesOf(policy, name);
          return (rules.length > 0 ? rules : [undefined]).map((rule, index) => (
            <RuleCard
              key={`${name} ${rule?.startsAt} ${rule?.provinces}`}
              name={name}
              rule={rule}
              onEdit={mayEdit ? () => setEditing({ rule: name, index }) : undefined}
            />
          ));
        })}
      </div>
      {mayEdit && rulesOf(policy, 'watchedProvinces').length > 0 && (
        <button
          type="button"
          className="button policy-add"
          onClick={() =>
            setEditing({ rule: 'watchedProvinces', index: rulesOf(policy, 'watchedProvinces').length })
          }
        >
          {words.fourEyes.addProvinces}
        </button>
      )}
      <General policy={policy} onEdit={mayEdit ? () => setEditing('general') : undefined} />
      {mayEdit && <PolicyHistory />}
      {editing === 'general' && (
        <GeneralForm
          policy={policy}
          saving={save.isPending}
          onSave={(general) => send(withGeneral(policy, general))}
          onClose={() => setEditing(undefined)}
        />
      )}
      {editing && editing !== 'general' && (
        <RuleForm
          name={editing.rule}
          rule={rulesOf(policy, editing.rule)[editing.index]}
          saving={save.isPending}
          onSave={(rule) => send(withRule(policy, editing.rule, editing.index, rule))}
          onClose={() => setEditing(undefined)}
        />
      )}
    </div>
  );
}

function RuleCard(props: { name: RuleName; rule: Rule | undefined; onEdit: (() => void) | undefined }) {
  const { language, words } = useSpeech();
  const now = useNow(30_000);
  const { name, rule, onEdit } = props;
  const state = ruleState(rule, now);
  return (
    <article className="rule card" data-state={state}>
      <header>
        <span className="rule-icon">
          <Icon name={ruleIcons[name]} size={28} />
        </span>
        <div>
          <h2>{words.policy.rules[name]}</h2>
          <p className="muted small">{words.policy.ruleHelp[name]}</p>
        </div>
        <span className="rule-state">{words.policy.state[state]}</span>
      </header>
      {rule ? (
        <>
          <RuleTime rule={rule} now={now} />
          <dl>
            {rule.provinces && (
              <>
                <dt>{words.policy.provinces}</dt>
                <dd className="chips">
                  {rule.provinces.map((each) => (
                    <span key={each} className="chip">
                      {provinceName(each, language)}
                    </span>
                  ))}
                </dd>
              </>
            )}
            <dt>{words.policy.reason}</dt>
            <dd>{rule.reason}</dd>
            <dt>{words.policy.owner}</dt>
            <dd>{rule.owner}</dd>
          </dl>
        </>
      ) : (
        <p className="muted">{words.policy.notSet}</p>
      )}
      {onEdit && (
        <button type="button" className="button" onClick={onEdit}>
          {rule ? words.policy.edit : words.policy.setUp}
        </button>
      )}
    </article>
  );
}

/** How far through its time a rule is, and when it switches itself off. */
function RuleTime({ rule, now }: { rule: Rule; now: number }) {
  const { language, words } = useSpeech();
  const state = ruleState(rule, now);
  const [start, end] = [Date.parse(rule.startsAt), Date.parse(rule.endsAt)];
  const passed = Math.min(1, Math.max(0, (now - start) / (end - start)));
  const ends = words.policy.ends(formatDayTime(rule.endsAt, language), formatLength(end - now, language));
  const said = {
    none: '',
    off: words.policy.off,
    planned: words.policy.planned(
      formatDayTime(rule.startsAt, language),
      formatDayTime(rule.endsAt, language),
    ),
    running: ends,
    ended: words.policy.ended(formatDayTime(rule.endsAt, language)),
  }[state];
  return (
    <div className="rule-time" data-soon={endsSoon(rule, now)}>
      <span className="rule-bar" role="presentation">
        <span style={{ width: `${passed * 100}%` }} />
      </span>
      <p>
        {said}
        {endsSoon(rule, now) && (
          <span className="chip" data-severity="normal">
            {words.policy.endingSoon}
          </span>
        )}
      </p>
    </div>
  );
}

function General({ policy, onEdit }: { policy: Policy; onEdit: (() => void) | undefined }) {
  const { language, words } = useSpeech();
  return (
    <section className="card panel general">
      <h2>{words.policy.everything}</h2>
      <dl>
        <div>
          <dt>{words.policy.home}</dt>
          <dd>{provinceName(policy.homeProvince, language)}</dd>
          <dd className="muted small">{words.policy.homeHelp}</dd>
        </div>
        <div>
          <dt>{words.policy.retention}</dt>
          <dd>{words.policy.retentionDays(policy.strangerRetentionDays)}</dd>
          <dd className="muted small">{words.policy.retentionHelp}</dd>
        </div>
      </dl>
      {onEdit && (
        <button type="button" className="button" onClick={onEdit}>
          {words.policy.edit}
        </button>
      )}
    </section>
  );
}
