import { describe, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { parseInbound, parseStatus, verifyTwilioSignature } from './twilio-webhooks.js';

const url = 'https://clinic.example/webhooks/twilio/status?attempt=a1';
const form = { To: '+12125550142', MessageSid: 'SM1', MessageStatus: 'delivered' };
const signed = (address: string) => createHmac('sha1', 'token').update(`${address}MessageSidSM1MessageStatusdeliveredTo+12125550142`).digest('base64');

describe('the signature', () => {
  test('holds for this address, this form and this token only', () => {
    expect(verifyTwilioSignature('token', signed(url), url, form)).toBe(true);
    expect(verifyTwilioSignature('other', signed(url), url, form)).toBe(false);
    expect(verifyTwilioSignature('token', signed(url), url, { ...form, MessageSid: 'SM2' })).toBe(false);
    expect(verifyTwilioSignature('token', signed(url), url.replace('https', 'http'), form)).toBe(false);
    expect(verifyTwilioSignature('token', '', url, form)).toBe(false);
  });
});

describe('a text that comes in', () => {
  test('is read with its photos', () => {
    const media = { NumMedia: '2', MediaUrl0: 'https://m/0', MediaContentType0: 'image/jpeg', MediaUrl1: 'https://m/1', MediaContentType1: 'image/png' };
    expect(parseInbound({ MessageSid: 'SM1', From: '+1', To: '+2', Body: 'look', ...media })).toEqual({
      providerMessageId: 'SM1',
      from: '+1',
      to: '+2',
      body: 'look',
      media: [
        { url: 'https://m/0', contentType: 'image/jpeg' },
        { url: 'https://m/1', contentType: 'image/png' },
      ],
    });
  });

  test('is never lost for a field that does not matter', () => {
    expect(parseInbound({ MessageSid: 'SM1', From: '12345', NumMedia: 'many' })).toMatchObject({ body: '', media: [] });
  });

  test('without sender or sid is none', () => {
    expect(() => parseInbound({ MessageSid: 'SM1' })).toThrow(/From/);
    expect(() => parseInbound(undefined)).toThrow(expect.objectContaining({ code: 'unreadable_webhook' }));
  });
});

describe('a status report', () => {
  test.each([
    ['queued', 'on-its-way'],
    ['sending', 'on-its-way'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'delivered'],
    ['a status of next year', 'on-its-way'],
  ])('%s: %s', (status, stage) => {
    expect(parseStatus({ MessageSid: 'SM1', MessageStatus: status }, 'a1')).toMatchObject({ stage, error: null, attemptId: 'a1' });
  });

  test.each([
    ['30003', 'unreachable', 'once'],
    ['30036', 'expired', 'later'],
    ['21610', 'opted-out', 'never'],
    ['39999', 'other', 'never'],
  ])('undelivered with %s: %s, %s', (code, reason, retry) => {
    const report = parseStatus({ MessageSid: 'SM1', MessageStatus: 'undelivered', ErrorCode: code }, null);
    expect(report).toMatchObject({ stage: 'not-delivered', error: { code, reason, retry }, key: `SM1/undelivered/${code}` });
  });

  test('one message has several, told apart by more than its sid', () => {
    const keys = ['sent', 'delivered'].map((MessageStatus) => parseStatus({ MessageSid: 'SM1', MessageStatus }, null).key);
    expect(new Set(keys).size).toBe(2);
  });
});
