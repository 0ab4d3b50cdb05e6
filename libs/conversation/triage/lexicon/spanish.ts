import type { Lexicon } from './lexicon.js';

/** What patients write in Spanish, without accents (the text is read without them, `ñ` as `n`). */
export const spanish: Lexicon = {
  symptoms: {
    redness: `
      rojo, roja, rojos, rojas, rojita|rojito, rojez, rojeces, enrojecido, enrojecida, enrojecimiento, colorada, colorado,
      irritado|irritada|irritacion, quemada|quemado por? el? sol, como quemada|quemado, inflamacion
    `,
    pinkness_fading: `rosa, rosada, rosado, rosadita|rosadito, rosita, sonrosada`,
    swelling: `
      hinchado, hinchada, hinchados, hinchadas, hinchazon, hinchadita|hinchadito, hincha|hinchan|hincho, inflamado, inflamada, inflamados, inflamadas
    `,
    severe_swelling: `
      cara|ojo|ojos|labio|labios .. como .. globo, no #noPuedo abrir el|los|mi|mis ojo|ojos|parpado|parpados, ojo|ojos cerrado|cerrados,
      ojo|ojos .. cerrado|cerrados|cierran|cierra .. hinchado|hinchados|hinchazon, hinchazon empeora|empeoro|aumenta|aumento|fuerte|severa,
      hincha|hinchan|hinchando|hinchado|hinchada|hinchados .. rapido|rapidamente|repente, hinchazon rapida|repentina,
      hinchadisimo|hinchadisima|hinchadisimos|hinchadisimas
    `,
    warmth_burning: `arde, arden, ardor, ardiendo, ardia, quema, quemazon, caliente, calientes, calor, calentita|calentito, escuece, escozor, tibia`,
    'warmth_burning/fierce': `arde|quema mucho|muchisimo|horrible|demasiado, en llamas, como fuego, fuego`,
    oozing_clear: `
      supura, supurando, supuracion, gotea, goteando, liquido, liquido claro|transparente, agüita|aguita, llora|llorando|exuda|exudado|exudando,
      humedad
    `,
    crusting_scabbing: `costra, costras, costritas, costroso|costrosa`,
    peeling_flaking: `
      pelando, pelandose, pela, pelo la piel, pele, despellejando, despelleja, despellejada, descama, descamando, descamacion, escamas, escamosa,
      se me? cae la piel, piel .. cae|cayendo|despega|despegando, pellejo|pellejos|pellejitos, mudando
    `,
    bronzing_sandpaper: `bronceada|bronceado, aspera, aspero, aspereza, rasposa, rasposo, lija, puntitos cafes|oscuros|marrones, puntitos`,
    darkened_spots: `mancha|manchas .. oscuras|oscura|oscurecieron|oscurecen|oscurecido, manchas|pecas mas oscuras, pecas .. oscuras`,
    itching: `pica, pican, picor, picazon, comezon, rasquina, picando, me da comezon`,
    tightness_dryness: `tirante, tirantez, tensa, tenso, apretada, seca, seco, secos, sequedad, resequedad, reseca, reseco, estirada`,
    pinpoint_bleeding: `sangra|sangrando|sangre un poco|poquito, puntos|puntitos de sangre, poco|poquito|gotita|gotitas de sangre`,
    'pinpoint_bleeding/plain': `sangre, sangra, sangrando, sangrado, sangro`,
    'pinpoint_bleeding/heavy': `
      no para|deja|paro de sangrar, sangra|sangrando|sangre|sangro #muy, sangrado .. no para, sangrado abundante|fuerte, hemorragia, sigue sangrando,
      mucha sangre
    `,
    bruising: `moreton, moretones, morado, moratones|moraton, morada, morados, moradas, hematoma, cardenal|cardenales, ojo negro`,
    milia: `bolitas blancas, puntitos|granitos|puntos blancos, milia, milium`,
    acneiform: `granos, granitos, grano|granito, barros, espinillas, espinilla, acne, brote, brotes`,
    pain_mild: `
      molesta, molestia, molestias, incomodo, incomoda, dolorcito, adolorido, adolorida, duele|dolor|duelen un? poco|poquito, dolor leve|ligero,
      poco|poquito de? dolor|doloroso|dolorida, leve dolor
    `,
    'pain_mild/plain': `dolor, dolores, duele, duelen, dolia, doloroso, dolorosa, dolorida, dolorido`,
    tenderness: `sensible, sensibles, sensibilidad, duele al tocar|tocarla|tocarlo|tacto, delicada, delicado`,
    tingling_numbness_mild: `
      hormigueo, hormiguea, entumecido, entumecida, entumecimiento, adormecido, adormecida, adormecimiento, cosquilleo,
      dormida|dormido la|el|mi? #piel, #piel dormida|dormido
    `,
    headache_mild: `dolor de cabeza, duele la cabeza, jaqueca, migrana, cefalea`,
    lumps_mild: `bulto, bultos, bultito, bultitos, bolita, bolitas, protuberancia, chichon`,
    uneven_result_early: `desigual, disparejo, dispareja, asimetrico, asimetrica, asimetria, un lado, chueco, chueca`,
    worsening_pain: `
      dolor|duele|duelen #muy, #muy dolor|doloroso|dolorosa|dolorida, mas dolor,
      dolor|duele|duelen .. mas|peor|empeora|empeorando|aumenta|aumentando|empeorado,
      dolor #muy? fuerte|intenso|severo|terrible|horrible|insoportable|agudo, insoportable, no aguanto, no soporto, punzante, palpitante, me late,
      late mucho|fuerte, latidos|pulsa, punzadas, me muero de dolor, duele muchisimo, no #noPuedo dormir .. dolor, fuerte dolor
    `,
    worsening_redness_after_improving: `
      mas rojo|roja|rojos|rojas|enrojecido|enrojecida|colorada|colorado, rojo|roja|enrojecimiento|rojez otra vez, rojo|roja|rojez de nuevo,
      estaba|estuvo mejor y? ahora? peor, estaba .. mejor .. ahora .. peor, volvio .. rojo|roja|enrojecer|enrojecerse,
      rojo|roja|rojez|enrojecimiento .. peor|empeora|empeoro|empeorando|aumenta|aumentando, mejoro|mejorando .. peor
    `,
    spreading_redness: `
      se .. extiende, extiende, extendiendo, extendiendose, extendio|extendido, esparce|esparciendo|esparcio|esparcido, expande|expandiendo|expandio,
      propaga|propagando|propago, linea|lineas|raya|rayas roja|rojas, rojo|roja y caliente, caliente y rojo|roja, regando|riega
    `,
    prolonged_redness: `sigue|sigo|todavia|aun rojo|roja despues, rojo|roja .. semanas|meses despues`,
    pus_discharge: `
      pus, amarillo, amarilla, amarillento, amarillenta, verde, verdoso, verdosa, huele, huele .. mal|feo|raro, mal olor, maloliente, apesta, hedor,
      olor, #liquido .. #colorMalo, #colorMalo .. #liquido, costra|costras #colorMalo, color miel, secrecion, espeso|espesa,
      supura|supurando #colorMalo, absceso, pustula, pustulas, materia
    `,
    fever_chills: `fiebre, fiebres, calentura, calenturas, escalofrio, escalofrios, febril, tiritando|tiritar|temblores, destemplada`,
    'fever_chills/measured': `temperatura`,
    blisters: `ampolla, ampollas, ampollita, ampollitas, burbuja|burbujas, vejiga|vejigas`,
    grouped_blisters_or_cold_sore: `
      fuego|fuegos labial|labiales, fuego|fuegos en el|la|los labio|labios|boca, herpes, calentura|calenturas en el|la|los labio|labios|boca,
      llaga|llagas en el|la|los labio|labios|boca, racimo|grupo de ampollas|ampollitas|granitos, ampollas agrupadas|juntas, culebrilla
    `,
    open_wound_not_healing: `
      no sana, no .. sana|sanan|sanado|cierra|cierran|cicatriza|cicatrizan|cura|cerrado|cicatrizado, herida, heridas, abierta, abierto, carne viva,
      en vivo, llaga, llagas, ulcera, ulceras, piel viva
    `,
    blanching_or_mottling: `
      blanco, blanca, blancos, blancas, blanquecino, blanquecina, gris, grisacea|grisaceo, palido, palida, moteado, moteada, manchado|manchada,
      amoratada|amoratado, encaje, marmoleada|marmoreada, piel|zona|labio|nariz fria|frio, azul|azulado|azulada, negro, negra, necrosis, piel muerta
    `,
    vision_change: `
      veo .. borroso|doble|nublado|mal|raro|nada|manchas|luces|lucecitas|sombras|negro, borroso, borrosa,
      vista .. borrosa|nublada|doble|mal|perdi|rara, no veo, no veo bien|nada|con, no #noPuedo ver, ceguera, ciego, ciega,
      perdi|perdiendo .. vista|vision, perdida .. vista|vision, veo doble, nublada .. vista|vision
    `,
    'vision_change/named': `vision, vista`,
    'breathing_swallowing_speech/named': `voz`,
    'anaphylaxis/named': `garganta`,
    stroke_signs: `
      durmio|dormida|dormido .. cara|brazo|lado|boca|pierna|mitad, mitad .. cara .. dormida|paralizada|caida, no #noPuedo mover, no #noPuedo mover .. brazo|pierna|cara|boca|lado|mano, cara|boca|sonrisa .. caida|torcida|chueca|colgada|torcio|cayo,
      habla|hablar|hablo .. arrastrando|arrastrado|enredado|raro|trabado, arrastro .. palabras|lengua, lengua trabada, debilidad .. brazo|pierna|lado,
      brazo|pierna|mano .. dormido|dormida|debil|adormecido|adormecida, derrame, embolia, paralisis, paralizado|paralizada,
      confundido|confundida|confusion, convulsion|convulsiones, peor dolor de cabeza, lado .. cara .. caido|dormido|paralizado|adormecido
    `,
    breathing_swallowing_speech: `
      no alcanzo .. respirar|aire, no respiro, no #noPuedo .. respirar|tragar|hablar|pasar, cuesta .. respirar|tragar|hablar, dificultad .. respirar|tragar|hablar|respiratoria,
      dificil respirar|tragar|hablar, falta .. aire|respiracion, falta el aire, me ahogo, ahogando|ahogo|ahogandome, asfixia|asfixiando,
      ronca|ronco|ronquera, sin aire|aliento, respiro .. mal|dificultad, problemas .. respirar|tragar|hablar, trabajo respirar,
      opresion|presion .. pecho, pecho apretado|oprimido, batallo .. respirar|tragar
    `,
    anaphylaxis: `
      ronchas, roncha, urticaria, garganta .. cierra|cerrando|hinchada|inflamada|cerrada,
      hincho|hincha|hinchando|inflamo|inflama .. lengua|garganta, lengua .. hinchada|hinchando|inflamada|dormida, desmayo, desmaye, desmayando,
      desmayarme|desmayar, silbido|silbidos, sibilancia|sibilancias, anafilaxia|anafilactico, reaccion alergica, desvaneci|desvanezco,
      perdi el conocimiento|sentido, inconsciente
    `,
    generalised_weakness: `
      debil por todo|todos|todas, debilidad .. todo|general|generalizada|cuerpo|muscular, cuerpo .. debil, sin fuerzas, no tengo fuerza|fuerzas,
      #muy debil
    `,
    eyelid_droop: `
      cae|caen|cayo|caido|caidos .. parpado|parpados|ojo|ojos, parpado|parpados .. caido|caidos|cae|caen|cayo|pesado|pesados|caida,
      ojo|ojos .. medio|mitad .. cerrado|cerrados, ojo caido|medio, caida .. parpado
    `,
    eyelid_turning_out: `parpado .. afuera|volteado|jala|voltea|fuera`,
    eye_pain: `
      duele|duelen|dolor .. ojo|ojos, dolor .. ojo|ojos, ojo|ojos .. duele|duelen|arde|arden|pica, arde|arden .. ojo|ojos, arena|arenilla .. ojo|ojos,
      arenilla, molesta la luz
    `,
    raised_thick_scar: `cicatriz, cicatrices, queloide, queloides, gruesa|grueso, abultada|abultado, levantada|levantado`,
    track_marks_or_raised_scar: `lineas, marcas .. cuadricula|agujas|lineas, cuadricula, rejilla`,
    new_dark_or_light_patches: `
      mancha|manchas nueva|nuevas|oscura|clara|claras|blanca|blancas|cafe|cafes|marron, mancha, manchas, nueva|nuevas mancha|manchas, pigmentacion,
      hiperpigmentacion, melasma, pano, decoloracion|despigmentada
    `,
    burn_mark: `quemadura, quemaduras, quemada, quemado, quemo|quemaron, marca .. quemadura, rayas, franjas|franja`,
    persistent_numbness_or_facial_weakness: `
      sigue|sigo|todavia|aun dormido|dormida|adormecido|adormecida|entumecido|entumecida|sin, no #noPuedo sonreir|cerrar|fruncir|silbar,
      no siento la|el|mi|los #piel|nada, sonrisa .. chueca|torcida|desigual, debilidad .. cara|facial|boca, perdi .. sensibilidad
    `,
    skin_dent_or_fat_loss: `hundido, hundida, hundimiento, hueco, hoyo, hoyos, abolladura, depresion en, perdida .. grasa|volumen`,
    delayed_lump_swelling: `
      bulto|bolita|nodulo|hinchazon nuevo|nueva, nuevo bulto, nueva bolita|hinchazon, nodulo, nodulos, salio|aparecio .. bulto|bola|bolita,
      bulto|bolita|bola .. creciendo|crece|duro|dura|grande|rojo, granuloma
    `,
    palpitations_dizziness: `mareo, mareos, mareada, mareado, palpitaciones, taquicardia, corazon .. acelerado|rapido|late|agitado, vertigo`,
  },
  concerns: {
    emergency: `
      ambulancia, infarto, dolor .. pecho, duele .. pecho, me muero, muriendo|muriendome, morir|morirme, suicidio|suicidarme|matarme, hacerme dano,
      labios azules|morados, sobredosis
    `,
    urgent: `
      emergencia, emergencias, urgente, urgencias, hospital, sala de emergencias, infectado, infectada, infeccion, ayudenme, ayudame, necesito ayuda,
      auxilio, algo .. muy mal, muy mal, dolor de garganta, vomito, vomitando, vomite, peor, peor que, empeora, empeoro, empeorando, empeorado,
      cada vez peor, gangrena
    `,
    soon: `
      enfermo, enferma, nausea, nauseas, mal, malo, mala, fatal, sarpullido, salpullido, erupcion, reaccion, alergia, alergica, alergico, alergias,
      raro, rara, feo, fea, horrible, asqueroso, asquerosa, asco, extrano, extrana, anormal, no .. normal|bien|buena|bueno|contenta, preocupa,
      preocupada, preocupado, preocupacion, miedo, asustada, asustado, susto, nerviosa, nervioso, problema, problemas, complicacion|complicaciones,
      ayuda, antibiotico, antibioticos, aspirina, ibuprofeno, paracetamol, tilenol, tylenol, antihistaminico, antihistaminicos, esteroide|esteroides,
      cortisona, hidrocortisona, aciclovir, valaciclovir, retinol, tretinoina, isotretinoina, medicina, medicinas, medicamento, medicamentos, pastilla,
      pastillas, receta, dosis, embarazada, embarazo, embarazo|embarazada, lactando, amamantando, lactancia, dar pecho,
      puedo|debo|deberia|podria usar|aplicar|poner|ponerme|tomar|lavar|lavarme|hacer|ir|banarme|maquillarme|nadar|dejar|seguir|beber|rasurarme,
      crema|unguento|pomada|locion|maquillaje|protector|bloqueador .. puedo|debo,
      usar|aplicar|poner|ponerme|tomar|dejar .. crema|unguento|pomada|locion|maquillaje|protector|bloqueador|vaselina, foto, fotos, imagen, no mejora,
      no .. mejora|mejoro|mejorado|mejorando|mejoria|quita|va|baja|desaparece, sigue igual, igual, tos, gripe, diarrea, calambre|calambres,
      numero equivocado, me cai, golpe
    `,
    ask: `pregunta, preguntas, duda, dudas, no se, tal vez, quiza|quizas, mas o menos, cansada|cansado, regular`,
  },
  masks: `
    te verde, vino|vestido|camisa rojo|roja, agua|ducha|bano|cafe|te caliente|tibia|fria, compresa|compresas fria|frias|tibia|tibias,
    esta|estan|abren|abierto|abierta hoy|manana|sabado|domingo|lunes, estan abiertos|abierto|abierta, abierto hoy|manana|el|los|hasta|a,
    ningun|ninguna|sin|no problema|problemas|molestia|complicacion|complicaciones|preocupacion,
    no tengo ningun|ninguna? problema|problemas|duda|preguntas, no hay problema|problemas, no esta? nada? mal, todo normal, sin dudas, lavado en seco,
    tarjeta verde, crema extiende, la red, piel sensible, hace calor, peeling|tratamiento proximo
  `,
  trend: {
    worse: `
      peor, empeora, empeoro, empeorando, empeorado, cada vez mas, aumenta, aumento, aumentando, crece, creciendo, crecio, mas grande,
      mas hinchado|hinchada|hinchados|roja|rojo|dolor|caliente|inflamado|inflamada|picazon|comezon, otra vez, de nuevo, volvio, regreso, de repente,
      que ayer
    `,
    severe: `
      severo|severa, intenso|intensa, insoportable, terrible, horrible, extremo|extrema|extremadamente, fuerte, fuertes, fatal, no aguanto, no soporto,
      no me deja dormir, muchisimo|muchisima, enorme, grave
    `,
    very: `#muy, por todos|todas lados|partes, no para`,
    unchanged: `no mejora, no .. mejora|mejoro|mejorado|mejorando|mejor|quita|va|baja|desaparece|cede, sigue igual, igual, no cambia, no para`,
    better: `
      mejor, mejorando, mejora, mejoro, bajando, bajo, menos, disminuyendo, desapareciendo, quitando, casi nada, sanando, mas clara|claro,
      desvaneciendo, cediendo
    `,
  },
  good: `
    gracias, gusta, me gusta, de maravilla, muchas gracias, mil gracias, ok gracias, vale, bien, muy bien, todo bien, todo muy? bien,
    todo excelente|perfecto|normal, estoy bien, me siento bien|mejor, mejor, mucho mejor, perfecto, perfecta, excelente, genial, buenisimo, contenta,
    contento, feliz, encanta, me encanta, de acuerdo, entendido, listo, bueno, buena, claro, sin problema|problemas|novedad|molestias, ningun problema,
    no hay problema, no problema|problemas, sanando, mejorando, cicatrizando bien, linda, hermosa, hermoso, bonita, suave, super bien, buenos dias,
    buenas tardes|noches, buen dia, igualmente, bendiciones, saludos, normal, tranquila|tranquilo, todo tranquilo, va bien, recuperando bien,
    agradecida|agradecido, siyes gracias, feliz navidad|ano|dia
  `,
  desk: `
    cita, citas, reagendar, reprogramar, agendar, agenda, turno, cambiar .. cita|hora|dia|fecha, mover .. cita, cancelar, cancelar .. cita,
    llego tarde, llegar tarde, voy tarde, tarde, retrasada|retrasado, retraso, trafico, estacionar, estacionamiento, estaciono, parqueo, aparcar,
    precio, precios, cuesta, cuestan, cuanto cuesta|cuestan|vale|es|sale|cobran, costo, costos, pagar, pago, pagos, deposito, factura, recibo, seguro,
    tarjeta, descuento, promocion, horario, horarios, abren, cierran, direccion, ubicacion, donde estan|queda|es|estaciono, que hora, a que hora,
    disponible, disponibilidad, confirmo, confirmar, confirmada, en camino, ya llegue, llamenme, llamame, proxima cita|sesion, paquete, reserva,
    reservar, estan abiertos|abierto
  `,
  negators: `
    no, sin, nunca, jamas, ni, ningun, ninguna, ninguno, tampoco, no tengo, no hay, no me|le|te, no se me|le|ve|ven|nota|siente,
    no me|se sale|salen|salio|da|dio|ha|han, no esta|estan, no siento, no veo ningun|ninguna, nada de, no creo que|tener, ausencia de, libre de, cero
  `,
  notNegators: `
    no solo, no se si, no se, no estoy segura|seguro, no es broma, no aguanto, no soporto, no mejora, no para, no deja, no solamente, no me deja,
    no es normal, no esta bien, no entiendo, sin duda, no sabia, no se quita, no se va, no baja, no me gusta, no quiero, no he dormido, no duermo,
    sin parar, sin dormir
  `,
  contrast: `pero, sino, aunque, excepto, salvo, solo, solamente, ademas, tambien, sin embargo`,
  openers: `y, e, tengo, hay, sale, salen, esta, estan, mi, mis, me, se, siento, veo, porque, desde, con, cuando, siyes, tiene, estoy, ahora, que`,
  supposed: `
    que pasa si, y si, si me sale|salen|da|dan|sale, si .. que hago|pasa, si se, si aparece|aparecen, en caso de, es normal que|tener|si, es normal,
    deberia preocuparme, debo preocuparme, preocuparme si, preocupo si, como se si, como saber, cuando se, cuanto dura|tarda|tiempo, riesgo de,
    puede dar|causar|salir|pasar, podria dar|causar|salir|pasar, para evitar, evitar, miedo de que, miedo a que,
    amiga|amigo|hermana|hermano|prima|primo|mama|esposo|esposa|hija|hijo|vecina|bebe tiene|tuvo|le, mi amiga|amigo|hermana|hermano|prima|primo|mama|esposo|esposa|hija|hijo|vecina|bebe tiene|tuvo|le
  `,
  notSupposed: `no se si, y si tengo, es normal que me? este|tenga|salga|sale|haya, si siyes, como si`,
  over: `se fue, ya se fue, se quito, me quito, ya se me? quito, se me quito, desaparecio, ya paso, se paso, ya no, ya no tengo, ya no esta, paro, ya paro, se me paso`,
  overIfPast: `ya estoy bien, ya esta bien, ahora estoy? bien, ahora nada, ya bien, ya veo bien, ya respiro bien`,
  overBefore: `ya no tengo, ya no hay, ya no me|se sale|salen|da, ya no me|se, ya no esta|estan|siento, ya no, ya se me quito|fue|paso .. la|el|los`,
  overFillers: `
    ayer, anoche, la, el, los, las, noche, manana, tarde, hoy, ya, pero, y, esta, un, una, unos, unas, hace, dia, dias, hora, horas, semana, pasada,
    pasado, lunes, martes, miercoles, jueves, viernes, sabado, domingo, en, mi, mis, que, por, rato, ratito, poco, #piel, se, me, ahora, gracias, a,
    dios
  `,
  pastCues: `tuve, tenia, ayer, anoche, antes, hace, estaba, estuve, hubo, habia, dio, salio, pude, podia`,
  notOver: `no se fue|quita|quito|paso|ha, ya no puedo|veo|aguanto|siento|respiro|soporto, todavia no`,
  affirmed: `siyes, si, claro`,
  denied: `no, nada, ninguna, ninguno, negativo`,
  well: `esta|estan bien|normal|perfecta|perfecto, se ve|siente|oye bien|normal`,
  painScale: `dolor, duele, escala, nivel`,
  praise: `servicio, experiencia, recomiendo, contenta, contento, resultados, atencion`,
};
