import { useMutation } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useWords } from '../i18n/language.tsx';
import { refusalWords } from '../i18n/refusal-words.ts';
import { useRosterRefresh } from './use-roster.ts';

/** A change of the roster; with `undo`, it can be taken back for a while. */
export interface RosterDeed {
  deed: () => Promise<unknown>;
  said: string;
  /** Gets what the deed answered. */
  undo?: (done: unknown) => Promise<unknown>;
  onDone?: () => void;
}

const undoSeconds = 10;

/** Changes the roster, has it loaded again, says what was done and offers to take it back. */
export function useRosterChange(): { run: (deed: RosterDeed) => void; isPending: boolean } {
  const words = useWords();
  const refresh = useRosterRefresh();
  const { message, notification } = App.useApp();
  const { mutate, isPending } = useMutation({
    mutationFn: async (asked: RosterDeed) => {
      const done = await asked.deed();
      await refresh();
      return { asked, done };
    },
    onSuccess: ({ asked: { said, undo, onDone }, done }) => {
      onDone?.();
      if (!undo) return void message.success(said);
      const key = `${said} ${performance.now()}`;
      const takeBack = () => {
        notification.destroy(key);
        mutate({ deed: () => undo(done), said: words.roster.done.undone });
      };
      notification.success({
        key,
        title: said,
        placement: 'bottomRight',
        duration: undoSeconds,
        showProgress: true,
        actions: (
          <Button data-testid="roster-undo" onClick={takeBack}>
            {words.roster.undo}
          </Button>
        ),
      });
    },
    onError: (error) => {
      void refresh();
      void message.error(refusalWords(error, words));
    },
  });
  return { run: (asked) => mutate(asked), isPending };
}
