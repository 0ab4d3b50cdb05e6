import type { PatientRecord, Ribbon } from '../../apps/console/src/api.js';

/** What is known of one patient of the stub, with everything that a front desk must see first. */
export const record: Omit<PatientRecord, 'id' | 'givenName' | 'familyName' | 'birthDate' | 'phone' | 'email' | 'language'> = {
  facts: {
    conditions: ['cold_sores'],
    medications: [{ code: 'topical_retinoid', name: 'Tretinoin', prescribed: true, stoppedOn: '2026-11-25' }],
    exposures: [{ code: 'sun_tan', on: '2026-11-01' }],
    treatments: [],
    pregnant: true,
    nursing: false,
    smoking: false,
    fitzpatrick: 'III',
  },
  allergies: ['lidocaine'],
  consents: [
    { channel: 'sms', scope: 'care', address: '+12125550100', granted: false, method: 'keyword', at: '2026-11-30T15:00:00Z' },
    { channel: 'email', scope: 'care', address: 'ana@example.com', granted: true, method: 'form', at: '2026-11-20T15:00:00Z' },
  ],
};

export const ribbon: Ribbon = {
  timeZone: 'America/New_York',
  from: '2026-11-20',
  to: '2027-02-20',
  sessions: [
    { id: 's0', number: 1, protocolId: 'laser_ablative.fractional_co2', status: 'completed', on: '2026-11-24' },
    { id: 's1', number: 2, protocolId: 'laser_ablative.fractional_co2', status: 'arrived', on: '2026-12-02' },
    { id: 's9', number: 3, protocolId: 'laser_ablative.fractional_co2', status: 'booked', on: '2027-01-12' },
  ],
  events: [{ on: '2027-02-14', name: 'wedding' }],
  bands: [
    { kind: 'washout', from: '2026-11-20', to: '2026-12-01', say: '7 days after tretinoin was stopped on 2026-11-25' },
    { kind: 'downtime', from: '2026-11-24', to: '2026-11-30', say: '6 days of downtime after visit 1' },
    { kind: 'downtime', from: '2026-12-02', to: '2026-12-12', say: '10 days of downtime after visit 2' },
    { kind: 'window', from: '2026-12-30', to: '2027-01-20', say: 'visit 3 may lie here' },
    { kind: 'sun', from: '2026-12-15', to: '2027-01-11', say: 'no sun or tan before visit 3' },
    { kind: 'downtime', from: '2027-01-12', to: '2027-01-22', say: '10 days of downtime after visit 3' },
  ],
};
