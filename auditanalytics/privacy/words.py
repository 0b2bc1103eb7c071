"""Words that decide whether a word is a person: titles, kin and roles, words of the field, and names that are words.

No list can hold everybody's name, so lists mostly say what is *not* a name: the field's own words, the grades, the
codes, and what begins English sentences. The short lists of the commonest first names and surnames are there for people
who are named nowhere in the row; they are general, and were kept because they find more of them (docs/redaction.md).
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words(
    "mr mrs ms miss mx dr prof professor sir rev reverend father cllr councillor sgt pc dc dci ds insp sister"
) - {"father", "sister"}
"""Before a surname; "sister" and "father" are kin far more often."""

KIN = _words(
    """mum mother mam mom mummy dad father daddy stepmother stepfather stepdad stepmum sister sisters brother brothers
    sibling siblings twin twins cousin cousins aunt auntie aunty uncle nan nana nanny gran granny grandma grandad
    granddad grandpa grandmother grandfather grandparent grandparents son sons daughter daughters niece nephew
    partner husband wife boyfriend girlfriend fiance fiancee ex neighbour friend carer carers mgm mgf pgm pgf mgp
    pgp stepson stepdaughter stepsister stepbrother guardian godmother godfather sis bro"""
)

ROLES = _words(
    """worker workers sw csw asw ssw fsw iro manager tm atm ptm practitioner psychologist therapist solicitor judge
    officer midwife nurse hv teacher headteacher head gp doctor paediatrician auditor moderator advocate supervisor
    coordinator pa ta senco dsl lado keyworker visitor consultant counsellor babysitter childminder landlord
    barrister"""
)
"""Who else is named in a case record."""

CALLED = _words("called named nicknamed aka namely")
PEOPLE = _words("child boy girl baby pupil youth toddler infant teenager yp young-person client student")

SPEECH = _words(
    """said says told tells reported reports stated states disclosed discloses explained explains asked asks feels
    felt
    wants wanted likes liked loves loved enjoys enjoyed lives lived attends attended went admitted denied refused
    moved thinks thought speaks spoke talked talks cried shouted hit slept sleeps stayed stays knows knew needs
    shared shares confirmed confirms replied became lost agreed texted rang phoned emailed visits absconded arrived
    returned presents presented struggles struggled"""
)
"""What people do and plans do not."""

NOUNS_AS_WELL = _words("visits reports returns needs shares")
"""Of these, what is also a thing: "Stat visits" and not "Keira visits"."""

SAYING = _words("said told asked thought felt explained denied admitted disclosed confirmed replied")
"""Of these, what nothing but a person does."""

BEING = _words(
    "was is has had does did isn wasn hasn doesn didn came comes left got gets goes seems seemed appears remains"
)

SEEMING = _words("was is isn wasn seems seemed appears remains left")
"""Of these, those that are said of things as well."""

ADDRESSING = _words(
    "met told asked saw visited phoned rang called contacted emailed texted interviewed supported thanked thank"
)
"""Verbs whose object is a person."""

MONTHS = _words("january february march april may june july august september october november december")
SEASONS = MONTHS | _words("spring summer autumn winter")
MONTHS_SHORT = _words("jan feb mar apr jun jul aug sep sept oct nov dec")
BEFORE_A_MONTH = _words(
    """in by since until during early late mid last next this each every before after between for on around till
    to from
    of through throughout end beginning start week month first th st nd rd"""
)
AFTER_A_MONTH = _words("half term bank holiday audit audits return returns review panel and or to until")

TALKING_TO = _words(
    """visit visits letter sent wrote apologised listens referring spoke
    talked spoken speaking listened talking said explained introduced given"""
)
BEING_WITH = _words(
    """discussion discussed work working supervision spoke met spoken speaking contact worked session visit time talked
    meeting"""
)
VIEWED_OF = _words("view views voice wishes")
BACKED_FOR = _words("support advocate placement step")
DONE_BY = _words("seen visited supported reported made said told raised written expressed described")
"""Words before which "to", "with" or "by" lead to a person."""

PREDICATES = _words(
    """seen spoken asked told visited upset happy happier sad sadder angry tearful born living placed known at
    with not
    due able unable settled aged referred taken late quiet calm scared frightened worried anxious excited hungry tired
    ill unwell poorly absent excluded bullied hit hurt injured bruised assessed supported listened allocated adopted
    fostered moved reluctant keen open honest polite well safe unsafe missing found arrested charged sentenced
    pregnant
    his her their in on subject looked clean dressed appropriately up refusing very really here there present home"""
)
"""What is said of people after "was"."""

STARTERS = _words(
    """will may mark joy hope faith rich young long short little bright chase page price bill art close read press
    check
    still best more most much true trust light love lively sharp strong happy clear keen early close drew rose good
    better early swift stern brave chance change play rest stay stop start walk work show share step pride peace
    spring
    winter summer autumn blunt cash charge cook cross date drive east fair fast fine firm flood free full general
    green
    hard high honest just kind late law low major minor new nice old open own part plain plant poor post power pure
    quick read real rough safe sage save second set sharp sole sound speed stark stable stress strict sure think top
    tough upright usual warm weak welcome west wise warden progress success praise comfort prudence patience justice
    power ward temple service brown black white green grey blue red church park street lane hill brook christian
    simple slow smart sweet tall test thin
    thorough tight treasure wild wish work worry"""
)
"""Name-words that may well begin a sentence as a word."""

NO_NAMES = _words(
    """unknown none nil null na n/a not known tbc tba unborn baby anonymous redacted withheld the of to and see above
    nee née also as birth jr jnr snr iii ii name names pending various both all same family social senior deputy
    assistant team lead key foster independent reviewing personal adviser support health school police she her he him
    his they them their"""
)
"""What a names column says beside names."""

PARTICLES = _words("van von de der den du di da la le del della el al st ter ten dos das bin ibn bint ap ab y")
"""Parts of names that are never one by themselves."""

PREFIXES = _words("o mc mac d m fitz al el st de la le")
"""What a space, a hyphen or an apostrophe may stand behind within one part of a name."""

BEFORE_WILL = _words("good free ill own strong last living goodwill")
"""What makes a thing of "will" with a verb behind it: "good will was shown"."""

GRADING = _words("grade grades graded rated judged judgement rating overall scored moderated")

MODALS = frozenset(["will", "may"])
DETERMINERS = _words(
    """the a an this that these those his her their its our my your no any some each every more most with of such much
    little great"""
)

CODES = _words(
    """ri sw cin cla iro cp mash camhs icpc rcpc plo ehcp lac cic sen send sgo ico epo po tm hv gp pep yot yos cafcass
    ofsted nhs upn uln dob lado mace marac mappa dash cse cce fgm fgc nrpf uasc asc adhd asd pip dv da iv sv mca
    dols qa pa ta ot salt ssw csw fsw asye eha eh tac taf tas ncsc la las eet neet rpcp crc cfa caf cwd clas lcs
    ics bme am pm uk eu ok tv it id no us na nfa wt lsw mgm mgf pgm pgf sdm scr rip smart scp gcp aces ace hsb mst
    iwp dobs rag kpi swot faq pdf url smt slt hr gdpr bsl eal fsm ks rsg viper pals pru ap ep sendco senco dsl cpp cpr
    dna wnb utd gsh adm dm md ra ca aaa avc rsb scw cpc ia is ir cgm cgs sa lpm pwp pws esw nqsw"""
)
"""Capital letters that are no initials."""

FIELD = _words(
    """good outstanding inadequate requires require improvement improvements improving grade graded grades grading
    judgement judgements judgment child children childs childrens person persons people youth baby babies
    unborn infant family families parent parents parental parenting carer carers foster fostering adopter adopters
    adoption adoptive kinship sibling siblings case cases care caring leaver leavers caseload home homes house
    household housing hospital court courts law legal order orders proceedings hearing bundle judge school schools
    education educational college nursery preschool academy virtual primary secondary infants junior grammar
    special mainstream boarding sunday early help years year early-help team teams service services plan plans
    planning planned pathway placement placements permanence permanency stability assessment assessments assess
    assessed single initial risk risks safety safe safeguarding protection protect harm harmful significant neglect
    abuse abusive emotional physical sexual exploitation criminal domestic violence violent strategy discussion
    discussions meeting meetings conference conferences review reviews reviewing core group groups network visit
    visits visiting visited statutory supervision supervisor oversight management manager managers footprint
    chronology chronologies impact genogram ecomap record records recording recorded recordings note notes file
    files form forms audit audits auditor auditors auditing moderation moderator moderators moderated dip deep dive
    sample learning brief briefs briefing practice practitioner practitioners practise quality assurance standard
    standards threshold thresholds section sections act regulation regulations guidance policy procedure procedures
    process social worker workers work working independent officer officers health visitor visitors midwife
    midwifery nurse nurses doctor doctors paediatrician gp dentist dental optician police probation prison benefits
    council councils county city borough district locality localities central north south east west northern
    southern eastern western authority authorities local local-authority department director head deputy assistant
    senior lead chair chairs panel panels gateway tracker register board committee partnership forum agency
    agencies multi professional professionals partner partners advocate advocates advocacy voice wishes feelings
    views participation feedback compliment compliments complaint complaints story journey direct tool tools
    toolkit matrix scaling scale score scores question questions action actions outcome outcomes recommendation
    recommendations target targets timescale timescales days weeks months monthly weekly quarterly annual quarter
    risk-assessment evidence evidenced analysis analytical summary conclusion history historical background current
    previous contact contacts referral referrals referrer front door allocation allocated transfer step closure
    closing open private emergency duty out-of-hours edge reunification reunified revocation discharge interim full
    guardianship arrangement arrangements residence viability connected kin friends respite short breaks disability
    disabilities disabled autism autistic deaf mental wellbeing therapy therapeutic therapist counselling substance
    misuse alcohol drug drugs missing return interview interviews gang county-lines lines trafficking
    radicalisation prevent channel online sexting identity culture cultural religion religious ethnicity ethnic
    diversity equality language interpreter interpreters heritage race christians muslim muslims
    hindu sikh jewish catholic mosque english british welsh scottish irish polish romanian albanian somali
    afghan syrian kurdish asian african european american white black mixed gypsy roma traveller travellers
    lithuanian indian pakistani bangladeshi chinese vietnamese eritrean sudanese iraqi iranian turkish arabic urdu
    punjabi portuguese spanish french italian ukrainian russian czech slovak latvian bulgarian caribbean jamaican
    nigerian ghanaian ethiopian london england wales scotland ireland britain bristol gloucestershire birmingham
    manchester leeds liverpool hull kent essex devon cornwall somerset dorset surrey sussex norfolk suffolk
    yorkshire lancashire hampshire wiltshire telford wrekin barnardos barnardo nspcc childline kooth relate
    sure centre centres hub hubs project projects programme programmes freedom triple stop start signs framework
    model approach systemic restorative trauma informed attachment motivational interviewing profile cruelty
    solution focused strengths based think mosaic liquidlogic protocol eclipse carefirst capita excel word zoom
    skype whatsapp facebook instagram snapchat tiktok youtube google xbox playstation roblox fortnite minecraft
    covid lockdown universal credit office home-office street road avenue close square
    crescent terrace gardens grove way drive row walk mews place data system systems area areas unit units
    sufficient partially fully met unmet overall rating yes none unknown applicable confidential restricted urgent
    update updated updates next steps worried well strength concern concerns worry worries danger goal goals
    statement statements bottom timeline contingency trajectory essential information sharing consent capacity
    gillick fraser children's child's looked after eligible relevant former personal adviser advisor staying put
    living semi accommodation bed breakfast hostel temporary tenancy kinship-care adult adults carers' community
    communities voluntary sector charity mentor mentors mentoring targeted intervention interventions support
    supports supporting supported key keyworker tier complex high low medium appropriate timely attendance
    attainment exclusion excluded behaviour behavioural speech communication occupational physiotherapist
    psychology psychologist psychiatrist psychiatric consultant clinic surgery ward accident operating teacher
    teaching headteacher pastoral tutor reception class nurture club clubs sports football rugby scouts brownies
    guides swimming xmas christmas easter diwali eid ramadan halloween birthday liquid logic strategic leads
    informal cabinet top tips justice mother mothers father fathers mum
    mums dad dads modern slavery eco map maps genogram ecomap toolkit rape crisis citizens advice cadets refuge advice
    control difficulties difficulty rationale childhood resource therapies
    metropolitan executive adverse experiences bureau aid annex male female boy girl they them"""
)
"""The field's own words: none of them is hidden for its capital alone, even where somebody in the row is called so."""

