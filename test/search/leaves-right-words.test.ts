import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { VideoId } from '../../shared/index.ts'
import { openSearchAlone, spoken } from './open-search.ts'

const setting = await openSearchAlone()
after(() => setting[Symbol.asyncDispose]())
const { search } = setting

const correctionOf = async (id: VideoId, q: string) => (await search.inVideo(id, { q, limit: 1 })).corrected?.to ?? null
const wordsOf = (...lines: string[]): string[] => lines.join(' ').split(' ')

/** Frequent words, and a film that says others like them. */
const frequent: Record<string, { said: string; words: string[] }> = {
  english: {
    said: `The boats and the weeks we have are not for them, and this is what it was with the lesson of a hoarse winner.
      That is the mark, they say, and be it the ghost of the sinner. You were in the stable with the leased pocket,
      the wonder of the coverd mat, the letters and the buttons, the plains and the grounds, the honey and the ruler.`,
    words: wordsOf(
      'people water house school family money night point world country student group problem place work company number',
      'part fact right home study room mother father story month business issue side kind head service friend power hour',
      'game line member city community president minute idea body information parent face level office door health person',
      'history party result change morning reason research girl moment teacher force education boots cost climate horse',
      'dinner table rocket letter bottom rules monday january london europe america covid selfie bitcoin smartphone paris',
      'tuesday saturday china germany winter summer window kitchen battle bottle cattle matter better butter bitter market',
    ),
  },
  german: {
    said: `Und das Boot ist nicht vor dem Haus, wir haben auch eine Stadt mit der Tasse, und in zwei Wochen sind sie da.
      Der Reis ist fertig, das ist der Plan, und die Hände sind nicht kalt. Ich habe es mit dem Kamm und den Böden,
      die Tanne und die Lieder, der Wald und die Wände, die Schulden und der Meister, das Zelt und die Felder.`,
    words: wordsOf(
      'Brot Maus Staat Katze Klimawandel Datenschutz Krankenhaus Feuer Käse Apfel Fluss Mond Schnee Frieden Regierung Hund',
      'Hand Mund Wort Kuchen Liebe Arbeit Schule Kinder Vater Mutter Wasser Erde Luft Milch Birne Auto Bahn Flug Schiff',
      'Tisch Stuhl Bett Tür Fenster Wand Boden Dach Stein Baum Blume Gras Berg Meer Himmel Sonne Stern Regen Wind Nacht',
      'kochen wachen pochen suchen machen Abend Stunde Minute Monat Jahr Zeit Geld Preis Kosten Markt Laden Dorf Land Krieg',
      'Recht Gesetz Gericht Polizei Partei Wahl Presse Zeitung Buch Musik Lied Tanz Kunst Bild Farbe schwarz weiß groß',
      'klein lang kurz breit schmal jung schlecht schön reich stark Kaese Handy Rechner Lessing Merkel Januar Montag Europa',
    ),
  },
  french: {
    said: `Les maisons et la tasse que je vous ai dites sont dans une ville, il est pour nous avec du poison et des mots.
      C’est le temps qui ne passe pas, et les cartes de la salle, au bord du lac, dans une boule de verre et de poudre.
      La leçon, les bancs, la route, le marin, une pomme, les fleurs, le vin, la table, du linge, des branches.`,
    words: wordsOf(
      'souris chien chat main bouche gâteau climat données président hôpital amour travail école enfants père mère terre',
      'pain lait fromage voiture train avion bateau chaise porte fenêtre toit pierre arbre herbe montagne fleuve ciel',
      'soleil lune étoile pluie neige vent jour nuit heure semaine mois année argent prix coût marché magasin pays guerre',
      'paix droit police gouvernement parti vote presse journal livre film musique chanson danse image couleur mangé',
      'allons était seront poisson raison saison boisson balle malle halle carte tarte forme ferme femme homme pompe',
      'doute goutte roue rouge bouge matin copain demain santé monde ronde blanche manche lundi janvier Londres Europe',
      "l'eau l'école d'amour l'hiver qu'elle",
    ),
  },
  spanish: {
    said: `Las casas y los pasos que no se dan son para el que lo tiene con una carta, pero en la mesa no hay como un vaso.
      Por la costa es una pena, y los de la plaza son como el barco, con las manos y los platos, por las calles del perro.
      El viento, la cuerda, los dientes, la caja, el monte, la puerta, el rojo, los campos, la fuente y el cuento.`,
    words: wordsOf(
      'ratón gato boca palabra pastel clima datos presidente hospital amor trabajo escuela niños padre madre agua fuego',
      'tierra aire leche queso manzana coche tren avión silla cama ventana pared suelo techo piedra árbol flor hierba',
      'montaña cielo luna estrella lluvia nieve noche hora semana tiempo dinero precio costo mercado tienda ciudad país',
      'guerra derecho policía gobierno partido voto prensa periódico libro película música canción baile arte imagen',
      'comido fueron estaba hablamos pasta pesa peso queja caso cosa vida punta punto cuerpo cuerno siete fuerte suerte',
      'muerte tiene viene pierna hacerlo dejame decirle irme dámelo quedarse lunes enero Londres Europa pelo perla banco',
    ),
  },
}
for (const [language, { said, words }] of Object.entries(frequent)) {
  test(`frequent words of ${language} stay as they are beside others that are like them`, async () => {
    const id = await setting.addVideo(spoken(...said.split('\n')))
    assert.ok(words.length >= 100, String(words.length))
    for (const word of words) assert.equal(await correctionOf(id, word), null, word)
  })
}

