import { describe, expect, test } from '@jest/globals';
import { type RecoveryContext, triage, type Urgency } from './index.js';

const peel = 'chemical_peel.superficial';
const mediumPeel = 'chemical_peel.medium';
const co2 = 'laser_ablative.fractional_co2';
const fraxel = 'laser_nonablative.fractional_1550';
const ipl = 'ipl_bbl.standard';
const needling = 'microneedling.cosmetic';
const filler = 'dermal_filler.ha';
const toxin = 'botulinum_toxin.standard';
const dermabrasion = 'dermabrasion.standard';
const radiofrequency = 'rf_microneedling.standard';

type Case = readonly [protocolId: string, day: number, text: string, code?: string];

const judged = ([protocolId, day, text]: Case) => triage(text, [{ protocolId, day }]);

function corpus(urgency: Urgency, cases: readonly Case[]): void {
  test.each(cases)(`${urgency}: %s day %i "%s"`, (...entry) => {
    const result = judged(entry);
    expect(result).toMatchObject({ urgency, optOut: false });
    if (entry[3] !== undefined) expect(result.codes).toContain(entry[3]);
  });
}

describe('emergencies hold after every treatment, on every day (rule 1)', () => {
  corpus('emergency', [
    [peel, 1, "I can't breathe", 'breathing_swallowing_speech'],
    [co2, 40, 'cant breath properly', 'breathing_swallowing_speech'],
    [toxin, 5, "I'm having trouble swallowing", 'breathing_swallowing_speech'],
    [toxin, 9, 'my voice sounds weird and its hard to swallow', 'breathing_swallowing_speech'],
    [filler, 0, "I can't see out of my left eye", 'vision_change'],
    [filler, 0, 'everything looks blurry since this afternoon', 'vision_change'],
    [ipl, 2, 'seeing double', 'vision_change'],
    [filler, 1, 'the right side of my face is drooping and I am slurring', 'stroke_signs'],
    [needling, 3, "CAN'T MOVE MY ARM", 'stroke_signs'],
    [mediumPeel, 0, 'breaking out in hives', 'anaphylaxis'],
    [peel, 0, 'my throat is closing up', 'anaphylaxis'],
    [needling, 0, 'tongue is swelling', 'anaphylaxis'],
    [needling, 0, 'i fainted in the car', 'anaphylaxis'],
    [filler, 0, 'worst headache of my life', 'stroke_signs'],
    [filler, 1, 'the skin above my lip turned white and blotchy', 'blanching_or_mottling'],
    [filler, 0, 'pain is getting much worse', 'worsening_pain'],
    [filler, 2, 'throbbing pain in my nose', 'worsening_pain'],
    [filler, 3, 'purple lace pattern on my cheek', 'blanching_or_mottling'],
    [filler, 1, 'my eye hurts', 'eye_pain'],
    [toxin, 20, 'I feel weak all over', 'generalised_weakness'],
    [peel, 3, 'should i call 911'],
    [co2, 3, 'chest pain'],
    [peel, 2, 'i want to die'],
    [co2, 6, 'im wheezing and my lips are swelling', 'anaphylaxis'],
    [peel, 1, 'cаn’t brеathe', 'breathing_swallowing_speech'],
    [fraxel, 2, 'shortness of breath', 'breathing_swallowing_speech'],
    [fraxel, 2, 'blury vision', 'vision_change'],
    [filler, 0, 'I cant see!!!!', 'vision_change'],
    [peel, 4, 'not breathing well', 'breathing_swallowing_speech'],
    [peel, 4, 'can hardly breathe', 'breathing_swallowing_speech'],
    [co2, 4, 'No swelling but I am struggling to breathe', 'breathing_swallowing_speech'],
  ]);
});

