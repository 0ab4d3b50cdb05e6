import '@fontsource-variable/inter';
import '@mantine/core/styles.css';
import './console.css';
import './move.css';
import './today.css';
import './patient.css';
import './inbox.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Refused } from './api.js';
import { Console } from './console.js';
import { theme } from './theme.js';

/** What the server refused it will refuse again; only a lost connection is worth another try. */
const retry = (failures: number, error: Error) => failures < 2 && !(error instanceof Refused && error.status !== 0);
const client = new QueryClient({ defaultOptions: { queries: { retry, staleTime: 15_000, refetchOnWindowFocus: true } } });

const place = document.getElementById('console');
if (place === null) throw new Error('index.html has a place for the console');
createRoot(place).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <Console />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
