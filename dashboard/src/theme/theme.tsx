import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { remember, remembered } from '../ui/remembered.ts';

/** What a person chose; `auto` follows the device, `sun` is for bright light on the glass. */
export type ThemeChoice = 'auto' | 'light' | 'dark' | 'sun';

/** The choices in the order they are offered. */
export const themeChoices: readonly ThemeChoice[] = ['auto', 'light', 'dark', 'sun'];

interface Theme {
  choice: ThemeChoice;
  shown: Exclude<ThemeChoice, 'auto'>;
  choose: (choice: ThemeChoice) => void;
}

const key = 'gatehouse.theme';
const ThemeContext = createContext<Theme>({ choice: 'auto', shown: 'light', choose: () => {} });

/** Sets the theme on the document and remembers it on this device. */
export function ThemeProvider({ children }: { children: ReactNode }) {
  const [choice, choose] = useState<ThemeChoice>(
    () => themeChoices.find((each) => each === remembered(key)) ?? 'auto',
  );
  const [deviceIsDark, setDeviceIsDark] = useState(() => darkDevice().matches);

  useEffect(() => {
    const device = darkDevice();
    const follow = () => setDeviceIsDark(device.matches);
    device.addEventListener('change', follow);
    return () => device.removeEventListener('change', follow);
  }, []);

  const shown = choice === 'auto' ? (deviceIsDark ? 'dark' : 'light') : choice;
  useEffect(() => {
    document.documentElement.dataset.theme = shown;
    remember(key, choice);
  }, [shown, choice]);

  const theme = useMemo(() => ({ choice, shown, choose }), [choice, shown]);
  return <ThemeContext value={theme}>{children}</ThemeContext>;
}

/** The theme in use and the switch. */
export function useTheme(): Theme {
  return use(ThemeContext);
}

function darkDevice(): MediaQueryList {
  return window.matchMedia('(prefers-color-scheme: dark)');
}
