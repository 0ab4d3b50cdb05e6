type Act = () => Promise<void>;

interface Entry {
  readonly at: number;
  /** Of two things at the same instant the one that was planned first comes first. */
  readonly nth: number;
  readonly act: Act;
}

/** What is going to happen, by its instant. */
export class Agenda {
  readonly #entries: Entry[] = [];
  readonly #names = new Set<string>();
  #count = 0;

  at(when: Date, act: Act): void {
    this.#entries.push({ at: when.getTime(), nth: (this.#count += 1), act });
  }

  /** Plans it unless the same name was planned before. */
  once(name: string, when: Date, act: Act): void {
    if (this.#names.has(name)) return;
    this.#names.add(name);
    this.at(when, act);
  }

  /** The instant of the next entry; null when there is none. */
  next(): Date | null {
    const first = Math.min(...this.#entries.map(({ at }) => at));
    return Number.isFinite(first) ? new Date(first) : null;
  }

  /** Takes out everything that is due by then, in order. */
  due(now: Date): Act[] {
    const isDue = ({ at }: Entry) => at <= now.getTime();
    const due = this.#entries.filter(isDue).sort((a, b) => a.at - b.at || a.nth - b.nth);
    this.#entries.splice(0, this.#entries.length, ...this.#entries.filter((entry) => !isDue(entry)));
    return due.map(({ act }) => act);
  }
}
