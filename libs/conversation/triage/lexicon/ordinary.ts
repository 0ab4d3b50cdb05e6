/**
 * Words that say nothing about the state: they neither raise an urgency nor stand in the way of `expected`.
 * Whatever is neither here nor part of a phrase that was found is unrecognised, and goes to a person.
 */
const english = `
a about above actual actually add afternoon again ago ah ahead alike all almost alone along already alright also although always am amount an and another any anybody
anyone anything anyway anyways apart appear appears april are area areas arms around arrive as aside ask asked asking at august away back barely based basically be became
because become becomes bed been before began begin behind being believe below beside besides best between beyond big bit bottom both bought brand bright bring brought
brow brown brows busy but by call called calls came can cannot care cause center certain chance change changed changes cheek cheeks chest chin clean cleaned cleanser clear clearly
clinic close closer clothes coffee color colour come comes coming common complete completely could couple course cover covered covering cream creams crazy curious daily
date daughter dawn day days december deep definitely depends did didnt different dinner direct do doc doctor does doing don done dont dose down dr drink drive drove due
during each ear earlier early ears easily easy eat eating edge edges either eight eighth eleven else end enough entire especially etc even evening ever every everybody
everyone everything exact exactly except excited expect expected experience extra eye eyebrow eyebrows eyelid eyelids eyes face facial fact fairly family far fast feb february feel feeling feels
felt few fifth figure find fingers first five fix fixed follow followed following for forehead forget forgot form found four fourth friday friend friends from front
full fully fun further game gave gel general gently get gets getting girl girls give given gives giving go goes going gone gonna good got gotten great group guess
guy guys had hair half hand hands happen happened happening happens has have havent having he head hear heard heavily hello help helped helps her here hers hey hi high him
his hit hold home honestly honest hope hoping hour hours house how hows hr hrs huge husband i id if ill im imagine immediately in including info inside instead instructions into is isnt it item its itself
ive january jaw jawline job july june just keep keeping kept kid kids kind kinda kitchen knew know known lady last lately later lay layer least leave left leg legs less let lets letting
level lid lids life lift light like likely line lip lips list listen literally little live living lmk lol lmao local long longer look looked looking looks lot lots lotion low lower lunch lying made maintain make
makes makeup making man many march massage matter may maybe me mean means meant meet mention mentioned met middle might min mind mine minor minute minutes mins miss moisturizer mom
moment monday month months more morning most mostly mouth move moved moving mr mrs ms much must my myself name near nearly neck need needed needs never new next nice
night nights nine no nobody none normally nose not note nothing notice noticed noticing november now number nurse o obviously oct october odd of off office often oh okay old on
once one ones online only onto or order ordinary other others otherwise our out outside over overall overnight own part parts past patch patient people per perhaps person
phone piece pieces place plan planning please plus pls plz point post pretty prior probably process product products provider pull put puts putting question quick quickly quite rate rather read reading ready real really
reason recently recommend recovery regular relax remember repeat reply rest result right room routine run said same sat saturday saw say saying says second section see
seeing seem seemed seems seen self send sending sent sept september serum session sessions set seven seventh several shall she should show shower showered showing shows side sides simple simply since sit site sitting six sixth skin sleep
sleeping slept slight slightly slow slowly small smaller smile so soap soft some somebody someone something sometimes somewhat son soon sooner sort spa speak spend spf spoke spot spots
spray st staff stage stand start started starting starts state stay stayed step steps still stop stopped straight stuff such sun sunday sunscreen super supposed sure surface
t take taken takes taking talk talked team tell telling temple temples ten tend terms test text texted texting than that thats the their them then there theres these they theyre
thing things think thinking third this thorough those though thought three through throughout thru thursday til till time times tiny tip to today together told tomorrow tonight too
took top total totally touch touched toward towards treat treated treating treatment treatments tried try trying tuesday turn turned turning twelve twice two type um uh under underneath until
up update upper us use used using usual usually vaseline very via video visible visit wait waited waiting wake walk wanna want wanted wants was wash washed washing wasnt watch water way ways we
wear wearing wed wednesday week weekend weeks well went were what whatever whats when whenever where wherever whether which while who whole whos why wife will wise wish with within without woke
woman womans women wonder wondering wont word words work worked working works would wow yall yeah year years yep yes yesterday yet you young your youre yours aquaphor cerave cetaphil
ointment towel pillow mirror clinic dermatologist injection injections laser lasers botox filler fillers peel microneedling treatment procedure procedures ipl bbl fraxel co2 morpheus ultherapy halo resurfacing facial consult consultation
gym exercise workout cook dinner noon midnight tho bc bcuz cuz u ur r n b w thru pm am ok just btw fyi asap omg haha hahaha hehe lil bout def prob tbh imo rn tmrw tmw tonite
side sides left right central outer inner along hairline cheekbone cheekbones undereye undereyes crow crows feet glabella lash lashes eyelash eyelashes nostril nostrils scalp finger fingers toe toes belly stomach arm back shoulder shoulders
monday tuesday wednesday thursday friday zero one two three four five six seven eight nine ten eleven twelve twenty thirty amount amounts bits places place whole mild mildly minor minimal minimally faint faintly light lightly slight slightly soft softer gradual gradually steady
appear appeared appears follow routine protocol aftercare instruction gentle gently wipe ice iced icing compress compresses cool cooling frozen peas spritz thermal rinse rinsed hydrate hydrated moisturize moisturized moisturizing moisturising applied apply applying reapply
continue continuing continues expecting expected guessing supposedly bits sections texture tone dull brighter clearer firmer plump fresh baby new underneath layer layers sahara desert lizard reptile raccoon snakeskin tan
mine yours ours sister brother mother father dad kiddo movie dog cat school class meeting trip travel flight vacation holiday thanksgiving christmas party wedding date dinner lunch breakfast
anyhow somehow okayish overall question questions quick update updating checking check checked checks checkin monitor report reporting reports reported rated day1 day2 believe
`;

