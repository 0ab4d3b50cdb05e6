import Sequencer from '@jest/test-sequencer';

// Jest orders by what it remembers, and a fresh checkout remembers nothing: a long file begun last leaves a core idle for minutes.
const longest = ['fault-matrix', 'simulation', 'simulation-again', 'recovery', 'running', 'emails', 'console-settings', 'console-inbox', 'contact'];
const rank = ({ path }) => {
  const at = longest.findIndex((name) => path.endsWith(`/test/${name}.spec.ts`));
  return at === -1 ? longest.length : at;
};

export default class LongestFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
}
