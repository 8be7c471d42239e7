import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import type { PolicyProposal } from '../../../hub/contract/api.ts';
import { useHub } from '../api/hub-context.ts';
import { useSpeech } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { formatDayTime } from '../i18n/times.ts';
import { useSession } from '../session/use-session.ts';
import { Icon } from '../ui/icons.tsx';
import { PolicyChanges } from './rule-change.tsx';
import { historyKey, policyKey, proposalsKey, useOpenProposals } from './use-policy.ts';

/** Rules that wait for a second person: whoever proposed one withdraws it, anyone else confirms or rejects it. */
export function Proposals() {
  const { words } = useSpeech();
  const open = useOpenProposals();
  if (open.length === 0) return null;
  return (
    <section className="card panel proposals" data-testid="proposals">
      <h2>
        <Icon name="clock" size={22} />
        {words.fourEyes.waiting(open.length)}
      </h2>
      <p className="muted small">{words.fourEyes.help}</p>
      {open.map((proposal) => (
        <Proposal key={proposal.id} proposal={proposal} />
      ))}
    </section>
  );
}

function Proposal({ proposal }: { proposal: PolicyProposal }) {
  const hub = useHub();
  const { language, words } = useSpeech();
  const queries = useQueryClient();
  const { message } = App.useApp();
  const { session } = useSession();
  const isOwn = proposal.proposedBy.id === session?.person.id;
  const again = async () => {
    for (const queryKey of [proposalsKey, policyKey, historyKey])
      await queries.invalidateQueries({ queryKey });
  };
  const options = {
    onSettled: again,
    onError: (error: unknown) => void message.error(refusalWords(error, words)),
  };
  const confirm = useMutation({
    ...options,
    mutationFn: () => hub.confirmProposal(proposal.id),
    onSuccess: () => void message.success(words.policy.saved),
  });
  const reject = useMutation({ ...options, mutationFn: () => hub.rejectProposal(proposal.id) });
  const busy = confirm.isPending || reject.isPending;

  return (
    <article className="proposal">
      <p>
        <strong>{proposal.proposedBy.displayName}</strong>{' '}
        <span className="muted small">
          {words.fourEyes.proposed(
            formatDayTime(proposal.proposedAt, language),
            formatDayTime(proposal.expiresAt, language),
          )}
        </span>
      </p>
      <PolicyChanges changes={proposal.changes} />
      <div className="proposal-deeds">
        {!isOwn && (
          <button
            type="button"
            className="button button-primary"
            disabled={busy}
            data-testid="confirm-proposal"
            onClick={() => confirm.mutate()}
          >
            <Icon name="check" size={22} />
            {words.fourEyes.confirm}
          </button>
        )}
        <button type="button" className="button" disabled={busy} onClick={() => reject.mutate()}>
          {isOwn ? words.fourEyes.withdraw : words.fourEyes.reject}
        </button>
        {isOwn && <span className="muted small">{words.fourEyes.own}</span>}
      </div>
    </article>
  );
}