COMMON = _words(
    """a about above across actions add additionally after afterwards again all almost alone along already also
    although
    always am among an and another any anyone anything appears are around as at away back be because become been
    before began behind being below best better between beyond both bring but by call can cannot clear clearly come
    comprehensive consider considered consistent consistently continue continued could day days decision decisions
    delay delays delayed despite detailed did different difficult discussed do does doing done down drift due
    during each earlier early effective either else end ensure enough even evening ever every everyone everything
    example excellent except far few final finally find first follow following for from further generally get give
    given go going great had happy has have having he hence her here herself him himself his how however i if
    important in including inconsistent instead into is issues it its itself just keep known lack lacks last late
    later least less let like limited little long look made main make many me more morning most mostly much must my
    need needed needs neither never new nice no nobody nor not nothing now of off often old on once one only onto
    or other others our out over own part past perhaps please positive possible possibly probably pupil put rather
    re really recent recently regular regularly right same saw see seen several she should show shows since sister
    small so some someone something sometimes soon still strong such sufficiently take talk than thank thanks that
    the their then there therefore these they thing things this those though through throughout thus time times to
    today together tomorrow too towards two three four five six seven eight nine ten under unfortunately until up
    upon us use used useful usually very via want was way we weak weekend well went were what whatever when where
    whereas whether which while who whole whose why will with within without would yesterday yet you your monday
    tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun january february
    march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct
    nov dec spring summer autumn winter term half afternoon night nightly daily second third fourth minor major mr
    mrs ms miss mx dr prof sir rev dear hello hi regards overall evident noted noting re-audit plus per etc eg ie
    vs nb agreed attended completed discuss check contact email ring phone chase complete arrange refer send ask
    speak tell meet write read agree explore liaise monitor observed observations spoke told said asked met
    everybody somebody anybody none lots whilst unless according regarding concerning based absolutely actually
    apparently certainly currently definitely especially eventually firstly secondly thirdly lastly frequently
    honestly hopefully immediately initially lately luckily maybe meanwhile nevertheless nonetheless otherwise
    particularly presumably previously quite sadly similarly specifically thereafter"""
)
"""What begins sentences, and what is never a name by itself."""

