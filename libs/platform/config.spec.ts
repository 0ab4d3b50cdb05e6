import { afterAll, describe, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  describe('of e-mail', () => {
    const folder = mkdtempSync(join(tmpdir(), 'afterglow-config-'));
    afterAll(() => rmSync(folder, { recursive: true }));
    const file = (name: string, content: string | Buffer) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    const dkim = { DKIM_DOMAIN: 'clinic.example', DKIM_SELECTOR: '2026a' };

    test('reads the pool, the rate and the key that signs', () => {
      const pem = rsa(1024).toString();
      expect(readConfig({ ...dkim, DKIM_KEY_FILE: file('good.pem', pem), SMTP_POOL: '3', SMTP_RATE: '14' })).toMatchObject({
        SMTP_POOL: 3,
        SMTP_RATE: 14,
        DKIM_KEY_FILE: pem,
      });
      expect(readConfig({})).toMatchObject({ SMTP_POOL: 5 });
    });

    test('says what is wrong with a key, and what goes together', () => {
      const ed = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
      for (const bad of [join(folder, 'none'), file('empty', ''), file('short.pem', rsa(512)), file('ed.pem', ed)])
        expect(() => readConfig({ ...dkim, DKIM_KEY_FILE: bad })).toThrow(/DKIM_KEY_FILE: (?:cannot be read as a private key|must hold an RSA key)/);
      expect(() => readConfig({ DKIM_DOMAIN: 'clinic.example' })).toThrow(/DKIM_SELECTOR: goes together with DKIM_DOMAIN[^]*DKIM_KEY_FILE: goes together/);
      for (const wrong of [{ SMTP_POOL: '0' }, { SMTP_RATE: 'fast' }, { DKIM_DOMAIN: 'localhost' }, { DKIM_SELECTOR: 'a b' }, { MAIL_WEBHOOK_SECRET: 'short' }])
        expect(() => readConfig(wrong)).toThrow(new RegExp(`${Object.keys(wrong)[0]}: `));
    });
  });
});
