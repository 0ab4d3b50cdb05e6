import { Inject, Injectable, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Interval, ScheduleModule } from '@nestjs/schedule';
import { sealLog } from '#event-store';
import { forgetOldAnswers } from '../api/idempotency.js';
import type { Afterglow } from './afterglow.js';
import { watchCredentials } from './credentials.js';
import { reconcileDaily } from './reconcile.js';
import { forgetDelivered } from './webhooks/deliver.js';
import { Worker } from './worker.js';

const [seconds, minutes, hours] = [1_000, 60_000, 3_600_000];

/** Everything that happens by the wall clock, on one page. Each is safe to run twice, late, or in several processes at once. */
@Injectable()
export class Timers {
  /** What is still at work: a tick that comes meanwhile is left out, for the next one does the same. */
  readonly #running = new Set<string>();

  constructor(
    @Inject(Worker) private readonly worker: Worker,
    @Inject('afterglow') private readonly afterglow: Afterglow,
  ) {}

  /** What the queue lost is found in the ledger. */
  @Interval(15 * seconds)
  sweep(): Promise<void> {
    return this.quietly('sweep', () => this.worker.sweep());
  }

  /** Pages must go out within a minute. */
  @Interval(10 * seconds)
  escalate(): Promise<void> {
    return this.quietly('escalate', () => this.worker.escalate());
  }

  /** A time that nobody decided on is there for others. */
  @Interval(10 * seconds)
  expireHolds(): Promise<void> {
    return this.quietly('let go of slots', () => this.worker.expireHolds());
  }

  /** Receivers hear of what happened within seconds. */
  @Interval(2 * seconds)
  deliverWebhooks(): Promise<void> {
    return this.quietly('tell webhooks', () => this.worker.deliverWebhooks());
  }

  @Interval(hours)
  forgetDelivered(): Promise<void> {
    return this.quietly('forget what webhooks were told', () => forgetDelivered(this.afterglow));
  }

  /** Answers may show a patient's thread: they are kept no longer than a command is repeated. */
  @Interval(hours)
  forgetOldAnswers(): Promise<void> {
    return this.quietly('forget what commands were answered', () => forgetOldAnswers(this.afterglow));
  }

  /** Staff see a patient's photo soon after the text that it came with. */
  @Interval(5 * seconds)
  fetchMedia(): Promise<void> {
    return this.quietly('fetch photos', () => this.worker.fetchMedia());
  }

  /** A queue that was emptied gets its jobs again at once. */
  @Interval(15 * seconds)
  watchQueue(): Promise<void> {
    return this.quietly('look at the queue', () => this.worker.watchQueue());
  }

  /** The horizon moves on with the clock. */
  @Interval(10 * minutes)
  fillQueue(): Promise<void> {
    return this.quietly('fill the queue', () => this.worker.fillQueue());
  }

  /** Parked events get another chance; those that fail again stay parked, with the reason. */
  @Interval(30 * minutes)
  retryParked(): Promise<void> {
    return this.quietly('retry parked events', () => this.worker.retryParked());
  }

  /** What callbacks lost is in the carrier's list; once a day the two are compared. */
  @Interval(hours)
  reconcile(): Promise<void> {
    return this.quietly('compare the ledger with the carrier', () => reconcileDaily(this.afterglow));
  }

  /** Licences end because a day comes, and no event tells of it. */
  @Interval(hours)
  watchCredentials(): Promise<void> {
    return this.quietly('look at licences', () => watchCredentials(this.afterglow));
  }

  /** A root over the log, so that a later change of it shows. */
  @Interval(hours)
  seal(): Promise<void> {
    return this.quietly('seal the log', () => sealLog(this.afterglow.db, this.afterglow.clock.now()));
  }

  private async quietly(what: string, work: () => Promise<unknown>): Promise<void> {
    if (this.#running.has(what)) return;
    this.#running.add(what);
    await work()
      .catch((error: unknown) => this.afterglow.log.error({ err: error }, `the timer could not ${what}`))
      .finally(() => this.#running.delete(what));
  }
}

@Module({})
class TimerModule {
  static of(afterglow: Afterglow, worker: Worker): DynamicModule {
    return {
      module: TimerModule,
      imports: [ScheduleModule.forRoot()],
      providers: [Timers, { provide: Worker, useValue: worker }, { provide: 'afterglow', useValue: afterglow }],
    };
  }
}

/** Starts the timers; answers how to stop them. */
export async function startTimers(afterglow: Afterglow, worker: Worker): Promise<() => Promise<void>> {
  const context = await NestFactory.createApplicationContext(TimerModule.of(afterglow, worker), { logger: false, abortOnError: false });
  return () => context.close();
}
