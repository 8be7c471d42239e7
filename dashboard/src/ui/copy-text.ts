/** Puts text on the clipboard. False when the browser lets us not; without TLS there is only the old way. */
export async function copyText(text: string): Promise<boolean> {
  if (!navigator.clipboard) return copySelected(text);
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => copySelected(text),
  );
}

function copySelected(text: string): boolean {
  const holder = document.createElement('textarea');
  holder.className = 'quietly';
  holder.value = text;
  holder.readOnly = true;
  document.body.append(holder);
  holder.select();
  const isCopied = document.execCommand('copy');
  holder.remove();
  return isCopied;
}