describe('red flags inside their window win (rule 2)', () => {
  corpus('urgent', [
    [co2, 4, "no fever but there's pus", 'pus_discharge'],
    [co2, 4, 'there is yellow stuff coming out', 'pus_discharge'],
    [co2, 4, "thanks! btw there's yellow stuff coming out", 'pus_discharge'],
    [peel, 2, 'looks gross and oozing green goo', 'pus_discharge'],
    [needling, 3, 'bumps filled with pus', 'pus_discharge'],
    [co2, 5, 'honey coloured crust on my chin', 'pus_discharge'],
    [co2, 5, 'it smells bad', 'pus_discharge'],
    [co2, 5, 'puss', 'pus_discharge'],
    [co2, 5, 'pu$ on my chin', 'pus_discharge'],
    [co2, 5, 'P.U.S', 'pus_discharge'],
    [co2, 5, 'thick yellow discharge', 'pus_discharge'],
    [co2, 5, 'p\u200bus', 'pus_discharge'],
    [fraxel, 2, 'I have a fever', 'fever_chills'],
    [fraxel, 2, 'fevr', 'fever_chills'],
    [fraxel, 2, 'temp of 100.6', 'fever_chills'],
    [fraxel, 2, 'fever 101', 'fever_chills'],
    [fraxel, 2, '38.5 C this morning', 'fever_chills'],
    [fraxel, 2, 'running a temperature of 102F', 'fever_chills'],
    [fraxel, 2, 'chills all night', 'fever_chills'],
    [fraxel, 2, '🤒', 'fever_chills'],
    [peel, 3, 'a bliser on my cheek', 'blisters'],
    [peel, 3, 'blisters', 'blisters'],
    [filler, 1, 'small blister near my nose', 'blisters'],
    [co2, 3, 'it blistered', 'blisters'],
    [co2, 6, 'tingling on my lip and a cluster of blisters', 'grouped_blisters_or_cold_sore'],
    [co2, 6, 'I think I am getting a cold sore', 'grouped_blisters_or_cold_sore'],
    [co2, 6, 'it was better now worse', 'worsening_redness_after_improving'],
    [co2, 6, 'redder again today', 'worsening_redness_after_improving'],
    [peel, 4, 'the redness is getting worse', 'worsening_redness_after_improving'],
    [peel, 2, 'pain is 8/10', 'worsening_pain'],
    [peel, 2, 'really hurts', 'worsening_pain'],
    [peel, 2, 'the pain is unbearable', 'worsening_pain'],
    [peel, 2, 'my face is on fire', 'worsening_pain'],
    [co2, 5, 'oozing again', 'oozing_clear'],
    [co2, 12, 'the raw spot is still not healing', 'open_wound_not_healing'],
    [mediumPeel, 2, 'eye swollen shut', 'severe_swelling'],
    [mediumPeel, 6, 'my eyes are swolen shut', 'severe_swelling'],
    [peel, 1, 'swelling is worse than yesterday', 'severe_swelling'],
    [needling, 2, 'my lips are swelling up fast', 'severe_swelling'],
    [needling, 2, 'my face suddenly swelled', 'severe_swelling'],
    [filler, 2, 'redness spreading to my neck', 'spreading_redness'],
    [co2, 5, 'red streaks on my neck', 'spreading_redness'],
    [ipl, 1, 'burn marks in stripes', 'burn_mark'],
    [toxin, 4, 'my eyelid is drooping', 'eyelid_droop'],
    [radiofrequency, 3, "still numb and can't smile", 'persistent_numbness_or_facial_weakness'],
    [peel, 3, 'I think it is infected'],
    [peel, 3, "it won't stop bleeding", 'pinpoint_bleeding'],
    [co2, 2, 'bleeding a lot', 'pinpoint_bleeding'],
    [peel, 2, 'myfaceisswollenandthereispus', 'pus_discharge'],
    [peel, 2, 'f e v e r', 'fever_chills'],
    [peel, 3, 'its not only red but pus too', 'pus_discharge'],
    [peel, 3, "can't believe how much pus there is", 'pus_discharge'],
    [peel, 3, 'not sure if this is pus', 'pus_discharge'],
    [peel, 3, 'when I press it pus comes out', 'pus_discharge'],
    [peel, 3, 'no redness, pus yes', 'pus_discharge'],
    [peel, 3, 'no fever and there is pus', 'pus_discharge'],
    [peel, 3, "I don't have a fever I have pus", 'pus_discharge'],
    [peel, 3, 'No fever\nPus on chin', 'pus_discharge'],
    [peel, 3, 'The fever is gone but the pus is not', 'pus_discharge'],
    [peel, 3, 'no pain however there is a lot of pus', 'pus_discharge'],
    [peel, 3, 'My husband says there is pus', 'pus_discharge'],
    [peel, 3, 'had a fever yesterday', 'fever_chills'],
    [peel, 3, 'fever was gone now it is back', 'fever_chills'],
    [peel, 3, 'no tylenol helps the pain, it is excruciating', 'worsening_pain'],
    [peel, 3, 'I need help'],
    [peel, 4, 'no - pus is coming out', 'pus_discharge'],
    [peel, 4, 'no pus? yes there is', 'pus_discharge'],
    [peel, 4, 'no change in the pus', 'pus_discharge'],
    [peel, 4, 'there has never been this much pus', 'pus_discharge'],
    [peel, 4, "Everything's fine apart from some pus lol 😂", 'pus_discharge'],
    [filler, 1, 'it hurts', 'pain_mild'],
    [needling, 2, 'last night I could not breathe but I am fine now', 'breathing_swallowing_speech'],
  ]);

  corpus('soon', [
    [peel, 9, 'still red', 'redness'],
    [ipl, 12, 'dark patches on my cheek', 'new_dark_or_light_patches'],
    [co2, 20, 'a raised scar is forming', 'raised_thick_scar'],
    [needling, 8, 'track marks', 'track_marks_or_raised_scar'],
    [toxin, 20, 'one side is uneven', 'uneven_result_early'],
    [filler, 20, 'a new lump showed up', 'delayed_lump_swelling'],
  ]);
});

