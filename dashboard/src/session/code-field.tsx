/** Six digits or a recovery code: the phone shows digits first and offers what a message has brought. */
export function CodeField({ label, name = 'code' }: { label: string; name?: string }) {
  return (
    <label className="field">
      <span>{label}</span>
      <input
        name={name}
        className="code-input"
        autoComplete="one-time-code"
        autoCapitalize="characters"
        autoCorrect="off"
        spellCheck={false}
        maxLength={40}
        data-testid="login-code"
        ref={focusOnce}
      />
    </label>
  );
}

/** What was asked for is typed at once. */
function focusOnce(input: HTMLInputElement | null): void {
  input?.focus();
}