NAME_WORDS = _words(
    """will may joy grace hope faith rose mark rich bill art dawn april june august summer autumn chase hunter page
    brown black white grey gray green gold silver young old long short small little strong swift hardy sharp keen
    bright wise noble moody savage blunt stern frank ernest rob jay robin wren heather holly ivy lily daisy poppy
    violet iris olive hazel willow rowan ash bracken fern clover myrtle ginger basil sage jasmine saffron coral
    pearl ruby amber jade crystal gem star sky skye storm rain river brook lake field fields forest woods wood
    stone stones rock cliff glen dale heath moor marsh mills mill miller baker butcher cook cooke carter carpenter
    cooper fisher fletcher gardener gardner potter porter parker palmer shepherd slater turner tanner walker weaver
    archer barber bishop abbot pope priest monk deacon parsons king kings queen prince duke earl knight squire
    major sergeant marshal judge bailey banks bank bridge bridges castle church chapel hall house holmes home lodge
    park parks street lane rhodes waters wells pool ford barn barnes booth bush berry plum peach apple cherry rice
    bean bacon lamb bull fox wolf hare hart buck bird finch crane drake swan hawk falcon eagle pike salmon haddock
    pollard day days week winter winters spring frost snow weeks monday friday christmas noel carol melody harmony
    harper piper singer bell belle bells chance fortune lucky merry gay happy true trust verity patience prudence
    constance charity mercy honor honour justice law laws case care child childs good best better goodman newman
    freeman bowman chapman hickman moore more most much pal don ray max miles norm tip van vic wade walk wall ward
    warden warner watt watts west north south east weston wing wray yard york pace paige payne pain pane peel peak
    pearce pierce piercey pitt plant pond poole post pound pounds power powers pratt press pride purse quick rash
    reed read reader reeve reeves rook rooke root roots rush rust sailor sale sales sands savvy sawyer say seal
    self senior service shaw shore singh skinner sly spears speed spence spencer stamp staples steel steele step
    sterling stock stokes stringer sweet swindle talbot teller temple thorn thorne tiger todd towers town trice
    tripp trout tuck tully vane vale valentine vest vine wager waite wake ware wash way webb weller wheat wheeler
    whistler wilder wilde wild wills wink winner wish witty worth wynn angel apollo ace axel blaze blue bonny buddy
    buster cash chip colt crew dash dream eden ever ferry finn flint flora gale genesis guy haven heaven honey
    india jet jewel journey joyful karma kit legend liberty link lance love lyric mane maverick mead meadow memory
    mercury mile minor misty moses nova ocean parish pepper petal phoenix pip princess promise ran rein reign rio
    rive rocky roman royal sandy saint scout serenity shade sol sonny soul spike sunny sunshine tawny trinity tulip
    velvet wrenn zen stance drew sue eve penny tiffany mercedes mac nan dot dick peter charm rod rory herb grant
    grants hale hand hands head heads hood hook hopper horn horne hunt ice ire joiner jolly judd just keel key keys
    kind kite lock locke low lowe mann man marks mayor meek merit mole moon moss mould nail nash neat nettle newton
    nightingale noon nurse nutt oak oakes orange organ pack paddock parry parson past pate peacock peck peer penn
    perry petty pickles pitcher plane polish porch pot prior proctor race rake ranger raven rawling bond boon born
    boss bowen box boyd boys brand brew brow bryant buckle burden burn burns butler button buy camp cannon cape
    card carr carver cave chambers chew clay close coal coates cole coleman coin collier conway cope corner cotton
    couch court cousins coward cox craft creed cross crow crown crook cutter darling date dawes dell dent dig dine
    dock dodge dove dover downs draper driver drum dwyer early eastern edge english ends even fair fallow farmer
    farrow fast fell fennel fine finish firth fish flood flower flowers foot forge foster found fountain frame
    franks freed french friend fuller furness gamble game garland gates gill glass glover gore goss gower grain
    grand grass grave graves groom grove guest gunn gully hack hail ham hammer hammond handy harding hardman hay
    hayes hazard heal hedge hedges hide high hill hills hind hobbs hogg hole holder hollow holt hooker huff hull
    hurst lea leaf leech legg light list lister live lively loft lord luck lynch maiden makepeace mallard manners
    march marlow master masters mate mayes meadows mellor merchant messenger middleton minister moat money nation
    needs niece nobles outlaw oven paine parlour partridge patch patten pedlar piggott pilgrim pitman plank player
    plumb potts prime profit purchase rabbit raddish ramsey rank ransom rate rattle raw reason render rest ride
    rider ridge ring rivers rope ross round rudd rule rushing salt sample sanders scales school scope seaman seller
    sewell shield shields ship shirt shoemaker sides simple sings skill slack sleep slow smart smiles snell sparks
    sparrow spry squires stable stark stay still stocks storey stout straw stride study summers sumner sutton swain
    sworn tack tall tapper tarr tate tear thew thirst thrift tiller tinker toll tong toogood tooth topping trainer
    travers treasure trick trim trump twist tyne upright usher utter virgo virtue voice waiter waller want warm
    warne washer watch waterman wedge welcome welsh wench whale whitehead wick widow wiggins wilding wind window
    winn wiseman wither withers womble woodcock wool word work workman worm yates yeoman yardley bliss blessing
    precious gift favour destiny miracle prosper sincere comfort praise innocent gentle wisdom success progress
    marvellous lovely handsome fidel prosperity peace victory glory hero charisma unique bless"""
)
"""Names that are also words of English, so that a capital, or its absence, has to be weighed."""

