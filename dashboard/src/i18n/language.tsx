import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { remember, remembered } from '../ui/remembered.ts';
import { en } from './en.ts';
import { type Words, zh } from './zh.ts';

/** The languages of the dashboard, as BCP 47 tags. */
export type Language = 'zh-CN' | 'en';

interface Speech {
  language: Language;
  words: Words;
  setLanguage: (language: Language) => void;
}

const key = 'gatehouse.language';
const SpeechContext = createContext<Speech>({ language: 'zh-CN', words: zh, setLanguage: () => {} });

/** Chinese unless this device was told otherwise. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => (remembered(key) === 'en' ? 'en' : 'zh-CN'));

  useEffect(() => {
    document.documentElement.lang = language;
    remember(key, language);
  }, [language]);

  const speech = useMemo(() => ({ language, words: language === 'en' ? en : zh, setLanguage }), [language]);
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

/** The language in use, its words, and the switch. */
export function useSpeech(): Speech {
  return use(SpeechContext);
}

/** The words of the language in use. */
export function useWords(): Words {
  return use(SpeechContext).words;
}
