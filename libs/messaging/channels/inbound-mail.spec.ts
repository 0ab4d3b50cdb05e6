import { describe, expect, test } from '@jest/globals';
import { idInMessageId, messageIdOf } from './message-ids.js';
import { parseMail } from './inbound-mail.js';

const mail = (headers: Record<string, string>, body = 'It burns.') =>
  Buffer.from(
    [
      ...Object.entries({
        From: 'Ana <ana@example.com>',
        To: 'care@lumen.example',
        'Message-ID': '<r1@example.com>',
        Subject: 'Re: Your visit',
        'MIME-Version': '1.0',
        ...headers,
      })
        .filter(([, value]) => value !== '')
        .map(([name, value]) => `${name}: ${value}`),
      '',
      body,
    ]
      .join('\n')
      .replaceAll('\n', '\r\n'),
  );

const report = (status: string, original = 'Content-Type: message/rfc822\n\nMessage-ID: <m1@lumen.example>\nTo: "Ana" <ana@example.com>\nSubject: Hi\n\nHi') =>
  mail(
    { From: 'MAILER-DAEMON@mx.example', Subject: 'Undelivered', 'Content-Type': 'multipart/report; report-type=delivery-status; boundary="B"' },
    `--B\nContent-Type: text/plain\n\nI am sorry.\n--B\nContent-Type: message/delivery-status\n\n${status}\n--B\n${original}\n--B--`,
  );
const status = (fields: string) => `Reporting-MTA: dns; mx.example\nOriginal-Envelope-Id: a1\n\nFinal-Recipient: rfc822; ana@elsewhere.example\n${fields}\n`;

describe('a delivery report (RFC 3464)', () => {
  test('says what became of which message and attempt', async () => {
    expect(await parseMail(report(status('Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 No such\n user')))).toEqual({
      kind: 'report',
      envelopeId: 'a1',
      stage: 'not-delivered',
      error: { code: '5.1.1', reason: 'bad-address', retry: 'never' },
      about: ['<m1@lumen.example>'],
    });
  });

  test.each([
    ['Action: failed\nStatus: 5.1.1', 'not-delivered', 'bad-address'],
    ['Action: failed\nStatus: 5.2.2 (mailbox full)', 'not-delivered', 'unreachable'],
    ['Action: failed\nStatus: 5.7.1', 'not-delivered', 'blocked'],
    ['Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.10 null MX', 'not-delivered', 'bad-address'],
    ['Action: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 I do not like you', 'not-delivered', 'blocked'],
    ['Action: failed\nStatus: 5.0.0', 'not-delivered', 'other'],
    ['Action: failed', 'not-delivered', 'other'],
    ['Action: failed\nStatus: 4.4.7', 'not-delivered', 'unreachable'],
    ['Action: Delayed\nStatus: 4.4.1', 'on-its-way', null],
    ['Action: delivered\nStatus: 2.0.0', 'delivered', null],
    ['Action: relayed\nStatus: 2.0.0', 'sent', null],
    ['Action: something of next year', 'on-its-way', null],
  ])('%s', async (fields, stage, reason) => {
    expect(await parseMail(report(status(fields)))).toMatchObject({ stage, error: reason === null ? null : { reason, retry: 'never' } });
  });

  test('of several recipients one that failed counts', async () => {
    const two = `${status('Action: delivered\nStatus: 2.0.0')}\nFinal-Recipient: rfc822; x@new.example\nAction: failed\nStatus: 5.1.1`;
    expect(await parseMail(report(two, 'Content-Type: text/plain\n\nno headers'))).toMatchObject({
      stage: 'not-delivered',
      about: [],
    });
  });

  test('may return headers only, or name the message as a reply does', async () => {
    expect(await parseMail(report(status('Action: failed'), 'Content-Type: text/rfc822-headers\n\nMessage-ID: <m2@lumen.example>'))).toMatchObject({
      about: ['<m2@lumen.example>'],
    });
    const named = report(status('Action: failed'), 'Content-Type: text/plain\n\n-')
      .toString()
      .replace('Subject:', 'In-Reply-To: <m3@lumen.example>\r\nSubject:');
    expect(await parseMail(Buffer.from(named))).toMatchObject({ kind: 'report', about: ['<m3@lumen.example>'] });
  });

  test('other reports are machines’ talk', async () => {
    const read = 'multipart/report; report-type=disposition-notification; boundary="B"';
    const body = '--B\nContent-Type: message/disposition-notification\n\nDisposition: automatic-action; displayed\n--B--';
    expect(await parseMail(mail({ 'Content-Type': read }, body))).toMatchObject({ kind: 'automatic' });
  });
});

