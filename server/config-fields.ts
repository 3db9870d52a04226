import { z } from 'zod'
import { isRange } from './platform/addresses.ts'

export interface ConfigField {
  schema: z.ZodType
  about: string
  secret?: true
  /** Its name in earlier versions, which goes on working. */
  formerly?: string
}
const field = <S extends z.ZodType>(
  schema: S,
  about: string,
  options: Pick<ConfigField, 'secret' | 'formerly'> = {},
) => ({
  schema,
  about,
  ...options,
})

const whole = (min: number, max: number) =>
  z.coerce.number('a whole number is wanted').int('a whole number is wanted').min(min).max(max)
const optional = z.string().optional()
const price = z.coerce.number('a number is wanted').min(0).max(1_000_000).optional()
const flag = z.stringbool('true or false is wanted')
const listed = (text: string) => text.split(',').flatMap(part => part.trim() || [])
/** As browsers write them: no path, no wildcard, and not the `null` of sandboxed pages. */
const areOrigins = (all: string[]) =>
  all.every(each => /^https?:[^*]+$/.test(each) && URL.canParse(each) && new URL(each).origin === each)
/** The fault names those that are neither. */
const addressRanges = z
  .string()
  .default('')
  .transform(listed)
  .superRefine((all, context) => {
    const wrong = all.filter(each => !isRange(each))
    if (wrong.length > 0)
      context.addIssue(`addresses or ranges such as 10.0.0.0/8 are wanted, and ${wrong.join(' and ')} is none`)
  })
const megabyte = 1024 * 1024