describe('expected only when everything is known and inside its window (rule 4)', () => {
  corpus('expected', [
    [peel, 1, 'my face is red', 'redness'],
    [peel, 2, 'a bit tight and dry', 'tightness_dryness'],
    [peel, 3, 'Peeling today', 'peeling_flaking'],
    [peel, 4, "It's peeling around my mouth and a little itchy.", 'peeling_flaking'],
    [peel, 5, 'flaky', 'peeling_flaking'],
    [co2, 2, 'Some swelling under my eyes and clear fluid', 'swelling'],
    [co2, 5, 'brown crusts and tiny dots, rough like sandpaper', 'bronzing_sandpaper'],
    [co2, 8, 'still pink', 'pinkness_fading'],
    [co2, 6, 'still red but fading every day', 'redness'],
    [fraxel, 3, 'bronzed and itchy', 'bronzing_sandpaper'],
    [ipl, 4, 'the spots look darker', 'darkened_spots'],
    [ipl, 5, 'coffee grounds on my cheeks', 'darkened_spots'],
    [needling, 1, 'a little sore and red', 'pain_mild'],
    [needling, 0, 'blood dots', 'pinpoint_bleeding'],
    [toxin, 1, 'slight headache and a small bruise', 'headache_mild'],
    [toxin, 10, 'one eyebrow is higher', 'uneven_result_early'],
    [peel, 2, 'thank you!'],
    [peel, 2, 'ok'],
    [peel, 2, 'All good here, no problems'],
    [peel, 2, '👍'],
    [peel, 2, '👍🏽👍🏽'],
    [peel, 2, "I'm doing great, thanks"],
    [peel, 2, 'feeling fine 😊'],
    [peel, 2, 'no issues at all'],
    [co2, 4, 'my skin is itchy, flaky & a little pink. is that ok?', 'itching'],
    [co2, 9, 'new breakout of pimples', 'acneiform'],
    [mediumPeel, 4, 'skin turned brown and is peeling off', 'peeling_flaking'],
    [radiofrequency, 1, 'sore and red with small scabs', 'crusting_scabbing'],
    [toxin, 1, 'tiny bumps at injection sites', 'lumps_mild'],
    [peel, 4, 'Better than yesterday'],
  ]);
});

describe('one question is asked (rules 5, 9, 9b, 9c)', () => {
  corpus('ask', [
    [peel, 6, 'red', 'redness'],
    [co2, 5, 'my face is red', 'redness'],
    [co2, 5, 'red but better, and hot', 'redness'],
    [peel, 20, 'itchy', 'itching'],
    [peel, 20, 'puffy', 'swelling'],
    [peel, 3, 'no fever'],
    [peel, 3, 'No pus, no fever, just peeling', 'peeling_flaking'],
    [peel, 3, 'no fever, chills, or pus'],
    [peel, 3, "I don't have a fever"],
    [peel, 3, 'Fever? No.'],
    [peel, 3, 'no sign of blisters'],
    [peel, 3, 'not worse'],
    [peel, 3, 'never had pus or fever'],
    [peel, 3, 'temp 98.6'],
    [peel, 3, 'what if it blisters?', 'blisters'],
    [peel, 3, 'Is it normal to have pus?', 'pus_discharge'],
    [peel, 3, 'should I worry if I get a fever', 'fever_chills'],
    [peel, 3, 'my sister had blisters after hers', 'blisters'],
    [peel, 3, 'had a fever yesterday, gone now', 'fever_chills'],
    [peel, 3, 'the fever is gone', 'fever_chills'],
    [peel, 3, 'no longer have a fever', 'fever_chills'],
    [peel, 3, "what if I can't breathe", 'breathing_swallowing_speech'],
    [peel, 3, '1'],
    [peel, 3, '2'],
    [peel, 3, '3'],
    [peel, 3, '😭'],
    [peel, 3, 'hello?'],
    [peel, 3, ''],
    [peel, 3, '???'],
    [peel, 1, 'very red', 'redness'],
    [peel, 3, 'no trouble breathing'],
    [peel, 3, 'it hurts', 'pain_mild'],
    [filler, 1, 'my vision is fine, no pain'],
    [peel, 4, 'breathing fine'],
    [peel, 4, 'temp was 101 yesterday but normal now', 'fever_chills'],
    [peel, 3, 'bleeding', 'pinpoint_bleeding'],
  ]);
});

