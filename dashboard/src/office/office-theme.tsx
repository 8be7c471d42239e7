import { App, ConfigProvider, theme } from 'antd';
import enUS from 'antd/es/locale/en_US.js';
import zhCN from 'antd/es/locale/zh_CN.js';
import type { ReactNode } from 'react';
import { useSpeech } from '../i18n/language.tsx';
import { useTheme } from '../theme/theme.tsx';
import './office.css';

/** antd in our colours and language, for the pages of the office; the guard's page does without it and loads faster. */
export function OfficeTheme({ children }: { children: ReactNode }) {
  const { language } = useSpeech();
  const { shown } = useTheme();
  const dark = shown === 'dark';
  return (
    <ConfigProvider
      button={{ autoInsertSpace: false }}
      locale={language === 'en' ? enUS : zhCN}
      theme={{
        algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
        token: {
          colorPrimary: dark ? '#2ba585' : shown === 'sun' ? '#003d30' : '#0b6b57',
          colorBgContainer: dark ? '#141b19' : '#ffffff',
          colorBgElevated: dark ? '#1f2926' : '#ffffff',
          colorBorder: dark ? '#3b4944' : shown === 'sun' ? '#000000' : '#c2ccc8',
          colorText: dark ? '#edf3f0' : '#0f1d19',
          colorTextDescription: dark ? '#adbbb5' : shown === 'sun' ? '#000000' : '#4b5b55',
          colorTextPlaceholder: dark ? '#8b9a94' : shown === 'sun' ? '#5c5c5c' : '#74827c',
          colorError: dark ? '#ff7a6e' : '#c8281c',
          borderRadius: 10,
          controlHeight: 42,
          fontSize: 15,
          fontFamily: 'var(--font)',
        },
      }}
    >
      <App component={false}>{children}</App>
    </ConfigProvider>
  );
}
