/**
 * Words that say nothing about the state: they neither raise an urgency nor stand in the way of `expected`.
 * Whatever is neither here nor part of a phrase that was found is unrecognised, and goes to a person.
 */
const english = `
f c bandage bandages history info
unsubscribe stopall optout quit reminders reminder texts
a about above actual actually add aftercare afternoon again agent ago ah ahead alike all almost alone along already alright also although always am
amount amounts an and another any anybody anyhow anyone anything anyway anyways apart appear appeared appears applied apply applying april aquaphor
are area areas arm arms around arrive as asap aside ask asked asking at attach august away b baby back barely based basically batch bbl bc bcuz be
became because become becomes bed been before began begin behind being believe belly below bench beside besides best between beyond big bind bit bits
blank block both botox bottom bought bout branch brand brands breakfast breaks bright brighter bring broken brother brought brow brown brows btw busy
but button by call called caller calls came can cannot care cares carry carrying cases casing cat catch cause center central cerave certain cetaphil
chance change changed changes check checked checkin checking checks cheek cheekbone cheekbones cheeks chest chin christmas class clean cleaned
cleanser clear clearer clearly client clinic clock close closer closes clothes cloud co2 coffee color colour come comes comfortable coming common
complete completely compress compresses confuse considered considering consult consultation continue continues continuing cook cooking cool cooling
could counting couple course cover covered covering crazy cream creams crossing crow crows curious current currently curry cutting cuz dad daily date
daughter dawn day days dealing december deep def definitely depends dermatologist desired did didnt died different difficult dinner direct direction
do doc doctor does dog doing don done dont door down dr drink drive driven driver driving dropping drove due dull during each ear earlier early ears
easily easy eat eating edge edges eight eighth either eleven else end enjoy enjoying enough entire escape especially etc even evening event ever every
everybody everyone everything exact exactly exam except excited exercise expand expands expect expected expecting experience extra eye eyebrow
eyebrows eyelash eyelashes eyelid eyelids eyes fabric face facial fact failing faint faintly fairly fake family far fast faster father feather feb
february feed feeding feel feeling feels feet felt ferry few fewer fiber fifth figure filed fill filler fillers filling fills final find finding
finger fingers finished firmer first five fix fixed flight flower flush follow followed following for forehead forever forget forgot form former found
four fourth fraxel freezer freezing fresh friday fridge friend friends fries from front frozen fruit full fully fun funny further fyi game garden gave
gel general gentle gently get gets getting girl girls give given gives giving glabella glass glove gloves go goes going golf gone gonna good got
gotten grade gradual gradually great greater greek grill grocery group guess guessing guest guy guys gym had haha hahaha hair hairline half halls halo
hand handle hands hang happen happened happening happens harden has have havent having he head heading hear heard heaven heavily heel hehe hello help
helped helps her here hers hey hi hides high highest hiking him his hit hold holiday home honest honestly hope hoping hotel hour hours house hover how
hows hr hrs huge human hurry husband hydrate hydrated i ice iced icing id if ill im imagine immediately imo in including info inject injected
injection injections inner inside instead instruction instructions into ipl is isnt issue issues it item items its itself ive jacket january jaw
jawline jeans jewelry job join joke juice july jump june just keep keeping kept keys kid kiddo kids kind kinda kitchen knees knew know known lady lamp
large laser lasers lash lashes last lately later laundry lawn lay layer layers leader leads least leave leaving left leg legs lemon lens less lesson
let lets letter letters letting level lid lids lies life lift light lightly like likely lil limit limits line links lip lips list listed listen
listening literally little live lived living lmao lmk local logo lol long longer look looked looking looks lose loses lot lotion lots lovely lover low
lower lunch lying machine made mailing maintain major make makes makeup making man manager many march market masks massage master match matter may
maybe me mean means meant meet meeting member mention mentioned menu met microneedling middle midnight might mild mildly min mind mine minimal
minimally minor mins minute minutes mirror miss mixed moisturising moisturize moisturized moisturizer moisturizing mom moment monday monitor month
months more morning morpheus most mostly mother motor mountain mouse mouth move moved moves movie moving mr mrs ms much museum music must my myself n
name narrow nature near nearly neat neck need needed needing needs neighbor never new newer next nice nicely night nights nine ninth no nobody none
noon normal normally nose nostril nostrils not note noted nothing notice noticed noticing november now number numbers nurse o object obviously oct
october odd of off offer office often oh ointment ok okay okayish old older omg on once one ones online only onto opened opens or order ordinary other
others otherwise our ours out outer outfit outside over overall overnight own owner pack packed paid paint pairs pants paper parent parents park part
parts party pass passed passes past pasta paste pasted patch path patient pattern pausing peas peel pencil pending people pepper per perhaps period
person pet pets phone piano piece pieces pile pillow pizza place places plan plane planning plant plate please pls plump plus plz pm pocket point
pointing police pool porch post posting power press pretty printing prior private prob probably procedure procedures process product products program
proper properly protocol provider public pull purse pushing put puts putting quality question questions quick quickly quiet quite r race radio rain
raise raises rapid rate rated rather reach reached reaching read reader reading ready real really reapply reason recently recipe recommend record
recovery refund regular relax remember remove rent repair repeat reply report reported reporting reports request rest restaurant result resurfacing
return returns ride right ring rinse rinsed river rn road rock roof room rope roses round routine run said salad salt same sand sat saturday sauce saw
say saying says scale scalp school science score screen season seat second secret section sections see seeing seeking seem seemed seems seen self sell
send sending sense sent sept september serum session sessions set setting seven seventh several shade shake shall shallow shape share sharing she
sheet sheets shelf shell ship shirt shoe shoes shop shopping shore short shorter shot shots should shoulder shoulders shout show shower showered
showing shows shut side sides sign signed signing silver simple simply since single sink sister sit site sitting six sixth size sized skin skirt sleep
sleeping sleeve slept slice slide slight slightly slim slip sloppy slow slower slowly small smaller smart smile smooth snack snow so soap sock socks
sofa soft softer some somebody somehow someone something sometimes somewhat son song soon sooner sort sorted sorting sorts sound south spa space speak
spell spelling spend spending spf spice spill spin spoke sport spot spots spray spring spritz square st stack staff stage staging stairs stand
standing star start started starting starts stash state station stay stayed stays steady steak steam steel step stepping steps stick sticking still
stomach stop stopped store stored stores storing storm story stove straight stray stream street string strings strip strips stronger study stuff style
subject such sugar suit summer sun sunday sunny sunscreen super supply support supposed supposedly sure surface swim swimming switch t table take
taken takes taking talk talked talking tan tape taste taxi tbh teach teacher team tell telling temple temples ten tend tennis terms test tester
testing text texted texting texture than thanksgiving that thats the theater their them theme then there theres thermal these they theyre thing things
think thinking third thirty this tho thorough those though thought threat three through throughout throw thrown throws thru thursday tick ticket
tighten til tile till time times tiny tip tires title tmrw tmw to toast today toe toes together told tomorrow tone tonight tonite too took tooth top
total totally touch touched tour toward towards towel towels tower town traces tracing track trade traffic trailing train training travel treat
treated treating treatment treatments tree trial trick tricks tried trip truck trunk trust try trying tuesday turn turned turner turning tv twelve
twenty twice twin two type u uh ultherapy um under undereye undereyes underneath unit until up update updating upper upward upwards ur us usable use
used using usual usually vacation valley value van vaseline version very via vice video view village visible visit volume vote voting w wait waited
waiting wake walk walking wall wanna want wanted wanting wants was wash washed washing wasnt waste watch water wave waves way ways we wear wearing
weather webs wed wedding wednesday week weekend weeks weight well went were what whatever whats wheel when whenever where wherever whether which while
whistle who whole whos why wide wife wild will wind window wine winter wipe wire wise wish wishing with within without woke woman womans women wonder
wondering wont wood wool word words work worked worker working workout works worth would wow wrap writing wrote yall yard yeah year years yep yes
yesterday yet yoga you young your youre yours zero
`;