describe('what a machine wrote', () => {
  test.each([
    [{ 'Auto-Submitted': 'auto-replied (vacation)' }],
    [{ 'Auto-Submitted': 'auto-generated' }],
    [{ Precedence: 'bulk' }],
    [{ Precedence: 'auto_reply' }],
    [{ 'X-Autoreply': 'yes' }],
    [{ 'X-Autorespond': 'Out of office' }],
    [{ 'List-Id': '<news.example>' }],
    [{ 'Return-Path': '<>' }],
    [{ From: 'Mail Delivery System <MAILER-DAEMON@mx.example>' }],
  ])('%j', async (headers) => expect(await parseMail(mail(headers))).toMatchObject({ kind: 'automatic' }));

  test.each([[{ 'Auto-Submitted': 'no' }], [{ Precedence: 'normal' }], [{ 'Return-Path': '<ana@example.com>' }]])('%j is a person', async (headers) =>
    expect(await parseMail(mail(headers))).toMatchObject({ kind: 'letter' }),
  );
});

describe("a person's e-mail", () => {
  test('is read without what it repeats, and names what it answers', async () => {
    const headers = { 'In-Reply-To': '<m2@lumen.example>', References: '<m1@lumen.example>\n <m2@lumen.example>' };
    expect(await parseMail(mail(headers, 'It burns.\n\nOn Dec 2, 2026 Lumen wrote:\n> How is it?'))).toEqual({
      kind: 'letter',
      messageId: '<r1@example.com>',
      from: 'ana@example.com',
      answers: ['<m2@lumen.example>', '<m1@lumen.example>'],
      words: 'It burns.',
      quoted: 'On Dec 2, 2026 Lumen wrote:\n> How is it?',
      attachments: [],
    });
  });

  test.each([
    ['Re: Your visit', 'It burns.', 'It burns.'],
    ['RV: Su visita', 'Me arde.', 'Me arde.'],
    ['Re: Your visit', '', 'Re: Your visit'],
    ['my face swells', '', 'my face swells'],
    ['my face swells', 'what now?', 'my face swells\n\nwhat now?'],
    ['', 'STOP', 'STOP'],
  ])('the subject "%s" with "%s" says "%s"', async (Subject, body, words) => expect(await parseMail(mail({ Subject }, body))).toMatchObject({ words }));

  test('in HTML only is read as its text, quotation apart', async () => {
    const html = '<div>Me <b>arde</b></div><div class="q">El 2 dic 2026, Lumen escribió:<br><blockquote>¿Cómo está? ¿fiebre?</blockquote></div>';
    expect(await parseMail(mail({ 'Content-Type': 'text/html; charset=utf-8' }, html))).toMatchObject({ words: 'Me arde' });
  });

  test('without a Message-ID is told by its content', async () => {
    const [one, same, other] = await Promise.all(['a', 'a', 'b'].map((body) => parseMail(mail({ 'Message-ID': '' }, body))));
    expect(one).toEqual(same);
    expect(one).toMatchObject({ messageId: expect.stringMatching(/^sha256:/) });
    expect(other).not.toMatchObject({ messageId: one?.kind === 'letter' ? one.messageId : '' });
  });

  test('is judged by as many words as anyone writes, and loses none', async () => {
    const letter = await parseMail(mail({}, `${'word '.repeat(5_000)}end\0`));
    expect(letter).toMatchObject({ quoted: expect.stringMatching(/end$/) });
    expect(letter.kind === 'letter' && letter.words.length).toBe(20_000);
  });

  test('brings its photos, but not the ornaments of its signature', async () => {
    const part = (related: string, bytes: number) =>
      `--B\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n${related}\n\n${Buffer.alloc(bytes, 1).toString('base64').replace(/.{76}/g, '$&\n')}\n`;
    const body = `--B\nContent-Type: text/html\n\nlook <img src="cid:x"><img src="cid:y">\n${part('Content-ID: <x>', 400)}${part('Content-ID: <y>', 30_000)}--B--`;
    const letter = await parseMail(mail({ 'Content-Type': 'multipart/related; boundary="B"' }, body));
    expect(letter.kind === 'letter' && letter.attachments.map(({ contentType, content }) => [contentType, content.length])).toEqual([['image/png', 30_000]]);
    const photo = await parseMail(mail({ 'Content-Type': 'multipart/mixed; boundary="B"' }, `--B\n\nlook\n${part('Content-Disposition: inline', 400)}--B--`));
    expect(photo.kind === 'letter' && photo.attachments).toHaveLength(1);
  });

  test('that does not say who wrote it is refused', async () => {
    await expect(parseMail(mail({ From: '' }))).rejects.toMatchObject({ code: 'unreadable_mail' });
  });
});

test('a Message-ID of ours names its message, another’s none', () => {
  const from = 'Lumen Skin <care@Lumen.example>';
  expect(idInMessageId(messageIdOf('m1', from), from)).toBe('m1');
  for (const other of ['<m1@elsewhere.example>', '<m1>', '', '<a@b@lumen.example>']) expect(idInMessageId(other, from)).toBeNull();
});
