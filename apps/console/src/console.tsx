import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';
import { type Clinic, get, type Me, Refused } from './api.js';
import { Desk, useLiveChanges } from './data.js';
import { Inbox } from './pages/inbox.js';
import { MovePage } from './pages/move.js';
import { PatientPage } from './pages/patient.js';
import { Patients } from './pages/patients.js';
import { SignIn } from './pages/sign-in.js';
import { Tasks } from './pages/tasks.js';
import { Today } from './pages/today.js';
import { Upcoming } from './pages/upcoming.js';
import { Answer } from './parts/answer.js';
import { Fault } from './parts/fault.js';
import { useRoute } from './parts/route.js';
import { Shell } from './parts/shell.js';

/** Seldom opened: it need not be fetched to see the day. */
const ConsultationPage = lazy(() => import('./pages/consultation.js').then((page) => ({ default: page.ConsultationPage })));
const NewConsultation = lazy(() => import('./pages/new-consultation.js').then((page) => ({ default: page.NewConsultation })));
const InsightPage = lazy(() => import('./pages/insight/insight.js').then((page) => ({ default: page.InsightPage })));
const OutreachPage = lazy(() => import('./pages/outreach.js').then((page) => ({ default: page.OutreachPage })));
const Settings = lazy(() => import('./pages/settings/settings.js').then((page) => ({ default: page.Settings })));

const refreshMillis = 30_000;

function pageAt([place = 'today', id, part]: readonly string[]): ReactNode {
  if (place === 'upcoming') return id === undefined || part === undefined ? <Upcoming /> : <MovePage courseId={id} sessionId={part} />;
  if (place === 'inbox') return <Inbox id={id ?? null} />;
  if (place === 'outreach') return <OutreachPage id={id ?? null} />;
  if (place === 'tasks') return <Tasks />;
  if (place === 'patients') return id === undefined ? <Patients /> : <PatientPage id={id} />;
  if (place === 'consultations') return id === undefined ? <NewConsultation /> : <ConsultationPage id={id} />;
  if (place === 'insight') return <InsightPage />;
  if (place === 'settings') return <Settings />;
  return <Today />;
}

function Work() {
  const heard = useLiveChanges();
  const route = useRoute();
  return (
    <Shell place={route[0] ?? 'today'} heard={heard}>
      <Fault key={route.join('/')}>
        <Suspense fallback={<div role="status" aria-label="Loading" />}>{pageAt(route)}</Suspense>
      </Fault>
    </Shell>
  );
}

/** Sign-in first; then the desk, which knows who works and what time it is for the clinic. */
export function Console() {
  const me = useQuery<Me, Error>({ queryKey: ['me'], queryFn: () => get<Me>('me'), staleTime: Infinity });
  const clinic = useQuery<Clinic, Error>({ queryKey: ['clinic'], queryFn: () => get<Clinic>('clinic'), enabled: me.isSuccess, refetchInterval: refreshMillis });
  if (me.error instanceof Refused && me.error.status === 401) return <SignIn />;
  return (
    <Answer of={me}>
      {(person) => (
        <Answer of={clinic}>
          {(place) => (
            <Desk value={{ me: person, clinic: place }}>
              <Work />
            </Desk>
          )}
        </Answer>
      )}
    </Answer>
  );
}