const spanish = `
alto basta paren pare parar detener
a ademas agua ahi ahora al algo alguien algun alguna algunas algunos alli alrededor ano anoche anos antes apenas aplicando aplico aqui arriba asi
atras aun aunque ayer baja bajo barbilla bastante bloqueador boca botox brazo cada cama cara casa casi caso ceja cejas cerca cinco clinica color
comenzo como con cosa cosas crema creo cual cuando cuanto cuantos cuatro cuello cuerpo cuidado da dan dar de debajo decir deja dejando del demasiado
dentro derecha derecho dermatologa dermatologo desde despues dia dias dice dicen diez dijeron dijo doce doctor doctora domingo donde dos dr dra dura
durante el ella ellas ellos empezando empezo empieza en encima enfermera entonces entre era eran es esa esas ese eso esos espero esta estaba estado
estan estar estas este esto estos estoy estuve falta favor fin frente fue fueron fui ha haber habia hace hacer haces hago han hasta hay he hecho hice
hija hijo hola hora horas hoy humectante iba igual informacion instrucciones ir izquierda izquierdo jueves la labio labios lado lados las laser lavar
lavo le lentamente les leve levemente leves ligera ligeramente ligero llevo lo los luego lugar lunes manana mandibula mano manos martes mas me media
medio mejilla mejillas menos menton mes meses mi mia mientras miercoles minutos mis misma mismo momento muchas mucho muchos mujer muy nada nadie nariz
ni no noche noches normalmente nos nosotros noto nueva nueve nuevo numero o ocho ojo ojos once oreja orejas otra otras otro otros paciente para parece
parpado parpados parte partes pasa pasada pasado paso pecho pero persona piel pierna poca poco pongo poniendo poquito por porfa porfavor porque
pregunta primer primera primero procedimiento protector proxima proximo puede pueden puedo pues puntos puse que quede quedo quien quiero relleno
rellenos rostro sabado saber sale salen salio salir se sea segun segunda segundo seis semana semanas senor senora senorita ser sesion si siempre
sienes siento siete sigo sigue sin siyes sobre sol solo son soy su suavemente sus tal tambien tan tanto tarde tardes te tener tengo tenia ti tiempo
tiene tienen tocar tocarlo toco toda todas todavia todo todos trabajo tratamiento tratamientos tres tu tuve tuvo un una unas uno unos usar uso usted
ustedes va vamos van varias varios vaselina ve veces ven veo ver verdad vez vi viendo viernes voy y ya yo zona zonas
`;

/** Every ordinary word of both languages. */
export const ordinaryWords: ReadonlySet<string> = new Set(`${english} ${spanish}`.split(/\s+/).filter((word) => word !== ''));