const alsoOrdinary = `
agent button door finished failing filed flush greek halls hides expand expands pushing raises seeking shake shallow stores stray tricks vice throws stepping confuse inject injected attach considered considering breaks broken closes cloud comfortable cutting dealing died driver driving dropping fewer former grade greater harden large
leads letter letters lies lived masks match moves numbers paint pairs paper parent parents passes pattern proper properly raise rapid return returns round sell share sharing short shorter single slice slim slower sorts
star stays stick sticking strip strips stronger testing threat throw tick tighten traces trick trust upward upwards usable walking wanting wrote leaving listed batch bench bind blank block branch brands
standing steak stream string strings training trailing posting sorting setting storing fill fills filling finding fake faster feeding freezing heading hello hover jump limit limits links listen
listening logo lose loses mailing major moving needing pasted pausing pending pointing printing reader reached reaching reading shell ship shopping signed signing spell spelling spending sorted stack staging stash
steps stored talking tester thrown tracing turner voting volume webs whistle wishing worker writing cases catch carry carrying casing cares caller client clock cooking counting crossing curry current currently
desired difficult direction driven early enjoy enjoying entire escape event ever exam extra fabric feather feed ferry fiber final finger flight flower forever
freezer fridge fries fruit funny garden gentle glass glove gloves golf grill grocery guest handle hang happens heaven heel highest hiking hotel human hurry husband issue issues
items jacket jeans jewelry join joke juice jump keys knees lamp later laundry lawn leader least lemon lens lesson lovely lover machine makeup manager market master meeting
member menu middle mild mixed monitor motor mountain mouse movie museum music narrow nature neat neighbor never newer nicely ninth normal noted nurse object offer office older opened opens order outfit
owner pack packed paid pants park party pass passed pasta paste path pattern pencil pepper period pet pets phone piano pile pillow pizza plane plant plate pocket
police pool porch post power press pretty private program public purse quality quiet race radio rain reach ready recipe record refund remove rent repair request rest restaurant ride ring river road
rock roof rope roses salad salt sand sauce scale school science score screen season seat secret sense seven shade shape sheet sheets shelf shirt shoe shoes shop shore shot shots shout shut sign
silver sink size sized skirt sleeve slide slip sloppy smart smooth snack snow sock socks sofa song sound south space spice spill spin sport spring square stairs station steam steel store storm story stove
street string study style subject sugar suit summer sunny supply support swim swimming switch table tape taste taxi teach teacher tennis theater theme ticket tile tires title toast
tooth tour towels tower town track trade traffic train travel tree trial trip truck trunk tv twin unit usual valley value van version view village vote walk wall waste wave waves weather wedding weight
wheel wide wild wind window wine winter wire wood wool worth wrap yard yoga
`;

const spanish = `
a al algo alguien algun alguna algunas algunos alli ahi ahora ano anos antes aqui arriba asi atras aun aunque ayer anoche baja bajo bastante boca brazo cada cama cara casa casi caso cejas ceja
cerca clinica color como con cosa cosas creo crema cual cuando cuanto cuantos cuello cuerpo cuidado da dan dar de debajo decir deja del demasiado dentro derecha derecho desde despues dia dias dice dicen dijo
dijeron doctor doctora donde dos dr dra dura durante el ella ellas ellos en enfermera entonces entre era eran es esa esas ese eso esos espero esta estaba estan estar estas este esto estos estoy estuve falta fin frente fue
fueron fui ha haber habia hace hacer haces hago han hasta hay he hecho hija hijo hola hora horas hoy hice iba igual informacion instrucciones izquierda izquierdo ir jueves la labio labios lado lados
laser las lavar lavo le les ligera ligeramente ligero llevo lo los luego lugar lunes mandibula manana mano manos martes mas me media medio mejilla mejillas menton menos mes meses mi mia mientras miercoles minutos mis misma mismo
momento muchas mucho muchos mujer muy nada nadie nariz ni no noche noches noto nos nosotros nueva nuevo numero o ocho ojo ojos otra otras otro otros para parece parte partes parpado parpados
pasa pasado paso pecho pero persona piel pierna poca poco poquito por porque pregunta primer primera primero proxima proximo puede pueden puedo pues puntos que quede quedo quien quiero
saber salio se sea segun segunda segundo seis semana semanas senor senora senorita ser si siento siete siempre sigo sigue sin sobre sol solo son soy su sus tal tambien tan tanto tarde tardes te tengo tenia tener
ti tiempo tiene tienen toda todas todavia todavía todo todos trabajo tratamiento tratamientos tres tu tuve tuvo un una unas uno unos usted ustedes usar uso va vamos van varias varios veces ver vez vi viernes voy y ya yo zona zonas
cuatro cinco nueve diez once doce leve leves suavemente lentamente levemente favor porfa porfavor agua bloqueador protector humectante vaselina sesion domingo sabado dermatologa dermatologo procedimiento relleno rellenos botox siyes verdad
ve ven veo normalmente apenas alrededor oreja orejas barbilla sienes encima ademas pasada pasado paciente rostro veo viendo sale salen salir empezo empieza empezando comenzo tocar toco tocarlo estado estos dejando poniendo puse pongo aplico aplicando
`;

/** Every ordinary word of both languages. */
export const ordinaryWords: ReadonlySet<string> = new Set(`${english} ${alsoOrdinary} ${spanish}`.split(/\s+/).filter((word) => word !== ''));
