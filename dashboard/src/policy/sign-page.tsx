import { App } from 'antd';
import { useEffect, useState } from 'react';
import type { Role } from '../../../hub/contract/api.ts';
import type { Policy } from '../../../hub/contract/policy.ts';
import { useSpeech } from '../i18n/language.tsx';
import { BackLink } from '../office/back-link.tsx';
import { OfficeTheme } from '../office/office-theme.tsx';
import { Loading, Note, Refused } from '../office/query-note.tsx';
import { copyText } from '../ui/copy-text.ts';
import { Icon } from '../ui/icons.tsx';
import { remember, remembered } from '../ui/remembered.ts';
import { useNow } from '../ui/use-now.ts';
import { readSignFields, type SignFields } from './sign-fields.ts';
import { SignForm } from './sign-form.tsx';
import { SignSheet } from './sign-sheet.tsx';
import { plainSign, rulesOnSign, type SignText, signText, unfinishedFields } from './sign-text.ts';
import { usePolicy } from './use-policy.ts';
import './sign-page.css';

/** The sign for the gate, from the policy in force: managers fill it in, copy and print it, guards read it. */
export function SignPage({ role }: { role: Role }) {
  return (
    <OfficeTheme>
      <SignDesk mayWrite={role === 'manager' || role === 'admin'} />
    </OfficeTheme>
  );
}

function SignDesk({ mayWrite }: { mayWrite: boolean }) {
  const { words } = useSpeech();
  const now = useNow(30_000);
  const [isAhead, setIsAhead] = useState(false);
  const found = usePolicy();

  if (found.isPending) return <Loading />;
  if (!found.data) return <Refused error={found.error} onRetry={() => void found.refetch()} />;
  const rules = rulesOnSign(found.data, now);
  const isRunning = rules.some(({ state }) => state === 'running');

  return (
    <div className="office sign">
      <BackLink href="/policy">{words.sign.back}</BackLink>
      {isRunning || (isAhead && rules.length > 0) ? (
        <Signs policy={found.data} now={now} mayWrite={mayWrite} />
      ) : (
        <NothingRuns planned={mayWrite ? rules.length : 0} onWrite={() => setIsAhead(true)} />
      )}
    </div>
  );
}

function NothingRuns({ planned, onWrite }: { planned: number; onWrite: () => void }) {
  const { words } = useSpeech();
  return (
    <>
      <div className="office-head">
        <h1>{words.sign.title}</h1>
      </div>
      <Note
        icon="policy"
        title={words.sign.none}
        help={planned > 0 ? words.sign.plannedHelp(planned) : words.sign.noneHelp}
      >
        {planned > 0 && (
          <button type="button" className="button button-primary" onClick={onWrite}>
            {words.sign.writePlanned}
          </button>
        )}
      </Note>
    </>
  );
}

function Signs({ policy, now, mayWrite }: { policy: Policy; now: number; mayWrite: boolean }) {
  const { words } = useSpeech();
  const [fields, setFields] = useSignFields();
  const signs = [signText(policy, fields, now, 'zh-CN'), signText(policy, fields, now, 'en')];
  const unfinished = unfinishedFields(policy, fields, now).map((field) => words.sign.fields[field]);

  return (
    <>
      <div className="office-head">
        <h1>{words.sign.title}</h1>
        <p>{mayWrite ? words.sign.intro : words.sign.readOnly}</p>
        {mayWrite && (
          <span className="office-head-end">
            <button type="button" className="button button-primary" onClick={() => window.print()}>
              <Icon name="print" size={22} />
              {words.sign.print}
            </button>
          </span>
        )}
      </div>
      <div className="sign-desk" data-writes={mayWrite}>
        {mayWrite && <SignForm policy={policy} now={now} fields={fields} onChange={setFields} />}
        <div className="sign-papers">
          {mayWrite && unfinished.length > 0 && (
            <p className="sign-unfinished" role="status">
              <Icon name="note" size={20} />
              {words.sign.unfinished(unfinished.join(words.listComma))}
            </p>
          )}
          {signs.map((sign) => (
            <section key={sign.language} className="sign-paper">
              {mayWrite && <CopySign sign={sign} />}
              <SignSheet sign={sign} />
            </section>
          ))}
        </div>
      </div>
    </>
  );
}

function CopySign({ sign }: { sign: SignText }) {
  const { words } = useSpeech();
  const { message } = App.useApp();

  async function copy() {
    const isCopied = await copyText(plainSign(sign));
    void (isCopied ? message.success(words.sign.copied) : message.warning(words.sign.copyFailed));
  }

  return (
    <header className="sign-paper-head">
      <h2>{words.sign.languages[sign.language]}</h2>
      <button type="button" className="button" onClick={() => void copy()}>
        <Icon name="copy" size={20} />
        {words.sign.copy}
      </button>
    </header>
  );
}

const fieldsKey = 'gatehouse.sign';

/** What was typed for the sign, kept on this device. */
function useSignFields(): [SignFields, (fields: SignFields) => void] {
  const [fields, setFields] = useState(() => readSignFields(remembered(fieldsKey)));
  useEffect(() => remember(fieldsKey, JSON.stringify(fields)), [fields]);
  return [fields, setFields];
}
