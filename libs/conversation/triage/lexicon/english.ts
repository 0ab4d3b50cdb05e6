import type { Lexicon } from './lexicon.js';

/**
 * What patients write in English. Keys of `symptoms` are the catalogue's codes; after a slash stands a variant that the
 * rules treat apart. The catalogue's own example phrases are all here.
 */
export const english: Lexicon = {
  symptoms: {
    redness: `
      red, redness, reddish, burned|burnt look, look|looks|looking burned|burnt, sunburn, sunburned|sunburnt, flushed, blotchy red|redness,
      red and? blotchy, lobster, tomato, beet, rosy, inflamed, inflammation, 🔴
    `,
    pinkness_fading: `pink, pinkish, pinkness, pinky, faint|light|pale red|redness, redness is|has? almost gone, faintly red`,
    swelling: `swollen, swelling, swelled|swell|swells, puffy, puffiness, puffed up?, bloated, chipmunk, inflated, edema`,
    severe_swelling: `
      #cannot open it|them, #skin is|are #very? huge|enormous,
      #eye swollen|swelled|puffed|puffy shut|closed, #eye is|are #very? swollen|swelled|puffed|puffy shut|closed, swollen|swelled|puffed shut|closed,
      #cannot open my|the|her|his? left|right|both? #eye, #eye .. wont open, #eye are|is? almost? shut|closed from swelling,
      face|lip|lips doubled in? size, twice the|its size, ballooned|ballooning up?, huge swelling, massive|massively swelling|swollen,
      swelling|swell|swells|swelled up? so|really|very? fast|quick|quickly|suddenly, suddenly swelling|swelled|swollen,
      severe|severely swelling|swollen, cant open my mouth, looks like a balloon
    `,
    warmth_burning: `burning, burns, burn a little|bit, hot, warm, warmth, stings, stinging, sting, heat, feverish skin, toasty, flaming, 🔥, 🥵`,
    'warmth_burning/fierce': `on fire, burning like hell|crazy|mad, boiling, scalding, feels like acid`,
    oozing_clear: `
      oozing, ooze|oozes|oozed|oozy, weeping, weepy, leaking, leaks|leaky, seeping, clear #fluid, clear watery? #fluid,
      straw colored|coloured|color #fluid?, watery #fluid, wet looking, draining
    `,
    crusting_scabbing: `
      brown|dark|tan crust|crusts|scab|scabs, scab, scabs, scabbing, scabbed|scabby, crust, crusty, crusting, crusts|crusted,
      scab|scabs .. fell|falling off
    `,
    peeling_flaking: `
      peeling, peel, peels|peeled|peely, flaking, flaky, flakes|flake|flaked|flakey, shedding, shed|sheds, sloughing off?, molting, snake,
      white flakes|flaky, skin .. coming|falling off
    `,
    bronzing_sandpaper: `
      bronze, bronzed|bronzing, rough, roughness, sandpaper, sandpapery, tiny dots, gritty skin, coffee ground dots, grid like? dots, bumpy texture
    `,
    darkened_spots: `
      spot|spots are|is|look|looks|got|getting|have|turned|gone? .. darker|dark|darkened, spot|spots darker, brown spot|spots darker, darker spot|spots, dark spot|spots,
      freckles .. darker|darkened, coffee ground|grounds, darker .. spots|freckles, darkened, pepper specks, pigment .. rising|lifting
    `,
    itching: `itchy, itching, itch, itches|itched|itchiness, scratching|scratchy, tickly`,
    tightness_dryness: `tight, tightness, tighter, dry, dryness, drier, dried out, dehydrated, parched, leathery, pulling feeling`,
    pinpoint_bleeding: `
      bleeding a? little|bit|tiny, blood dots, pinpoint bleeding|bleeds|blood, dots of blood, tiny|little|small bleeding, little|tiny bit of blood,
      speck|specks of blood, drop|drops of blood, spotting, spots of blood
    `,
    'pinpoint_bleeding/plain': `bleeding, bleed, blood, bloody, bled|bleeds, 🩸`,
    'pinpoint_bleeding/heavy': `
      bleeding a lot|heavily|badly|profusely|nonstop|everywhere, lot|lots of blood, heavy|heavily bleeding, gushing, soaked .. blood|bloody,
      wont|doesnt|cant|not|never stop|stopping bleeding, bleeding wont|doesnt|isnt|not|will stop|stopping, bleeding that? wont|doesnt|cant stop,
      still bleeding, hemorrhaging, blood everywhere, cant .. stop the|my bleeding, stop the|my bleeding, keeps bleeding, bleeding .. wont stop
    `,
    bruising: `
      bruise, bruises, bruised, bruising, bruisy, black and blue, black eye|eyes, purple, purplish,
      bruise|bruises|bruising .. yellow|yellowish|green|greenish|brown, yellow|yellowish|green|greenish bruise|bruises|bruising
    `,
    milia: `white bumps, milia, tiny|small|little white bumps|dots, whitehead, whiteheads, white heads`,
    acneiform: `breaking out, pimples, pimple, breakout, breakouts, broke out, break out, acne, zits, zit, blackheads`,
    pain_mild: `
      sore, soreness, uncomfortable, discomfort, mild|slight|little|minor|minimal pain|ache|aching, little|bit|slightly|mildly painful|achy, achy,
      ache|aches, aching, hurt|hurts a little|bit|tad, ouchy
    `,
    'pain_mild/plain': `pain, painful, pains, hurts, hurt, hurting, painfully, ouch, 🤕`,
    tenderness: `tender, tenderness, hurts|sore|painful to|when touch|touched|press|pressed, sensitive, sensitivity`,
    tingling_numbness_mild: `tingly, tingling, tingle|tingles, numb, numbness, pins and needles, prickly, prickling`,
    headache_mild: `headache, headaches, head ache|aches, head hurts, head is hurting|pounding, migraine, migraines`,
    lumps_mild: `lump, lumps, lumpy, bump, bumps, bumpy, small|little lump|bump|knot, knot, pea size|sized`,
    uneven_result_early: `
      uneven, unevenness, one side, asymmetric, asymmetrical, asymmetry, lopsided, crooked, not symmetrical|even, eyebrow|brow .. higher|lower,
      one eyebrow|brow
    `,
    worsening_pain: `
      pain|hurts|hurting|sore|soreness|ache|painful is|are|has|getting|got|gotten|keeps? .. #worse, pain #worse, #worse pain, more pain|painful than,
      more and more pain|painful, more painful, #very hurts|hurting|painful|sore|achy, hurts|hurt|hurting #very? bad|badly|lot,
      hurts|hurting so|too much, hurt|hurts like hell|crazy|a|mad, #bad pain|pains, #bad #bad pain, pain|ache is|are|was? #very? #bad, throbbing,
      throbs|throb, pulsating|pounding pain, so much pain, lot|lots|ton of pain, in agony, agony, killing me, kills,
      stabbing|sharp|shooting|searing pain, cant|couldnt|unable sleep .. pain|hurts, cant stand|take|bear the pain|it,
      pain .. not|isnt|wont|doesnt .. relieved|helped|helping|controlled|going|easing,
      tylenol|ibuprofen|advil .. not|isnt|doesnt|didnt|wont help|helping|touch|touching|work|working, pain|hurts increasing|rising|growing,
      increasing|growing|rising pain, #bad headache, headache .. #bad|worse, excruciating, unbearable, in a? lot of pain, crying from|in pain
    `,
    worsening_redness_after_improving: `
      redder, redder again, red|redness|pink again, more red, more redness, redness|red .. came|coming|comes back,
      red|redness .. returned|returning|flared|flaring, redness|red is|are|has|getting|gets|got|keeps? .. #worse, #worse redness, darker red,
      deeper red, brighter red, was|were|got|looked|started .. better .. now? #worse, better yesterday|before|earlier and|but? now? #worse,
      worse again, worse after getting|being better, was improving .. now? worse|red|redder, very very red, bright|fiery|beet red again,
      angry|angrier red|looking
    `,
    spreading_redness: `
      spreading, spreads|spread, spread to|down|up|across|all|over, red streak|streaks|streaking|line|lines, streaking, expanding,
      redness is moving|growing, red area|patch .. bigger|growing|larger, hot and? red, red and? hot
    `,
    prolonged_redness: `
      still #very? red|redness after, still red .. weeks|week|months|month later?, red|redness .. weeks|months|month later|after,
      redness .. never|not|wont|hasnt went|gone|going|go away
    `,
    pus_discharge: `
      gunk, gunky, goo, gooey, goop, goopy, #eye .. stuck shut|together, #eye .. crusty|crusted, pus, puss|pussy|pusy|pussing, yellow, yellowish,
      green, greenish, smells, smelly, stinks|stinky|stink, smell|smelling, foul, stench, odor|odour, #dirtyColour thick? #fluid,
      #dirtyColour .. #fluid, #pusColour colored|coloured|color crust|crusts|scab|scabs, #pusColour crust|crusts|crusting|scab|scabs|scabby, honey colored|coloured|color|like,
      thick|cloudy|milky|white|creamy|smelly #fluid, oozing|leaking|weeping|seeping|draining #dirtyColour, oozing|leaking|weeping .. #dirtyColour,
      discharge, discharging, bumps|pimples|blisters|spots .. filled|full|with .. pus, pustule, pustules, pus filled, purulent, abscess, boil, boils,
      rotten|rotting, infected|infection .. #fluid|pus
    `,
    fever_chills: `
      shaking, sweating, sweaty, trembling, hot and cold,
      fever, fevers|feverish, febrile, chills, chill, shivering|shivers|shivery, shaking chills, running hot, burning up, sweats, night sweats,
      cold sweats, 🤒, 🌡, 🥶
    `,
    'fever_chills/measured': `temperature, temp`,
    blisters: `blister, blisters, blistering, blistered, blistery, bubbles on|under|in, bubbling, bubbled, fluid filled, water|fluid bubble|bubbles`,
    grouped_blisters_or_cold_sore: `
      cold sore, cold sores, coldsore|coldsores, fever blister|blisters, herpes, hsv, cluster|clusters|group|bunch of blisters|bubbles|vesicles|bumps,
      clustered|grouped blisters|bumps, blisters .. cluster|clusters|clustered, vesicles, shingles, sore on|near|at .. lip|lips|mouth,
      tingling|tingly|tingle .. lip|lips|mouth, lip|lips .. tingling|tingly
    `,
    open_wound_not_healing: `
      raw, open, not|isnt|arent|wont|hasnt|havent|doesnt|never heal|healing|healed|closing|closed, open|raw wound|sore|area|spot|skin|cut, wound,
      wounds, ulcer, ulcers|ulcerated, hasnt|not .. healed|closed, non healing, sores, oozing wound, wound .. opened|reopened
    `,
    blanching_or_mottling: `
      white, gray, grey, blotchy, dusky, purple lace|net|web|lacy|pattern|mottled|mottling|mesh, mottled, mottling, blotches,
      blanched|blanching|blanch, lacy|lace|marbled|marbling|fishnet|netlike|spiderweb, grayish|greyish, whitish, pale, paler, ashen, bluish|blue,
      blueish, turning|turned|going|gone|looks purple|blue|black|white|gray|grey, skin|area|lip|nose|spot .. black, black, blackened|blackening,
      necrosis, necrotic, skin|tissue is? dying|dead, cold to the? touch, #skin is|feels|are cold, cold skin, livedo,
      discolored|discoloured white|gray|grey
    `,
    vision_change: `
      barely|hardly see,
      #cannot .. see, #cannot really? see anything|anymore|well|clearly|properly|straight|out|any more|a thing, cant see|focus, blurry,
      blurred|blur|blurring|blurriness, double vision, seeing double|spots|flashes|stars|halos, blind, blindness, going blind,
      lost sight|vision, losing sight|vision, black|dark spot|spots|curtain in|over my? vision|eye|sight, cant see out of, not see|seeing well|clearly,
      sight .. gone|bad|worse, lost .. sight, dont see well|clearly, floaters, everything .. fuzzy|blurry|dark|black, see fuzzy, fuzzy vision
    `,
    'vision_change/named': `vision, eyesight, sight`,
    'breathing_swallowing_speech/named': `voice, breathing, swallowing`,
    'anaphylaxis/named': `throat`,
    stroke_signs: `
      slurred, slurring, slur|slurs, #cannot move, #cannot really? move my|the|her|one|an? arm|leg|face|mouth|side|hand,
      droop|drooping|droops|drooped on|of one|left|right|the|my side, face|mouth|cheek|smile is|are? drooping|droopy|drooped|droops|droop|sagging,
      droopy face|mouth|smile, drooping face|mouth, facial droop,
      one|left|right side of my? face is|went|feels|are? .. numb|drooping|droopy|paralyzed|weak|fallen|dead|limp,
      arm|leg|hand is|feels|went? .. weak|numb|limp|paralyzed|dead, weakness in|of my|one|the? arm|leg|side|hand, stroke, paralyzed|paralysed,
      paralysis, confused, confusion, cant speak|talk|find .. words, worst headache, worst headache of my life, thunderclap, seizure, seizures,
      convulsions, cant speak right, speech .. weird|garbled|funny|gone|off
    `,
    breathing_swallowing_speech: `
      not|isnt|arent breathe|breathing|swallow|swallowing well|right|properly|good|normally|ok|okay|easily,
      #cannot #breathe, #cannot really|hardly|even|fully? #breathe|swallow, #trouble #breathe|swallowing|swallow|speaking|talking|breathing,
      #trouble to|in|with #breathe|swallow|speak|talk|swallowing|speaking|talking, #trouble time|getting #breathe|swallowing|air|breath,
      hard to swallow|breathe|talk|speak, short of breath|breath, shortness of breath, out of breath, gasping, suffocating, choking,
      cant catch my? breath, cant|couldnt get .. air|breath, hoarse, hoarseness, voice .. hoarse|gone|weak|funny|changed, lost|losing my voice,
      #cannot swallow, #cannot speak|talk, breathless, breathing is|feels|gets? .. hard|difficult|heavy|tight|bad, wind pipe, chest tightness|tight,
      tight chest, tightness in|of my? chest, chest is|feels tight, cant breath, dysphagia, swallowing is|feels hard|difficult|tough
    `,
    anaphylaxis: `
      hives, hive, faint, fainted|fainting, passed|passing|pass out, wheezing|wheeze|wheezy,
      throat .. closing|swelling|swollen|tight|itchy|closed|tightening|swells, closing throat, swollen throat|tongue,
      tongue .. swollen|swelling|thick|tingling|big|itchy, swelling .. tongue|throat, anaphylaxis, anaphylactic, allergic reaction, epipen, welts,
      collapsed|collapse|collapsing, unconscious, blacked out, urticaria, severe|bad allergic|allergy reaction?
    `,
    generalised_weakness: `
      weak all over, weak everywhere, whole body .. weak|weakness, muscle weakness, muscles .. weak, general|generalized|generalised weakness,
      too weak to, #cannot lift|hold .. head|arms|anything, #very weak, weakness all over, body is|feels? .. weak, neck .. weak, no strength,
      #cannot|hard|struggling .. hold|lift|keep my? head
    `,
    eyelid_droop: `
      eyelid|eyelids|lid|lids .. droop|drooping|droopy|droops|drooped|heavy|falling|dropped|sagging|sags, droopy|drooping|drooped|heavy #eye|lid|lids,
      eye|eyes is|are? half|partly|partially closed|shut|open, #eye .. drooping|droopy|droops|drooped, ptosis, eyelid droop, droop, drooping, droopy,
      droops|drooped
    `,
    eyelid_turning_out: `
      eyelid|lid|eyelids pulling|pulled|pulls|turning|turned|turns|flipping|flipped|rolling down|out|outward|outwards,
      eyelid|lid|eyelids is|are pulling|pulled|turning|turned|flipping down|out|outward|outwards, ectropion, lower lid|eyelid .. down|out
    `,
    eye_pain: `
      #eye .. hurts|hurt|burn|sting|hurting|painful|sore|aches|burns|burning|stings|stinging|gritty|scratchy|killing,
      pain in|behind|around my|the|one|left|right|both? #eye, #eye pain, grit in, gritty, gritty #eye, sore|painful|burning|stinging #eye,
      something in my #eye, sand in my #eye, #eye .. sensitive to light, light hurts|sensitivity
    `,
    raised_thick_scar: `
      raised, thick, scar, scars, scarring, scarred, keloid, keloids, hypertrophic, raised|thick|thickened|hard|ropey itchy? scar|scars|area|line|skin,
      thickened, ropey|ropy
    `,
    track_marks_or_raised_scar: `track marks, track mark, lines, grid|tram|railroad lines|marks|pattern, raised lines, needle lines|tracks|marks, grid`,
    new_dark_or_light_patches: `
      dark patch, dark patches, light patch, light patches, pigment, pigmentation, hyperpigmentation, hypopigmentation,
      new dark|light|brown|white|darker|lighter spot|spots|patch|patches|mark|marks|area|areas, brown|gray|grey|white|darker|lighter patch|patches,
      patchy color|colour, skin .. darker|lighter|darkening|darkened, discoloration|discolouration, discolored|discoloured, melasma,
      dark|darker|brown marks|mark|area|areas, patches, lost color|colour, bleached
    `,
    burn_mark: `
      burn mark, burn marks, stripe, stripes, striped, stripy, burned|burnt, burned|burnt me|my, burn, a burn, burn|burns on|from, second|third degree,
      zebra, grid marks, rectangle|rectangles|rectangular, scorched, singed, branded
    `,
    persistent_numbness_or_facial_weakness: `
      still numb, still #very? numb|tingly|tingling, cant|cannot smile|whistle|pucker, cant|cannot close my? mouth|lips|eye,
      numb|numbness .. wont|not|isnt|never|hasnt .. away|gone|going, facial weakness, face|lip|lips|mouth|smile is|feels? .. weak|crooked|paralyzed,
      numb since|for, crooked smile, smile .. crooked|uneven|lopsided, lost feeling|sensation, no feeling|sensation, cant feel my|the
    `,
    skin_dent_or_fat_loss: `
      dent, dents, dented, hollow, hollowed|hollows|hollowing, sunken, indent|indented|indentation|indentations, divot|divots, pit|pitted, crater,
      fat loss, lost fat|volume, gaunt, sinking in
    `,
    delayed_lump_swelling: `
      new lump|lumps|bump|bumps|swelling|nodule|knot, nodule, nodules, lump|swelling|bump .. appeared|showed|came|popped|developed,
      lump|bump|knot .. bigger|growing|hard|red|larger, hard lump|bump|knot|lumps, granuloma, cyst
    `,
    palpitations_dizziness: `
      heart .. racing|pounding|fluttering|skipping|flutters|fast, racing heart, palpitations, palpitation, dizzy, dizziness, light headed|headedness,
      lightheaded, lightheadedness, woozy, irregular|skipped heartbeat|heart|beats, vertigo, room .. spinning, 😵, heart beating fast
    `,
  },
  concerns: {
    emergency: `
      911, 112, ambulance, heart attack, chest pain|pains, pain in my? chest, chest .. hurts|hurting, dying, want to die,
      kill|killing|harm|hurt|hurting myself, end my life, suicidal, suicide, overdose, overdosed, paramedics, lips .. blue, blue lips, 🆘, 🚑
    `,
    urgent: `
      emergency, emergencies, urgent, urgently, hospital, er, urgent care, emergency room, infected, infection, infections, cellulitis, sepsis, septic,
      staph, mrsa, need|want help, help me, please help, something .. #very? wrong, #very wrong, gangrene, gangrenous,
      skin|flesh .. melting|dying|rotting|sloughing, sore throat, delirious, delirium, vomiting|vomited|vomit, throwing|threw|throw up, burned my face,
      getting|got|gets|is #very? #worse, #worse than, #worse every|each|today|now|this, #worse, deteriorating|deteriorated,
      doctor .. now|asap|immediately, call me asap|now|immediately|right, cant sleep .. burning|itching
    `,
    soon: `
      sick, nauseous, nausea, nauseated, unwell, ill, rash, rashes, reaction, reacting, reacted, allergic, allergy, allergies, lesion, lesions, cyst,
      gross, disgusting, nasty, weird, strange, odd, funky, abnormal, not normal|right|good|great|ok|okay|fine|well|happy|sure|looking,
      isnt|doesnt|dont|arent|wasnt .. normal|right|good|great|ok|okay|fine|well|happy, no good, wrong, concern|concerned|concerning|concerns, worried,
      worry|worries|worrying|worrisome, scared, scary, freaking|freaked out, panicking|panic, nervous, anxious, afraid, terrified, alarmed, upset, bad,
      badly, awful, terrible, horrible, worst, ugly, monster, ruined, botched, disfigured, regret, problem, problems, trouble,
      complication|complications, side effect|effects, help, swab, antibiotic, antibiotics, aspirin, ibuprofen, advil, motrin, aleve, tylenol,
      acetaminophen, benadryl, antihistamine|antihistamines, zyrtec|claritin, steroid, steroids, prednisone, hydrocortisone, cortisone, valtrex,
      valacyclovir, acyclovir, antiviral|antivirals, neosporin, retinol, retinoid, retinoids, retin, tretinoin, accutane, isotretinoin, hydroquinone,
      medicine, medicines, medication, medications, meds, pill, pills, drug, drugs, prescription, prescribed, dose, doses, tablet|tablets,
      blood thinner|thinners, eliquis|xarelto|warfarin|coumadin|plavix, birth control, pregnant, pregnancy, expecting a? baby, breastfeeding,
      breastfeed, nursing,
      stop|start|restart|switch|skip .. ointment|cream|lotion|serum|gel|mask|makeup|sunscreen|moisturizer|spf|soap|cleanser|vaseline|aquaphor,
      should|can|could|may|when|do|must i .. stop|use|using|apply|put|take|wear|wash|keep|need|shower|exercise|drink|swim|fly|shave|workout|pop|pick|squeeze|ice,
      twitching|twitch|spasm|spasms|cramp|cramps, diarrhea, cough|coughing, fatigue|fatigued|exhausted, swallowed, bite|bites|bitten, bug bite,
      metallic, covid|flu, wrong number|person, 🤢, 🤮, 😷, 🤧, fell|fall|injured|injury, hematoma, seroma, lymph|gland|glands,
      not|isnt|arent|havent|hasnt|no|never .. better|improving|improved|improvement, not|isnt|arent|wont|havent|hasnt|doesnt|never .. away,
      not|isnt|wont|hasnt|doesnt|never .. going|gone|go down|away, not|hasnt .. faded|fading, sunburned|sunburnt yesterday|today,
      got|get .. sunburn|sunburned|sunburnt, popped|picked|picking|squeezed|scratched, photo|photos|picture|pictures|pic|pics|image|video,
      attached|attaching, 📷, 📸, 🤳
    `,
    ask: `
      question, questions, idk, maybe, meh, so so, not sure, dont know, tired, interesting, 😭, 😢, 😱, 😖, 😣, 😫, 😩, 😰, 😨, 😳, 😬, 😕, 🙁, ☹, 😞, 😟, 💀, ☠, 👎, ❓,
      ❗, 😡, 🤬, :(
    `,
  },
  masks: `
    hot shower|showers|bath|baths|coffee|tea|yoga|tub|tubs|water|weather|day|flash|flashes|dog|chocolate|outside|drinks|drink|pack|out,
    warm|cold|cool water|compress|compresses|shower|pack|packs|weather|air|day|regards|bath|drink|drinks|washcloth|cloth,
    red light|carpet|wine|meat|bull|dress|shirt|lipstick, white towel|towels|cream|wine|noise|shirt|dress|rice|bread|vinegar|strip,
    green tea|light|juice|dress|card, yellow light|cab|pages|dress, blue light|dress|shirt|jeans, black tea|coffee|friday|dress|shirt|tie|makeup,
    pink dress|shirt|lipstick|lip, tight schedule|budget, tight|tighter clothes|shirt|hug, dry cleaning|cleaner|cleaners|shampoo|january|hands,
    rough day|night|week|time, numbing cream,
    open today|tomorrow|now|late|on|at|until|till|sunday|saturday|monday|friday|house|weekends|up|appointment|appointments|slot|slots|spot|spots|time|times|early|for,
    you|u|yall|office|clinic open|closed, are you guys? open,
    smells|smell like the|an? cream|ointment|vinegar|lotion|vaseline|sunscreen|flowers|roses|lavender|coconut, smells good|nice|great,
    spread|spreading .. cream|ointment|lotion|aquaphor|vaseline|sunscreen|moisturizer|gel|word|love, fine|smile|laugh|frown lines,
    lines|line at|in the|your, in|on line, thick layer|coat|cream|ointment|amount|hair, raised the|my|a|in price|prices|money, cabin fever,
    faint line|lines|pink|redness|red|glow|color|colour|mark, light exercise|lunch|makeup|workout|meal|activity|headed home, blind date,
    voice mail|message|note|call, heart emoji, room|water temperature|temp, acne scars|scar|scarring, old scar|scars, blood test|work|pressure|orange,
    killing time|it, sensitive skin|teeth, peel appointment|session|next|treatment|price|cost, my|the|a|another|next|chemical|second|first|your peel,
    white or|and black, sore muscle|muscles from gym|workout, the worst is|part|of it? is? over|behind, black and white,
    no|not a|any? problem|problems|issues|issue|complaints|concerns|worries|complications, not too? bad, not bad, no side effects,
    dont|no|not worry|worries|worried, nothing to worry, no help|questions needed, dont need help|anything, no questions, cant complain,
    cant|cannot move my? forehead|brow|brows|eyebrow|eyebrows,
    cant|couldnt see any|much|a? redness|swelling|pus|blisters|bruises|bruising|difference|peeling|line|lines|scar|scars|change|spots,
    dont|do|not see any, the treated area, patch test, chicken skin, temp|temperature is|was? normal, normal temperature|temp, feel|feels normal,
    look|looks normal, all normal, back to normal, totally|completely|perfectly normal, as normal, spot|spots available|left, any spot|spots, on the one side,
    bug you, bad weather|traffic|timing|hair, ill be|see|call|come|let|try|do|take|send|go|keep|check, ill, burn calories|candle|candles,
    sensitive topic, hard candy, can|could|may i stop by|in|over|at, thanks|thank you? again, see you? again,
    help with my|the billing|bill|appointment|schedule|scheduling|booking|invoice|receipt|parking, er yag,
    question about my|the|your billing|bill|appointment|schedule|price|prices|invoice|receipt, raw food|fish|honey, honey mask|tea, hollow knight
  `,
  trend: {
    worse: `
      #worse, more swollen|swelling|itchy|burning|inflamed|puffy|bruised|bleeding|oozing|red|pain|hot|tender|sore|numb, bigger, doubled, tripled,
      growing, grew, larger, more and more, increased, increase, increases, again, back again, came back, is|its|are|was|it back, coming back,
      returned, flared, flare up, flaring, rapidly, hotter, puffier, itchier, out of nowhere, suddenly, sudden
    `,
    severe: `
      #bad, unbelievably, like crazy, hell, horrendous, agony, cant sleep, cant stand, cant take, cant bear, driving me crazy|nuts|insane|mad,
      kept me up, hugely, huge, massive, massively, tremendous, uncontrollable, uncontrollably, 10x
    `,
    very: `
      #very, lot, lots, a lot, tons, really really, very very, everywhere, all over, nonstop, constantly, wont stop, doesnt stop, cant stop, strong,
      strongly, bright
    `,
    unchanged: `
      not|isnt|arent|no|never|hasnt|havent|doesnt|wont|didnt .. better|improving|improve|improved|fading|faded|down|lighter|less|away, no better,
      no change, same as, the same, still not, wont stop, wont go away, not going away, doesnt stop, persistent, persists, persisting, stubborn
    `,
    better: `
      better, improving, improved, improves, fading, faded, fades, less, lighter, going down, went down, gone down, goes down, subsiding, calming,
      calmed, calmer, settling, settled, healing, decreasing, decreased, easing, almost gone, nearly gone, clearing
    `,
  },
  good: `
    thanks, thank you|u|ya|yall, thx, ty, tysm, tks, thank, thankyou, many thanks, ok, okay, okey, k, kk, okie, okey dokey, got it, gotcha, understood,
    sounds good, will do, all good, all is? well|good|great|fine, good, great, perfect, fine, awesome, amazing, wonderful, excellent, fantastic,
    fabulous, beautiful, lovely, love, loving, loved, happy, pleased, thrilled, delighted, glad, doing well|good|great|fine|ok|okay|better,
    feeling|feel|feels well|good|great|fine|ok|okay|better, healing nicely|well|great|good, healing, healed,
    looks|looking|look good|great|fine|better|amazing, no issues, no problems, no problem, no complaints, no concerns, no worries, no issue,
    not a problem, no complications, no side effects, not too? bad, cant complain, better, improving, improved, well, nice, nicely, smooth, smoother,
    glowing, glowy, glow, cool, sweet, yay, yes thanks|thank|all|good|great|fine, no thanks|thank, see you, excited, best, experience, recommend,
    appreciate, appreciated, grateful, bless, welcome, normal, back to normal, as normal, as expected, like you said, great results, results,
    everything is? good|great|fine|ok|okay|well, so far so good, right on track, on track, nothing to report,
    nothing unusual|new|else|to report|to worry, the worst is|part over|behind, fading, subsiding, settled, easy, love it, fine now, roger, copy,
    noted, cheers, good morning|afternoon|evening|night|day, have a good|great|nice|lovely .. day|weekend|evening|night|one,
    happy thanksgiving|holidays|birthday|new|christmas, merry christmas, 👍, 👌, 🙏, ❤, 🧡, 💛, 💚, 💙, 💜, 🤍, 🩷, 💕, 💖, 😊, 🙂, 😀, 😃, 😄, 😁, 😍, 🥰, 😘, ☺, 😌, 😎, 🤗,
    🤩, ✅, ✔, 💯, 🎉, ✨, 🥳, 👏, 🙌, 💪, 🌟, ⭐, 🌸, 🌞, ☀, 😇, 😉, 😂, 🤣, 😅, 😆, 🫶, 🤝, 💃, 🌹, 💐, 🎄, 👋, :), :D, :-), <3, ;), ;-), :-D, :P
  `,
  desk: `
    reschedule, rescheduling, rescheduled, schedule, scheduling, scheduled, appointment, appointments, appt, appts, apt, booking, book, booked, rebook,
    cancel, cancelling, canceling, cancellation, running late, be late, late, minutes late, on my way, omw, traffic, stuck in, park, parking, price,
    prices, pricing, cost, costs, how much, fee, fees, payment, payments, pay, paid, paying, deposit, refund, invoice, receipt, bill, billing, billed,
    charge, charged, insurance, credit card, card, gift card|cards|certificate|certificates, discount, promo, promotion, package, packages, membership,
    financing, hsa, fsa, hours, address, directions, location, located, entrance, lobby, floor, suite, elevator, which office, what time, available,
    availability, opening, openings, slot, slots, come in, move my, change my, earlier, another time|day, different time|day,
    next session|appointment|visit, confirm, confirmed, confirming, wait list, waitlist, stop by, drop by, here now, im here, arrived, arriving,
    call me, phone number, new number, email, paperwork, form, forms, portal, review, referral, friend wants, voucher, coupon, are you guys? open,
    you open|closed, open today|tomorrow|now|late|sunday|saturday|monday|friday|weekends|until|till, uber, subway, train, bus, wifi, left my,
    sunglasses, umbrella, cant make it, be there, bring, venmo, zelle, apple pay, cash
  `,
  negators: `
    no, not, never, without, dont, doesnt, didnt, isnt, arent, wasnt, werent, havent, hasnt, hadnt, nor, neither, none, zero, aint, free of,
    negative for, no sign|signs|hint|trace of, cant|cannot|couldnt see any, dont see any,
    dont|doesnt|didnt think|believe|feel|look|seem|appear like? its|it|i|there|theres|ive is|has|have|had|got?, deny, absence of, wouldnt say,
    wouldnt call it
  `,
  notNegators: `
    not only, not just, isnt|arent|wasnt|dont|doesnt just|only, never been|felt|looked worse, not sure, not certain, no doubt, no idea, no clue,
    dont know, dont understand, didnt know|realize|realise|expect, not to mention, nothing but, cant believe, never been this|so, not been this,
    no joke, no kidding, no lie, no matter, no wonder, why not, whether or not, or not, not good, not happy, not normal, dont like, dont want,
    dont tell me, not able, no less, not less, not any less, isnt any less, no relief, no change|improvement|difference|progress|luck, no sleep,
    not slept, havent slept, didnt sleep, isnt it, didnt go, hasnt gone, hasnt stopped, not stopped, not stopping, didnt stop, doesnt stop, not better,
    no better, not ok, cant tell, not ignore, not a joke, dont care, no thanks, no thank you
  `,
  contrast: `but, however, though, although, except, yet, only, just, btw, also, plus, still, instead, apart, besides, aside`,
  openers: `
    and, then, i, im, ive, there, theres, it, its, my, this, these, because, cause, cuz, bc, since, with, from, due, when, while, after, yes, they,
    theyre, helps, help, helping, helped, works, working, worked, touches
  `,
  supposed: `
    unless,     what if, if, in case, is it normal to|for|if, it normal to|for|if, normal to|if|for, is it ok|okay|common|expected|usual if|to|for,
    should i worry|expect, worry if, worried if, worried about getting, worried|afraid|scared|nervous|concerned that? i|it will|might|could|may,
    scared|afraid of getting, how do|would|will i know, how to tell|know, what are|is the? signs|sign|symptoms|risk|risks of?,
    signs|sign|symptoms|risk|risks|chance|chances of, what does, what would, can i|it get|become|turn|cause|lead|scar|blister,
    could|may|might i|it get|become|turn|cause|lead|scar|blister, might|may|could get|happen|develop|turn|become|cause, will i|it|there|my,
    is there a|any risk|chance, when will|does|do|would|should, how long will|does|do|until|before|till, how .. prevent|avoid, to prevent|avoid,
    supposed to, going to|gonna get|have|turn|happen|scar|blister|peel|be, hope i|it|there dont|doesnt|isnt|wont|never,
    do people|patients|you ever? get|have, instead of, rather than, read|heard|saw|googled .. about|that, google says|said,
    friend|friends|sister|brother|cousin|mother|mom|neighbor|coworker|son|daughter|baby|husband|wife|boyfriend|girlfriend|kid|kids|child|dad|father|aunt|someone|somebody|people|lady|others|dog|cat has|had|got|gets|have|developed|experienced|ended|caught
  `,
  notSupposed: `
    not sure if, dont know if, cant tell if, wondering if, wonder if, unsure if, idk if, no idea if, see if, tell me if, asking if, as if, even if,
    if i|you touch|press|squeeze|push|lie|lay|bend|smile|move|lean|close|open|turn|chew|look|pull|rub|scratch, if this|that|these|thats,
    normal for my|the|it|this|these|me, is it normal that, would like|love|appreciate|say, could|can|might|may it|this|that|these be,
    might|may|could be|have
  `,
  over: `gone, gone now, went away, gone away, is|are|its all gone, subsided, resolved, disappeared, has|have stopped|passed, stopped, stopped now, cleared, cleared up, not anymore, not any more`,
  overIfPast: `
    fine now, ok now, okay now, good now, better now, over now, went down, back to normal, normal now, all better, healed, healed up|now, now fine|ok|okay|gone|good|normal|better, all clear, can see|breathe|swallow|talk|speak fine|again|ok|okay|normally|well|now|better
  `,
  overBefore: `no longer, not any more|longer, used to have|be|get, dont|doesnt .. anymore, isnt|arent .. anymore`,
  overFillers: `
    yesterday, last, night, earlier, today, this, morning, afternoon, evening, now, is, are, has, have, its, it, they, theyre, thats, that, all, but,
    and, ago, day, days, hour, hours, hr, hrs, minutes, week, weeks, for, a, an, few, couple, of, on, at, in, was, were, been, briefly, completely,
    totally, finally, monday, tuesday, wednesday, thursday, friday, saturday, sunday, the, my, im, i, am, feel, feeling, #skin, #eye, since, so, just,
    mostly, then, first, one, two, three, thankfully, luckily
  `,
  pastCues: `had, was, were, yesterday, last night|week|month|time, earlier, ago, this morning, felt, got, couldnt`,
  notOver: `
    not|never|isnt|hasnt|havent|wont|didnt|doesnt|aint|wasnt|arent fully|completely|really|quite|yet|all|even? gone|stopped|subsided|resolved|cleared|passed|went|healed|go|over|disappeared,
    almost|nearly|mostly|partly|half|never gone, gone worse|bad|up|numb|white|gray|grey|blind|red|black|purple|blue,
    went white|gray|grey|numb|black|red|blind|purple|blue
  `,
  affirmed: `yes, yeah, yep, yup, definitely, lots, present`,
  denied: `no, none, nope, negative, nah, not really, not at all, zero`,
  well: `fine, ok, okay, well, normally, good, is|are|feels|feel|looks|seems|sounds fine|ok|okay|good|normal|great|perfect|clear|unchanged|unaffected`,
  painScale: `pain, hurts, hurt, sore, painful, ache, scale, discomfort, level`,
  praise: `experience, service, recommend, stars, happy, results, rating, rate, love, staff, visit, care`,
};
