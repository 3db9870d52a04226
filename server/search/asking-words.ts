/** Words that say how a question is asked, not what it is about: English, then German, French, Spanish, Chinese and Japanese; and what Korean hangs on a word in other letters. */
const lists = [
  'a an the this that these those it its he him his she her hers they them their theirs we us our you your i me my mine',
  'is are was were be been being am do does did done have has had having can could will would shall should may might must',
  'who whom whose what which when where why how whether if then than so as of in on at by for to from with without about',
  'into onto over under up down out off and or but not no nor yes any some all both each there here also just only very',
  "more most much many few less least same such too again ever never don't doesn't didn't isn't aren't wasn't can't",
  'please tell explain describe give show find list name video film clip movie recording transcript talk say says said saying',
  'tells told mention mentions mentioned discuss discusses discussed talking talked happen happens happened speaker speakers',
  'someone somebody anyone anybody something anything thing things get gets got long far old time go goes went get make',
  'main topic subject summary summarize summarise overview gist point idea content going know think mean means',
  'summarizing summarise summarising discussion discussions discussing debate debated debates comment comments commented',
  'questioning elaborate elaborated respond responded response describes described concluded conclude',
  'der die das den dem des ein eine einer eines einem einen und oder aber nicht ist sind war waren wird werden hat haben',
  'wer was wann wo warum wieso wie welche welcher welches es sie er wir ihr ich du mit von zu zum zur im am auf aus bei',
  'worum darum geht gehts handelt thema zusammenfassung video film gesagt sagt bitte dieses diesem dieser',
  'le la les un une des du de et ou mais est sont était qui que quoi quand où pourquoi comment quel quelle il elle ils elles',
  'nous vous je tu ce cette ces dans sur avec pour par en au aux pas ne se sa son ses',
  "parle parlent s'agit agit resume sujet dit dites c'est qu'est-ce",
  'el los las una unos unas y o pero es son era fue quién qué cuándo dónde cómo cuál no con por para del al se su sus lo trata resumen tema dice dicen',
  '什么 怎么 怎样 如何 为什么 哪些 哪个 谁 吗 呢 的 了 是 在 和 与 及 对 对于 关于 有 讨论 说 谈 介绍 总结 会议 视频',
  'の は が を に で と も へ や か ね よ です ます した する いる ある 何 誰 いつ どこ なぜ どう',
  '은 는 이 가 을 를 의 에 와 과 로 도 만 께 랑 나 야 에서 에게 부터 까지 으로 처럼 보다 라고 하고 에서는 에는 으로는 로는',
]

/** Those that say how it is asked. */
export const askingWords: ReadonlySet<string> = new Set(
  lists
    .join(' ')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .split(' ')
    .flatMap(word => [word, word.replaceAll("'", '')]),
)
