interface Asked<Ask, Answer> {
  readonly ask: Ask;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * Work that is cheaper done for many at once, as a transaction is: what is asked while one round runs makes up the next, so
 * nothing waits for company. When a round fails, each of it is tried alone, and only the faulty one fails.
 * @param work answers in the order of what was asked.
 */
export class Together<Ask, Answer> {
  readonly #waiting: Asked<Ask, Answer>[] = [];
  #running = false;

  constructor(
    private readonly work: (asks: readonly Ask[]) => Promise<readonly Answer[]>,
    private readonly most = 64,
  ) {}

  ask(ask: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ask, resolve, reject });
      if (!this.#running) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#running = true;
    // What is asked in the same breath belongs to the same round.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#round(this.#waiting.splice(0, this.most));
    this.#running = false;
  }

  async #round(asked: readonly Asked<Ask, Answer>[]): Promise<void> {
    try {
      const answers = await this.work(asked.map(({ ask }) => ask));
      if (answers.length !== asked.length) throw new Error(`${asked.length} were asked and ${answers.length} answered`);
      answers.forEach((answer, index) => asked[index]?.resolve(answer));
    } catch (error) {
      if (asked.length === 1) asked[0]?.reject(error);
      else for (const one of asked) await this.#round([one]);
    }
  }
}
