import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseClinic } from '#clinic';
import { projectRoot } from '#platform';
import { messageOf } from './message.js';

const document = JSON.parse(readFileSync(join(projectRoot, 'libs/clinic/data/sample-clinic.json'), 'utf8')) as { locations: { id: string }[] };
const clinicWith = (addresses: Readonly<Record<string, string>>) =>
  parseClinic({ ...document, locations: document.locations.map((location) => ({ ...location, address: addresses[location.id] })) });
const [first = '', second = ''] = document.locations.map(({ id }) => id);

const letter = (clinic: ReturnType<typeof parseClinic>, locationId?: string) =>
  messageOf(
    { template: 'thanks', channel: 'email', locals: locationId === undefined ? {} : { locationId } },
    { clinic, language: 'en', link: 'https://clinic.example/p/x', unsubscribeUrl: 'https://clinic.example/p/x/unsubscribe' },
  );

describe("a letter's foot", () => {
  const both = clinicWith({ [first]: '12 West 20th Street, New York, NY 10011', [second]: '9 Main Street, Hoboken, NJ 07030' });

  it('says where the clinic gets its post: at the place that is spoken of', () => {
    for (const part of [letter(both, second).body, letter(both, second).email?.html]) {
      expect(part).toContain('9 Main Street, Hoboken, NJ 07030');
      expect(part).not.toContain('West 20th');
    }
  });

  it('else at the first place that has an address', () => {
    expect(letter(both).body).toContain('12 West 20th Street');
    expect(letter(clinicWith({ [second]: '9 Main Street' }), first).body).toContain('9 Main Street');
  });

  it('is whole without one', () => {
    expect(letter(clinicWith({})).body).not.toMatch(/undefined/);
  });
});
