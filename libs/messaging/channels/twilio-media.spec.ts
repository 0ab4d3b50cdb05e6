import { createServer } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { twilioMedia } from './twilio-media.js';

const accountSid = `AC${'1'.repeat(32)}`;
const asked: { path: string; authorization: string | undefined }[] = [];
let base = '';
const server = createServer((request, response) => {
  asked.push({ path: request.url ?? '', authorization: request.headers.authorization });
  const name = request.url?.split('/').at(-1) ?? '';
  if (name === 'photo') return void response.end(Buffer.from('photo'));
  if (name === 'heavy') return void response.end(Buffer.alloc(2_000));
  if (name === 'dropped') return void request.socket.destroy();
  if (name === 'silent') return undefined;
  if (name === 'away') return void response.writeHead(307, { location: `${base}/elsewhere` }).end();
  if (name === 'inside') return void response.writeHead(302, { location: 'http://169.254.169.254/secrets' }).end();
  return void response.writeHead(Number(name) || 500).end('no');
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterAll(() => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())));

const fetchAt = (path: string) => twilioMedia({ accountSid, authToken: 'token', apiBaseUrl: base, mostBytes: 1_000, timeoutMillis: 100 })(path);
const media = (name: string) => `${base}/2010-04-01/Accounts/${accountSid}/Messages/MM1/Media/${name}`;

describe('what came with a text', () => {
  test('is fetched with the credentials of the account', async () => {
    expect(await fetchAt(media('photo'))).toEqual({ kind: 'fetched', bytes: Buffer.from('photo') });
    expect(asked.at(-1)?.authorization).toBe(`Basic ${Buffer.from(`${accountSid}:token`).toString('base64')}`);
  });

  test.each([
    ['404', 'refused'],
    ['410', 'refused'],
    ['401', 'later'],
    ['429', 'later'],
    ['503', 'later'],
    ['dropped', 'later'],
    ['silent', 'later'],
    ['heavy', 'refused'],
    ['away', 'refused'],
    ['inside', 'refused'],
  ])('%s: %s', async (name, kind) => expect(await fetchAt(media(name))).toMatchObject({ kind }));

  test('is asked of nobody but the carrier and of no account but ours', async () => {
    const before = asked.length;
    const others = [
      'http://169.254.169.254/latest/meta-data',
      `https://api.twilio.com.evil.example/2010-04-01/Accounts/${accountSid}/x`,
      `${base}/2010-04-01/Accounts/AC${'2'.repeat(32)}/Messages/MM1/Media/photo`,
      `${base}/2010-04-01/Accounts/${accountSid}/../../../photo`,
      base.replace('127.0.0.1', 'localhost'),
      'file:///etc/passwd',
      'photo',
    ];
    for (const url of others) expect(await fetchAt(url)).toEqual({ kind: 'refused', why: "the address is not the carrier's" });
    expect(asked).toHaveLength(before);
  });

  test('is never asked of Twilio’s own address while the API stands elsewhere', async () => {
    const url = `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages/MM1/Media/ME1`;
    expect(await fetchAt(url)).toMatchObject({ kind: 'refused' });
  });
});
