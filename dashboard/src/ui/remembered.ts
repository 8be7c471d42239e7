/** What this device was told before; undefined when storage is closed to us (private windows). */
export function remembered(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keep a choice on this device; a device that keeps nothing only forgets it. */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A choice that cannot be kept is still in effect on this page.
  }
}