/** Every variable that Rushes reads: its schema with the default, and what it means. `.env.example` is written from this. */
export const configFields = {
  HOST: field(z.string().default('127.0.0.1'), 'Address to listen on. Anything but loopback needs RUSHES_API_KEY.'),
  PORT: field(whole(0, 65_535).default(4000), 'Port to listen on; 0 takes any free one.'),
  PUBLIC_URL: field(
    z.url('a URL is wanted').optional(),
    'Where people reach this server, when that is not http://HOST:PORT.',
  ),
  CORS_ORIGINS: field(
    z.string().default('').transform(listed).refine(areOrigins, 'origins such as https://app.example.org are wanted'),
    'Origins whose pages may use this server, with commas between them. Unset: its own pages alone.',
  ),
  TRUSTED_PROXIES: field(
    addressRanges,
    'Addresses, or ranges (10.0.0.0/8), of the proxies in front, with commas between them: what they send in X-Forwarded-For is who asks. Unset: none.',
  ),
  RUSHES_API_KEY: field(
    z.string().min(16, 'at least 16 characters are wanted').optional(),
    'An API key that is valid as long as it is set. One is needed when HOST is not loopback: this, or a made one.',
    { secret: true },
  ),
  DATA_DIR: field(z.string().default('./data'), 'Embedded database, uploaded and derived files, models.'),
  STORAGE: field(
    z.enum(['disk', 's3']).default('disk'),
    'Where films and what is made of them lie: DATA_DIR/blobs, or an object store.',
  ),
  S3_ENDPOINT: field(
    z.url('a URL is wanted').optional(),
    'Any server that speaks S3: MinIO, R2, and others. Unset: Amazon, by the region.',
  ),
  S3_PUBLIC_ENDPOINT: field(
    z.url('a URL is wanted').optional(),
    'The same server as browsers reach it. Unset: S3_ENDPOINT.',
  ),
  S3_BUCKET: field(optional, 'Bucket for the films; it has to be there. Needed with STORAGE=s3.'),
  S3_REGION: field(z.string().default('us-east-1'), 'Region of the bucket; most other servers take any.'),
  S3_ACCESS_KEY_ID: field(optional, 'Key for the bucket. Needed with STORAGE=s3.', { secret: true }),
  S3_SECRET_ACCESS_KEY: field(optional, 'Its secret. Needed with STORAGE=s3.', { secret: true }),
  S3_PREFIX: field(
    z
      .string()
      .regex(/^[\w.-]+(\/[\w.-]+)*\/?$/, 'names with slashes between them are wanted')
      .optional(),
    'Goes before the name of every object, for a bucket that is shared.',
  ),
  S3_CACHE_BYTES: field(
    whole(0, Number.MAX_SAFE_INTEGER).default(10 * 1024 * megabyte),
    'Copies of objects that are kept in DATA_DIR/cache for ffmpeg (10 GiB).',
  ),
  S3_DIRECT_UPLOADS: field(
    flag.optional(),
    'Give out addresses in the bucket for direct uploads. Unset: where S3_PUBLIC_ENDPOINT or Amazon is used.',
  ),
  DATABASE_URL: field(
    z.url('a postgres:// URL is wanted').optional(),
    'A PostgreSQL server (15 or newer, with pgvector). Unset: the embedded one in DATA_DIR.',
    { secret: true },
  ),
  DATABASE_POOL_SIZE: field(whole(2, 200).default(10), 'Connections to that PostgreSQL server.'),
  DATABASE_SYNC: field(
    flag.default(true),
    'With the embedded database: acknowledge what is on the disk alone. `false`: sooner, and a power cut takes the last moments, or the whole database.',
  ),
  DATABASE_SNAPSHOTS: field(
    whole(0, 1000).default(3),
    'Snapshots of the embedded database that are kept in DATA_DIR/snapshots, the last one before an upgrade among them; 0: none are taken.',
  ),
  DATABASE_SNAPSHOT_HOURS: field(whole(1, 8760).default(24), 'Hours from one snapshot to the next.'),
  DATABASE_WAIT_SECONDS: field(
    whole(0, 86_400).default(60),
    'How long that server is waited for when it does not answer at the start.',
  ),
  REDIS_URL: field(
    z.url({ protocol: /^rediss?$/, error: 'a redis:// URL is wanted' }).optional(),
    'Redis, when several servers share the rooms.',
    {
      secret: true,
    },
  ),
  ROLE: field(
    z.enum(['all', 'api', 'worker']).default('all'),
    'What this process does: serve, work, or both. Needs DATABASE_URL when not `all`.',
  ),
  MAX_UPLOAD_BYTES: field(
    whole(1, Number.MAX_SAFE_INTEGER).default(5 * 1024 * megabyte),
    'Largest file that is taken (5 GiB).',
  ),
  STORAGE_QUOTA_BYTES: field(
    whole(0, Number.MAX_SAFE_INTEGER).default(0),
    'Originals that are stored, and those on their way, may take so much together; 0: no limit.',
  ),
  MAX_DURATION_SECONDS: field(whole(1, 1_000_000).default(4 * 3600), 'Longest film that is taken (4 h).'),
  MAX_CAPTIONS_BYTES: field(
    whole(1, 64 * megabyte).default(4 * megabyte),
    'Largest caption file that is taken along with a film.',
  ),
  UPLOAD_EXPIRES_SECONDS: field(
    whole(1, 30 * 86_400).default(86_400),
    'How long a direct or resumable upload is waited for (24 h).',
  ),
  FETCH_PRIVATE_ADDRESSES: field(
    addressRanges,
    'Addresses, or ranges (10.0.0.0/8), from which films are fetched although they are not public, with commas between them. Unset: none.',
  ),
  FETCH_CONNECT_SECONDS: field(whole(1, 300).default(10), 'How long a server may take until it begins to send a film.'),
  FETCH_IDLE_SECONDS: field(whole(1, 3600).default(30), 'How long it may send nothing in the middle of one.'),
  FETCH_TIMEOUT_SECONDS: field(
    whole(1, 72_000).default(4 * 3600),
    'Longest time that fetching one film may take (4 h).',
  ),
  FETCH_REDIRECTS: field(whole(0, 20).default(5), 'How often an address may lead to another one.'),
  FETCH_ATTEMPTS: field(
    whole(1, 20).default(6),
    'How often a film is fetched that does not come, in ever longer pauses from 2 s on.',
  ),
  MEDIA_THREADS: field(whole(1, 64).default(2), 'Runs of ffmpeg side by side.'),
  MEDIA_MEMORY_BYTES: field(
    whole(256 * megabyte, Number.MAX_SAFE_INTEGER).default(4096 * megabyte),
    'Address space that one run of ffmpeg may use.',
  ),
  MEDIA_NICENESS: field(whole(0, 19).default(10), 'Priority of ffmpeg: 0 as the server itself, 19 the lowest.'),
  MEDIA_TIMEOUT_SECONDS: field(
    whole(10, 172_800).default(4 * 3600),
    'Longest time that one step of the processing may take.',
  ),
  STREAM_HANDOFF: field(
    z
      .string()
      .regex(/^(none|x-sendfile|x-accel:\/[\w./-]*\/)$/, '`none`, `x-sendfile` or `x-accel:/location/` is wanted')
      .default('none'),
    'Let the web server in front send films from DATA_DIR/blobs: `x-accel:/location/` (nginx) or `x-sendfile` (Apache, lighttpd).',
  ),
  STREAM_REDIRECT: field(
    flag.default(false),
    'With STORAGE=s3: lead players to signed URLs of the bucket, which then sends films and pictures instead of us.',
  ),
  STREAM_CACHE_BYTES: field(
    whole(0, Number.MAX_SAFE_INTEGER).default(64 * megabyte),
    'Memory for the parts of films that several people watch at once; 0: none.',
  ),
  HLS_LADDER: field(
    z
      .string()
      .regex(/^(off|\d{2,4}(\s*,\s*\d{2,4})*)$/, 'heights such as 1080,720,480,360 are wanted, or off')
      .default('1080,720,480,360')
      .transform(text => (text === 'off' ? [] : text.split(',').map(Number)))
      .refine(
        heights => heights.every(height => height % 2 === 0 && height >= 144),
        'even heights from 144 are wanted',
      ),
    'Sizes in which films are offered for adaptive playback (HLS), by their shorter side. `off`: none. Its older name HLS_RUNGS goes on working.',
    { formerly: 'HLS_RUNGS' },
  ),
  TRANSCRIBER: field(
    z.enum(['auto', 'subtitles', 'whisper', 'openai', 'pocketsphinx', 'none']).default('auto'),
    'Which rung transcribes. `auto`: the best that is there.',
  ),
  TRANSCRIPT_LANGUAGE: field(
    optional,
    'Language that is spoken, as a BCP 47 tag, when it is always the same. Unset: found out.',
  ),
  WHISPER_MODEL: field(
    z.string().default('onnx-community/whisper-base_timestamped'),
    'Whisper model of transformers.js, a folder in MODELS_DIR.',
  ),
  EMBEDDER: field(
    z.enum(['auto', 'transformers', 'openai', 'none']).default('auto'),
    'Which rung compares meanings. `none`: search stays lexical.',
  ),
  EMBEDDING_MODEL: field(
    z.string().default('Xenova/all-MiniLM-L6-v2'),
    'Embedding model of transformers.js, a folder in MODELS_DIR.',
  ),
  MODELS_DIR: field(optional, 'Models, downloaded or placed by hand. Unset: DATA_DIR/models.'),
  MODELS_DOWNLOAD: field(flag.default(false), 'Fetch missing models from the hub at start.'),
  OPENAI_API_KEY: field(optional, 'Key of an OpenAI-compatible service.', { secret: true }),
  OPENAI_BASE_URL: field(
    z.url('a URL is wanted').optional(),
    'Any compatible server: Ollama, vLLM, LM Studio. Setting it, or the key, lets it be asked.',
  ),
  OPENAI_MODEL: field(
    optional,
    'Model that answers questions. Unset: gpt-4o-mini, as long as no other OPENAI_*_MODEL says what the service is for.',
  ),
  OPENAI_FIRST_WORD_SECONDS: field(
    whole(1, 3600).default(60),
    'How long that model may be silent before its answer begins: a local one may have to load first.',
  ),
  OPENAI_BETWEEN_WORDS_SECONDS: field(whole(1, 3600).default(20), 'How long it may be silent in the middle of one.'),
  OPENAI_ANSWER_SECONDS: field(whole(1, 3600).default(300), 'How long a whole answer may take, thinking included.'),
  OPENAI_PRICE_INPUT_PER_MILLION: field(
    price,
    'What a million tokens of its questions cost, in US dollars. With the next one, answers say their cost.',
  ),
  OPENAI_PRICE_OUTPUT_PER_MILLION: field(price, 'The same for the tokens of its answers.'),
  OPENAI_TRANSCRIBE_MODEL: field(optional, 'Model that transcribes; unset: that service is not asked to.'),
  OPENAI_EMBEDDING_MODEL: field(optional, 'Model that embeds; unset: that service is not asked to.'),
  EMBEDDING_TIMEOUT_SECONDS: field(
    whole(1, 300).default(120),
    'How long that service may take for one batch of texts. One that takes longer is asked for fewer at once.',
  ),
  ANSWERS_PER_ROOM: field(whole(1, 100).default(4), 'Answers that one room may wait for at once.'),
  MESSAGES_PER_SECOND: field(
    z.coerce.number('a number is wanted').min(0).max(10_000).default(5),
    'How fast one person may talk for long: messages, changes, reactions and questions; 0: no limit.',
  ),
  MESSAGES_BURST: field(whole(1, 100_000).default(30), 'How many of them may come at once before that counts.'),
  REQUESTS_PER_SECOND: field(
    z.coerce.number('a number is wanted').min(0).max(10_000).default(20),
    'How fast one person may join rooms and read their logs by sockets for long; 0: no limit.',
  ),
  REQUESTS_BURST: field(whole(1, 100_000).default(200), 'How many of them may come at once before that counts.'),
  SIGNALS_PER_SECOND: field(
    z.coerce.number('a number is wanted').min(0).max(10_000).default(100),
    'How fast one connection may tell that it types, where it is in the film and whom it follows; 0: no limit.',
  ),
  SIGNALS_BURST: field(whole(1, 100_000).default(300), 'How many of them may come at once before that counts.'),
  MAX_CONNECTIONS: field(whole(1, 1_000_000).default(10_000), 'Sockets that are served at once.'),
  KEEP_ALIVE_SECONDS: field(
    whole(1, 3600).default(20),
    'How long a connection is kept for the next request. Behind a load balancer that keeps its own: longer than it does.',
  ),
  LOG_LEVEL: field(z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'), 'How much is logged.'),
  LOG_PRETTY: field(flag.default(false), 'Logs for people instead of JSON lines.'),
}
