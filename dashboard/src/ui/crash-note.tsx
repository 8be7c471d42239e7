import { Component, type ReactNode } from 'react';
import { useWords } from '../i18n/language.tsx';
import { Icon } from './icons.tsx';

/** Catches a fault of the page itself, so that a guard sees what to do and not a white screen. */
export class CrashNote extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError() {
    return { crashed: true };
  }

  override componentDidCatch(error: unknown) {
    console.error('the page crashed', error);
  }

  override render() {
    return this.state.crashed ? <Crashed /> : this.props.children;
  }
}

function Crashed() {
  const words = useWords();
  return (
    <main className="page-note" role="alert">
      <span className="page-note-icon">
        <Icon name="alert" size={32} />
      </span>
      <h1>{words.start.crashed}</h1>
      <p>{words.start.crashedHelp}</p>
      <button type="button" className="button button-primary" onClick={() => window.location.reload()}>
        {words.start.reload}
      </button>
    </main>
  );
}