describe('what is not recognised goes to a person (rule 6)', () => {
  corpus('soon', [
    [peel, 3, 'can I take ibuprofen'],
    [peel, 3, 'I found out I am pregnant'],
    [peel, 3, 'I have an allergy to latex'],
    [peel, 3, 'when can I stop the ointment'],
    [peel, 3, 'looks weird'],
    [peel, 3, 'asdf qwer zxcv'],
    [peel, 3, '我的脸很奇怪'],
    [peel, 3, 'see the photo'],
    [peel, 3, 'I am worried'],
    [peel, 3, 'not good'],
    [peel, 3, 'a rash on my neck'],
    [peel, 3, 'my cheek crackles like cellophane'],
    [peel, 3, 'peeling is no better', 'peeling_flaking'],
    [peel, 3, 'the itching is not going away', 'itching'],
    [peel, 3, 'can I wear makeup tomorrow'],
    [peel, 3, "it won't stop itching", 'itching'],
    [peel, 3, '🤢'],
  ]);
});

describe('the desk', () => {
  corpus('administrative', [
    [peel, 3, 'can I reschedule'],
    [peel, 3, 'running late, 10 min'],
    [peel, 3, 'where do I park?'],
    [peel, 3, 'how much is the next session?'],
    [peel, 3, 'please cancel my appointment on Friday'],
    [peel, 3, 'Thanks! What time is my appointment tomorrow?'],
    [peel, 3, 'are you open on Saturday?'],
    [peel, 3, 'can I move my appt to Thursday, my kid has soccer'],
    [peel, 3, 'can i stop by tomorrow'],
  ]);

  test('a symptom in the same text wins', () => {
    expect(judged([peel, 3, 'can I reschedule, I have pus']).urgency).toBe('urgent');
    expect(judged([peel, 3, 'running late, face is peeling']).urgency).toBe('expected');
  });
});

describe('wishes to stop, in any words', () => {
  test.each([
    'STOP',
    'stop',
    'Stop.',
    'stop please',
    'please stop',
    'STOP!!!',
    'stop all',
    'UNSUBSCRIBE',
    'cancel',
    'END',
    'quit',
    'revoke',
    'opt out',
    'OPTOUT',
    "please don't text me any more",
    'quit texting me',
    'quit texting',
    'remove me from your list',
    'leave me alone',
    'no more messages please',
    'take me off this list',
    "I don't want these texts",
    'lose my number',
    'stop contacting me',
    'do not contact me again',
    "don't message me",
    'unsubscribe me please',
    'I want to opt out',
    'never text me again',
    'enough with the texts already',
    "I don't want to receive any more messages",
    'S T O P',
    'stop sending me stuff',
    'Delete my number',
    'turn off these reminders',
    'can you stop texting me',
    'I withdraw my consent',
    'stop it',
    'ok stop now',
    'please remove my number from your system',
    'stopp',
    'quit blowing up my phone',
    'You can stop messaging me now',
    'how do i unsubscribe',
    'stop my appointment reminders',
    "i'd rather not get these",
    'I no longer wish to be contacted',
    'Stop please and thank you',
    'Stop for good',
    'stop forever',
    'Yes stop',
    'omg stop',
    'Reply STOP',
    'stop sending',
    'STOP END CANCEL',
    'do not text',
    'no texts',
    'sotp',
    'unenroll me',
    'Stop\nSent from my iPhone',
    'STOP Glow',
    'Stop Manhattan Glow Clinic',
  ])('"%s"', (text) => {
    expect(triage(text, [{ protocolId: peel, day: 3 }])).toMatchObject({ optOut: true, reply: 'stop.confirmed' });
  });

  test.each([
    'stop the bleeding',
    "it won't stop itching",
    'when can I stop the ointment',
    'cancel my appointment',
    "it doesn't stop burning",
    'should I stop using retinol',
    'how do I stop the itching',
    'I stopped taking it',
    "don't stop texting me",
    'can I stop by at noon',
    'the pain stopped',
    "I can't stop scratching",
    "please don't text me before 9am, I work nights",
    "I didn't get your text",
    'no more peeling',
    'I quit smoking',
    'text me back',
    'cancel my session on Friday please',
    'I want it to stop',
    'end of the week is better',
    'the bus stop is closed',
    'leave it alone?',
    'when will it stop peeling',
    'stop the redness please',
    'stop bleeding',
    'stop tretinoin',
    'wrong number of sessions on my bill',
  ])('not "%s"', (text) => {
    expect(triage(text, [{ protocolId: peel, day: 3 }]).optOut).toBe(false);
  });

  test.each([
    ["STOP. my face is swelling and there's pus", 'urgent'],
    ['STOP my face is on fire', 'urgent'],
    ["please don't text me any more, I can't breathe", 'emergency'],
    ['leave me alone, I have a fever', 'urgent'],
    ['There is pus. Stop', 'urgent'],
  ] as const)('holds beside a symptom: "%s"', (text, urgency) => {
    const result = triage(text, [{ protocolId: peel, day: 3 }]);
    expect(result).toMatchObject({ optOut: true, urgency, reply: `stop.confirmed.${urgency}` });
  });
});

