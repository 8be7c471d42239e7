import { useSpeech } from '../i18n/language.tsx';

/** One tap to the other language; the name of that language is its label. */
export function LanguageSwitch() {
  const { language, words, setLanguage } = useSpeech();
  return (
    <button
      type="button"
      className="button button-quiet language-switch"
      lang={language === 'en' ? 'zh-CN' : 'en'}
      aria-label={words.languageSwitchLabel}
      onClick={() => setLanguage(language === 'en' ? 'zh-CN' : 'en')}
    >
      {words.languageSwitch}
    </button>
  );
}
