import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { smtpChannel } from '#messaging';
import { SimulatedClock } from '#platform';

/* The signature of our e-mails, checked by RFC 6376 alone: relaxed canonical form, SHA-256, RSA, the key as DNS would give it. */
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const dkim = { domain: 'lumen.example', selector: '2026a', privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
/** The record at 2026a._domainkey.lumen.example. */
const published = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

const received: string[] = [];
let busiest = 0;
let open = 0;
let url = '';
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  disableReverseLookup: true,
  onConnect: (_session, done) => {
    busiest = Math.max(busiest, (open += 1));
    done();
  },
  onClose: () => void (open -= 1),
  onData: (stream, _session, done) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => {
      received.push(Buffer.concat(chunks).toString('latin1'));
      done();
    });
  },
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const address = server.server.address();
  url = `smtp://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterAll(() => new Promise<void>((resolve) => server.close(resolve)));

const channel = (more: object = {}) =>
  smtpChannel({ url, from: 'Lumen Skin <care@lumen.example>', clock: new SimulatedClock(new Date('2026-12-01T15:00:00Z')), ...more });
const message = {
  id: 'm1',
  to: 'ana@example.com',
  body: 'See you.  \n\n¿Preguntas?\n\n\n',
  validUntil: null,
  email: { subject: 'Your visit – Tuesday', html: '<p>See you.</p>', unsubscribeUrl: `https://lumen.example/p/${'x'.repeat(90)}/unsubscribe` },
};

/** RFC 6376 3.4.2 and 3.4.4. */
const relaxedHeader = (line: string) => {
  const colon = line.indexOf(':');
  const value = line.slice(colon + 1).replace(/\r\n(?=[ \t])/g, '').replace(/[ \t]+/g, ' ').trim(); // prettier-ignore
  return `${line.slice(0, colon).trim().toLowerCase()}:${value}`;
};
const relaxedBody = (body: string) => {
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''));
  while (lines.at(-1) === '') lines.pop();
  return lines.length === 0 ? '' : `${lines.join('\r\n')}\r\n`;
};

/** The tags of the signature, and whether body and headers are what was signed. */
function check(raw: string) {
  const end = raw.indexOf('\r\n\r\n');
  const headers = raw.slice(0, end).split(/\r\n(?![ \t])/); // prettier-ignore
  const signature = headers.find((line) => /^dkim-signature:/i.test(line)) ?? '';
  const tags = new Map(
    relaxedHeader(signature)
      .slice('dkim-signature:'.length)
      .split(';')
      .map((tag) => [tag.slice(0, tag.indexOf('=')).trim(), tag.slice(tag.indexOf('=') + 1).trim()]),
  );
  const left = [...headers];
  const signed = (tags.get('h') ?? '').split(':').flatMap((name) => {
    const index = left.findLastIndex((line) => line.toLowerCase().startsWith(`${name.trim().toLowerCase()}:`));
    return index < 0 ? [] : left.splice(index, 1).map(relaxedHeader);
  });
  const unsigned = relaxedHeader(signature).replace(/(;\s*b=)[^;]*/, '$1');
  const key = createPublicKey({ key: Buffer.from(published, 'base64'), type: 'spki', format: 'der' });
  const sum = createHash('sha256').update(relaxedBody(raw.slice(end + 4)), 'latin1').digest('base64'); // prettier-ignore
  return {
    tags,
    body: sum === tags.get('bh')?.replace(/\s/g, ''),
    headers: verify('sha256', Buffer.from([...signed, unsigned].join('\r\n'), 'latin1'), key, Buffer.from(tags.get('b') ?? '', 'base64')),
  };
}

test('every e-mail is signed: body, sender, addressee, and the one-click unsubscribe (RFC 6376, RFC 8058 4)', async () => {
  const signing = channel({ dkim });
  expect(await signing.send(message, 'a1')).toMatchObject({ kind: 'sent' });
  await signing.close();
  const raw = received.at(-1) ?? '';
  const { tags, ...holds } = check(raw);
  expect(holds).toEqual({ body: true, headers: true });
  expect(Object.fromEntries(tags)).toMatchObject({ v: '1', a: 'rsa-sha256', c: 'relaxed/relaxed', d: 'lumen.example', s: '2026a' });
  const covered = (tags.get('h') ?? '').toLowerCase().split(':');
  expect(covered).toEqual(expect.arrayContaining(['from', 'to', 'subject', 'message-id', 'date', 'list-unsubscribe', 'list-unsubscribe-post']));
});

test('a word that was changed on the way breaks it', async () => {
  const signing = channel({ dkim });
  await signing.send(message, 'a1');
  await signing.close();
  const raw = received.at(-1) ?? '';
  expect(check(raw.replace('See you.', 'See yoU.'))).toMatchObject({ body: false, headers: true });
  expect(check(raw.replace('<https://lumen', '<https://lumon'))).toMatchObject({ body: true, headers: false });
});

test('without a key nothing is signed', async () => {
  const plain = channel();
  await plain.send(message, 'a1');
  await plain.close();
  expect(received.at(-1)).not.toMatch(/dkim-signature/i);
});

test('the pool opens no more connections than it may', async () => {
  busiest = 0;
  const pooled = channel({ maxConnections: 2 });
  await Promise.all(Array.from({ length: 20 }, (_, n) => pooled.send({ ...message, id: `p${n}` }, `p${n}`)));
  await pooled.close();
  expect(busiest).toBe(2);
});

test('the rate holds back what is above it, and loses nothing', async () => {
  const before = received.length;
  const limited = channel({ messagesPerSecond: 4 });
  const first = limited.send({ ...message, id: 'r0' }, 'r0');
  const rest = Array.from({ length: 5 }, (_, n) => limited.send({ ...message, id: `r${n + 1}` }, `r${n + 1}`));
  await first;
  const from = performance.now();
  expect((await Promise.all(rest)).every(({ kind }) => kind === 'sent')).toBe(true);
  await limited.close();
  expect(performance.now() - from).toBeGreaterThan(400);
  expect(received).toHaveLength(before + 6);
});
