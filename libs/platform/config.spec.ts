import { describe, expect, test } from '@jest/globals';
import { readConfig } from './config.js';

describe('the environment', () => {
  test('has a default for everything a bare machine lacks', () => {
    expect(readConfig({})).toMatchObject({ PORT: 3000, PUBLIC_URL: 'http://127.0.0.1:3000', DATA_DIR: '.afterglow', AFTERGLOW_CLOCK: 'system' });
  });

  test('names every faulty variable in one message', () => {
    const start = () => readConfig({ PORT: 'eighty', MASTER_KEY: 'short', REDIS_URL: 'http://x', API_KEYS: 'nokey', TWILIO_FROM: '555' });
    for (const name of ['PORT', 'MASTER_KEY', 'REDIS_URL', 'API_KEYS', 'TWILIO_FROM']) expect(start).toThrow(new RegExp(`${name}:`));
  });

  test('refuses a simulated clock beside a real carrier', () => {
    expect(() => readConfig({ AFTERGLOW_CLOCK: 'simulated' })).toThrow(/AFTERGLOW_CLOCK: may be simulated only together with the sandbox/);
  });

  test('reads keys with colons in them, and drops a trailing slash of the public address', () => {
    const config = readConfig({ API_KEYS: 'front:a:b, machine:c', PUBLIC_URL: 'https://clinic.example/' });
    expect(config.API_KEYS).toEqual([
      { name: 'front', key: 'a:b' },
      { name: 'machine', key: 'c' },
    ]);
    expect(config.PUBLIC_URL).toBe('https://clinic.example');
  });
});