FIRST_NAMES = _words(
    """olivia amelia isla ava mia freya florence evie sophia isabella charlotte sienna elsie sophie emily ella phoebe
    matilda evelyn maisie alice harriet emilia millie ellie jessica thea lottie layla eliza lucy erin orla zara
    maya emma chloe abigail megan lauren hannah leah bethany georgia katie amy rebecca rachel sarah laura gemma
    kelly lisa claire nicola michelle samantha joanne karen tracey tracy julie susan deborah alison jacqueline
    sharon linda christine margaret patricia elizabeth jennifer helen catherine katherine victoria natalie stacey
    stephanie danielle kirsty leanne vicky becky sandra sally jane anne anna annie diane wendy maureen sheila
    barbara jean dorothy doris keira kayleigh kylie chelsea courtney shannon jodie paula tina tanya donna debbie
    cheryl carly zoe abbie amelie aaliyah aisha fatima zainab khadija maryam mariam yasmin amina ayesha nadia noor
    safa hana samira leila farah priya anjali deepa meera kavita sunita asha ania agnieszka katarzyna magda monika
    joanna ewa elena ioana andreea maria oluwaseun chidinma adaeze ngozi amara ayodele funmi abena akosua grainne
    niamh siobhan aoife ciara bronwyn cerys angharad seren nia bethan rhiannon carys noah oliver george arthur
    muhammad mohammed mohammad mohamed leo harry oscar henry theodore freddie charlie theo alfie jacob thomas
    joshua william james isaac edward lucas logan alexander benjamin daniel samuel joseph sebastian matthew adam
    dylan liam ethan nathan ryan connor callum luke jordan kyle kieran aaron jamie jake joel ben sam michael david
    john paul andrew stephen steven richard robert christopher mark simon anthony kevin jason gary ian graham neil
    stuart craig darren dean lee wayne shane scott carl barry trevor keith colin brian derek terry roger philip
    patrick sean shaun ronan declan brendan niall eoin gareth rhys owen ieuan dafydd gethin hamish angus alistair
    fergus ewan euan cameron finlay ali ahmed hassan hussain ibrahim yusuf omar umar bilal imran tariq usman hamza
    abdul khalid rashid faisal kareem mustafa rahul raj arjun vikram sanjay sunil anil ravi piotr pawel tomasz
    marek krzysztof jakub mateusz andrei ionut mihai vasile kwame kofi tunde emeka chukwu oluwatobi malik tyrone
    jermaine leroy dwayne marcus tyler mason jayden kayden kai riley finley reece brandon bradley zachary zac
    elijah ezra caleb levi toby louis louie hugo felix rupert ralph albert stanley frederick reggie ronnie tommy
    billy jimmy johnny danny kenny jenny maggie betty peggy ruth esther naomi miriam judith lydia martha clare kate
    kathryn lorraine lynn lynne marie yvonne"""
)
"""The commonest first names, so that a person named nowhere in the row is seen for one."""

SURNAMES = _words(
    """smith jones taylor williams davies evans thomas johnson roberts walker wright robinson thompson hughes edwards
    lewis harris clarke patel jackson turner cooper morris davis harrison ahmed khan hussain begum ali akhtar singh
    kaur shah mahmood malik miah uddin rahman chowdhury iqbal hassan mohamed osman abdi nguyen chen wong okafor
    adeyemi mensah kowalski nowak popescu ionescu murphy kelly byrne walsh campbell stewart macdonald robertson
    anderson thomson morgan phillips griffiths jenkins allen watson wilson"""
)

OFTEN_NAMES = FIRST_NAMES | SURNAMES | (NAME_WORDS - FIELD - COMMON - NO_NAMES - STARTERS - ROLES - PEOPLE)
"""What is somebody's name often enough to be left out where it is not needed."""