test.each(['wrong number', 'You have the wrong number', 'número equivocado'])('7: "%s" stops the messages, and a person looks at the address', (text) => {
  expect(triage(text, [{ protocolId: peel, day: 3 }])).toMatchObject({ optOut: true, urgency: 'soon' });
});

describe('digits', () => {
  const one: RecoveryContext[] = [{ protocolId: peel, day: 3 }];
  test.each([
    ['1', 'check-in', 'expected'],
    ['2', 'check-in', 'soon'],
    ['3', 'check-in', 'urgent'],
    [' 1. ', 'check-in', 'expected'],
    ['1️⃣', 'check-in', 'expected'],
    ['one', 'check-in', 'expected'],
    ["1 but there's pus", 'check-in', 'urgent'],
    ['1 thanks!', 'check-in', 'expected'],
    ['2 or 3', 'check-in', 'urgent'],
    ['1 - a little itchy', 'check-in', 'expected'],
    ['4', 'check-in', 'ask'],
    ['3 days of peeling', 'check-in', 'expected'],
    ['1', 'confirm', 'administrative'],
    ['2', 'confirm', 'administrative'],
    ['1', null, 'ask'],
    ['3', null, 'ask'],
  ] as const)('"%s" to %s', (text, digitQuestion, urgency) => {
    expect(triage(text, one, { digitQuestion }).urgency).toBe(urgency);
  });

  test('a digit to a confirmation names its template', () => {
    expect(triage('1', one, { digitQuestion: 'confirm' }).reply).toBe('confirmed');
    expect(triage('2', one, { digitQuestion: 'confirm' }).reply).toBe('another-time');
  });
});

describe('several recoveries, none, photos, staff first', () => {
  test('the most urgent of all open recoveries wins (rule 7)', () => {
    const contexts = [
      { protocolId: peel, day: 2 },
      { protocolId: filler, day: 1 },
    ];
    expect(triage('it really hurts', contexts).urgency).toBe('emergency');
    expect(triage('it really hurts', contexts.slice(0, 1)).urgency).toBe('urgent');
  });

  test('without a treatment a symptom is at least soon and a warning keeps its highest urgency', () => {
    expect(triage('a bit red', []).urgency).toBe('soon');
    expect(triage('pus', []).urgency).toBe('urgent');
    expect(triage('turned white and blotchy', []).urgency).toBe('emergency');
    expect(triage('thanks', []).urgency).toBe('administrative');
    expect(triage('where do I park', []).urgency).toBe('administrative');
  });

  test('a photo is seen by a person', () => {
    expect(triage('thanks', [{ protocolId: peel, day: 2 }], { hasMedia: true }).urgency).toBe('soon');
    expect(triage('', [{ protocolId: peel, day: 2 }], { hasMedia: true }).urgency).toBe('soon');
  });

  test('staff-first protocols are never reassured (rule 9d)', () => {
    for (const text of ['a bruise', 'all good thanks', 'swollen a bit']) {
      expect(triage(text, [{ protocolId: filler, day: 2 }])).toMatchObject({ urgency: 'expected', reply: 'received' });
    }
    expect(triage('a bit red', [{ protocolId: dermabrasion, day: 2 }]).reply).toBe('received');
  });

  test.each([
    ['emergency', "can't breathe", 'emergency.911'],
    ['urgent', 'pus', 'urgent.call'],
    ['soon', 'I am pregnant', 'soon.received'],
    ['ask', 'red', 'ask.redness'],
    ['expected', 'peeling', 'expected'],
    ['administrative', 'where do I park', null],
  ] as const)('%s answers with an approved template only (invariant 10)', (urgency, text, reply) => {
    expect(triage(text, [{ protocolId: peel, day: 6 }])).toMatchObject({ urgency, reply });
  });
});