/** Where a language has no list, any word may be right: of each, what is said, and a right word that is like one of it. */
const unlisted: [said: string, ...queries: string[]][] = [
  ['ذهب محمد إلى المدرسة في الصباح', 'أحمد', 'حامد'],
  ['Non è una cosa che si fa, il gatto di mia sorella è per la casa del nonno.', 'corsa', 'cassa', 'gitto', 'torta'],
  ['Я не могу сказать, что он спит в этой комнате.', 'спирт', 'спот', 'комната'],
  [
    'Ik ga niet naar het meer, want het is een koude dag en dat is voor de kinderen.',
    'heer',
    'leer',
    'koude',
    'kinders',
  ],
  ['O carro não é do meu pai, mas eu gosto de uma casa com os pés na água.', 'caro', 'gasto', 'caros'],
  ['Det är inte rott som jag har, och vi ska på en resa med ett barn.', 'rätt', 'resan', 'rosa'],
  ['Bu çok güzel bir kitap ve ben de onu okudum, ne kadar iyi.', 'kitaplik', 'kitabi', 'katip'],
  ['Το σπίτι είναι μεγάλο και η θάλασσα κοντά.', 'σπίρτο', 'μεγάλη'],
  ['Mój kot śpi w domu, a pies biega po ogrodzie i szczeka głośno.', 'ogrodzi', 'szczeki', 'biegam', 'głośni'],
  ['Můj pes spí doma a kočka běhá po zahradě celý den.', 'zahrada', 'behat', 'kocka', 'doba'],
  ['Kissa nukkuu talossa ja koira juoksee puutarhassa koko päivän.', 'talassa', 'juokset', 'koiran'],
]
test('where there is no list of a language’s words, none of them is a mistake', async () => {
  for (const [said, ...queries] of unlisted) {
    const id = await setting.addVideo(spoken(said))
    for (const q of queries) assert.equal(await correctionOf(id, q), null, q)
  }
})

test('in the library nothing is corrected to what is only said where there is no list', async () => {
  for (const q of ['ogrodzei', 'szczeak', 'puutarhasas']) {
    assert.equal((await search.inLibrary({ q, limit: 1 })).corrected, undefined, q)
  }
  assert.equal((await search.inLibrary({ q: 'butttons', limit: 1 })).corrected?.to, 'buttons')
})

test('slips are corrected in all four languages', async () => {
  const slips: [string, string, string][] = [
    ['english', 'lettesr', 'letters'],
    ['english', 'Buttnos', 'buttons'],
    ['german', 'Schuldne', 'schulden'],
    ['german', 'Feldr', 'felder'],
    ['french', 'brnaches', 'branches'],
    ['spanish', 'deintes', 'dientes'],
  ]
  for (const [language, slip, word] of slips) {
    const id = await setting.addVideo(spoken(...(frequent[language]?.said ?? '').split('\n')))
    assert.equal(await correctionOf(id, slip), word, slip)
  }
})

test('a name of whom nobody speaks is no slip, also as the first word', async () => {
  const id = await setting.addVideo(spoken(frequent.english?.said ?? ''))
  for (const q of ['Lessing', 'Marx', 'Hanna', 'Zagnitz about letters', 'Hitler', 'Wundermann']) {
    assert.equal(await correctionOf(id, q), null, q)
  }
})

test('what stands in any quotes stays as it is', async () => {
  const id = await setting.addVideo(spoken(frequent.english?.said ?? ''))
  for (const q of [
    '"lettesr"',
    '"lettesr',
    '“lettesr',
    "'lettesr'",
    '‘lettesr’',
    '「lettesr」',
    '«lettesr»',
    '„lettesr“',
  ]) {
    assert.equal(await correctionOf(id, q), null, q)
  }
  assert.equal(await correctionOf(id, "the boats' lettesr"), "the boats' letters")
})
