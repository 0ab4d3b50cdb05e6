/**
 * Codes that some protocol flags and none ever expects. Outside every window that the catalogue gives them they are still
 * warnings, never "known but outside its window" (triage rule 5): the catalogue is silent about them there, not reassuring.
 */
export const warningSigns: ReadonlySet<string> = new Set([
  'severe_swelling',
  'worsening_pain',
  'worsening_redness_after_improving',
  'spreading_redness',
  'prolonged_redness',
  'pus_discharge',
  'fever_chills',
  'blisters',
  'grouped_blisters_or_cold_sore',
  'open_wound_not_healing',
  'blanching_or_mottling',
  'vision_change',
  'stroke_signs',
  'breathing_swallowing_speech',
  'anaphylaxis',
  'generalised_weakness',
  'eyelid_droop',
  'eyelid_turning_out',
  'eye_pain',
  'raised_thick_scar',
  'track_marks_or_raised_scar',
  'new_dark_or_light_patches',
  'burn_mark',
  'persistent_numbness_or_facial_weakness',
  'skin_dent_or_fat_loss',
  'delayed_lump_swelling',
  'palpitations_dizziness',
]);

/** Warnings of an occlusion after an injection; after anything else, where the catalogue does not flag them, a person looks the same day. */
export const injectionSigns: ReadonlySet<string> = new Set(['blanching_or_mottling']);

/** Rule 3: what a symptom becomes when the text says that it grows, returns or is severe. */
export const worsenedForm: Readonly<Record<string, string>> = {
  redness: 'worsening_redness_after_improving',
  pinkness_fading: 'worsening_redness_after_improving',
  swelling: 'severe_swelling',
  warmth_burning: 'worsening_pain',
  pain_mild: 'worsening_pain',
  tenderness: 'worsening_pain',
  headache_mild: 'worsening_pain',
  tingling_numbness_mild: 'persistent_numbness_or_facial_weakness',
  lumps_mild: 'delayed_lump_swelling',
};

/** Symptoms without a worsened form of their own that are nevertheless urgent when they grow. */
export const urgentWhenWorse: ReadonlySet<string> = new Set(['oozing_clear', 'pinpoint_bleeding', 'warmth_burning']);

/** Symptoms of which "very" asks a question before they can be expected. */
export const askedWhenStrong: ReadonlySet<string> = new Set([
  'redness',
  'pinkness_fading',
  'swelling',
  'warmth_burning',
  'oozing_clear',
  'itching',
  'bruising',
  'tenderness',
  'tingling_numbness_mild',
  'headache_mild',
]);

/** Heat or pain beside redness forbid to take a stated improvement as an answer (rule 9c). */
export const heatOrPain: ReadonlySet<string> = new Set(['warmth_burning', 'pain_mild', 'tenderness', 'worsening_pain']);

/** Injected near vessels: pain, pale skin and sight are judged for occlusion, where hours decide. */
export const isInjection = (protocolId: string): boolean => /^(dermal_filler|botulinum_toxin)\./.test(protocolId);
