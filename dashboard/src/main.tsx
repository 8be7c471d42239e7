import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { isUnreachable } from './api/hub.ts';
import { App } from './app.tsx';
import { LanguageProvider } from './i18n/language.tsx';
import { ThemeProvider } from './theme/theme.tsx';
import { CrashNote } from './ui/crash-note.tsx';
import './theme/tokens.css';
import './ui/ui.css';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) => isUnreachable(error) && failures < 2,
      // The hub may well be reachable when the internet is not.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <LanguageProvider>
      <ThemeProvider>
        <CrashNote>
          <QueryClientProvider client={queries}>
            <App />
          </QueryClientProvider>
        </CrashNote>
      </ThemeProvider>
    </LanguageProvider>
  </StrictMode>,
);
