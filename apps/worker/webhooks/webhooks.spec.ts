import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { RecordedEvent } from '#event-store';
import { isInside, outside, refuseAddress } from './addresses.js';
import { isOffered, isWanted, noticeOf, signed } from './notice.js';

const refusal = (url: string, allowPrivate = false) => {
  try {
    refuseAddress(url, allowPrivate);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : 'something else';
  }
};

describe('where a notice may go', () => {
  test.each(['https://hooks.example/in', 'https://93.184.216.34/in'])('%s: out of the house over https', (url) => expect(refusal(url)).toBeNull());

  test.each([
    'http://hooks.example/in',
    'ftp://hooks.example',
    'https://me:secret@hooks.example',
    'https://10.1.2.3/in',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/in',
    'https://[fd00::1]/in',
    'https://[::ffff:10.0.0.1]/in',
    'https://0x7f.1/in',
    'http://localhost:9000/in',
    'nowhere',
  ])('%s: not', (url) => expect(refusal(url)).toMatch(/^url: /));

  test('this machine, where that is set; no other place without https', () => {
    expect(refusal('http://127.0.0.1:9000/in', true)).toBeNull();
    expect(refusal('http://10.1.2.3/in', true)).toMatch(/https/);
  });

  test('is looked at again when the name is resolved', async () => {
    const found = (allowPrivate: boolean) =>
      new Promise((resolve) => outside(allowPrivate)('localhost', { all: true }, (error, addresses) => resolve(error?.message ?? addresses)));
    expect(await found(false)).toBe('localhost lies inside the house');
    expect(await found(true)).toContainEqual(expect.objectContaining({ address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) }));
    expect(['192.168.1.1', '100.64.0.1', '224.0.0.1', '::', 'fe80::1', 'no address'].every(isInside)).toBe(true);
    expect(isInside('2606:2800:220:1::1')).toBe(false);
  });

  test.each(['::ffff:0:10.0.0.1', '64:ff9b:1::a00:1', '100::1', '2001::1', '2001:1ff::1', '3fff:fff::1', '5f00::1', 'fec0::1'])(
    '%s: a reserved network, through which an address inside may be reached',
    (address) => expect(isInside(address)).toBe(true),
  );

  test.each(['2001:200::1', '64:ff9b:2::1', '100:0:0:1::1', '3fff:1000::1'])('%s: just beside one', (address) => expect(isInside(address)).toBe(false));
});

describe('what a notice says', () => {
  const event: RecordedEvent = {
    ...{ position: 7, stream: 'course/c1', version: 2, id: '018f0000-0000-7000-8000-000000000001', type: 'session.booked.v1', erased: false },
    ...{ patientId: 'p-1', meta: {}, occurredAt: new Date('2026-12-01T15:00:00Z'), recordedAt: new Date('2026-12-01T15:00:01Z') },
    data: { sessionId: 's1', courseId: 'c1', protocolId: 'microneedling.cosmetic', person: { givenName: 'Ana' }, note: 'sore', start: '2026-12-10T15:00:00Z' },
  };

  test('is ids, and nothing of the person or the treatment (invariant 11)', () => {
    expect(JSON.parse(noticeOf(event))).toEqual({
      ...{ specversion: '1.0', id: event.id, source: 'afterglow', type: event.type, subject: 's1', time: '2026-12-01T15:00:00.000Z' },
      ...{ datacontenttype: 'application/json', data: { patientId: 'p-1', courseId: 'c1', sessionId: 's1' } },
    });
  });

  test('goes to whoever asked for its type or its family', () => {
    expect(isWanted(['session.*'], event.type)).toBe(true);
    expect(isWanted(['session.booked.v1'], event.type)).toBe(true);
    expect(isWanted(['session.booked.v2', 'outreach.*'], event.type)).toBe(false);
    expect(['session.*', 'outreach.sent.v1'].every(isOffered)).toBe(true);
    expect(['*', 'clinic.*', 'session', 'session.booked', 'page.sent.v1'].some(isOffered)).toBe(false);
  });

  test('is signed as Standard Webhooks has it, the time included', () => {
    const [secret, body] = [Buffer.from('a secret'), noticeOf(event)];
    const headers = signed(secret, { id: 'd1', at: new Date('2026-12-01T15:00:00Z'), body });
    const right = createHmac('sha256', secret).update(`d1.1796137200.${body}`).digest('base64');
    expect(headers).toEqual({ 'webhook-id': 'd1', 'webhook-timestamp': '1796137200', 'webhook-signature': `v1,${right}` });
  });
});
