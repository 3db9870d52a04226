import { createHash } from 'node:crypto'
import { S3Client } from '@aws-sdk/client-s3'
import { checkKey } from '../keys.ts'

export interface BucketOptions {
  /** Any server that speaks S3; unset: Amazon's, by the region. */
  endpoint?: string | undefined
  /** The same server as browsers reach it, for signed URLs. Unset: `endpoint`. */
  publicEndpoint?: string | undefined
  region: string
  bucket: string
  /** Goes before every key, so that a bucket can be shared. */
  prefix?: string | undefined
  accessKeyId: string
  secretAccessKey: string
  /** How long a server may stay silent while its bytes are waited for; 10 s if not given. */
  silenceMs?: number | undefined
  /** Called after each request. */
  onRequest?: (request: { operation: string; seconds: number; ok: boolean }) => void
}

/** One bucket, or what lies below one prefix of it. */
export interface Bucket {
  client: S3Client
  /** Signs URLs and sends nothing. */
  signer: S3Client
  /** The object that holds a blob. Throws for what is no key. */
  at(key: string): { Bucket: string; Key: string }
  Bucket: string
  prefix: string
  silenceMs: number
  /** For operators. */
  place: string
  stop(): void
}

const connectMs = 5_000
/** Until an answer begins. */
const answerMs = 8_000
const usualSilenceMs = 10_000
/** A connection on which nothing moves: a paused player lets go of it, and takes it up again where it was. */
const idleMs = 60_000
/** Each stream under way has one of its own. */
const maxSockets = 1_000

export function openBucket(options: BucketOptions): Bucket {
  const { endpoint, publicEndpoint, bucket, prefix: given = '', silenceMs = usualSilenceMs } = options
  const prefix = given === '' || given.endsWith('/') ? given : `${given}/`
  const client = clientFor(options, endpoint)
  client.middlewareStack.add(
    (next, context) => async args => {
      const began = performance.now()
      const done = (ok: boolean) => {
        const operation = (context.commandName ?? 'unknown').replace(/Command$/, '')
        options.onRequest?.({ operation, seconds: (performance.now() - began) / 1000, ok })
      }
      try {
        const answer = await next(args)
        done(true)
        return answer
      } catch (fault) {
        // Absence is an answer.
        done((fault as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404)
        throw fault
      }
    },
    { step: 'initialize', name: 'measureRequests' },
  )
  const signer = publicEndpoint === undefined ? client : clientFor(options, publicEndpoint)
  return {
    client,
    signer,
    Bucket: bucket,
    prefix,
    silenceMs,
    at: key => ({ Bucket: bucket, Key: `${prefix}${checkKey(key)}` }),
    place: `bucket ${bucket}${prefix && ` (${prefix})`} at ${endpoint ?? `Amazon, ${options.region}`}`,
    stop() {
      client.destroy()
      signer.destroy()
    },
  }
}

function clientFor({ region, accessKeyId, secretAccessKey }: BucketOptions, endpoint: string | undefined): S3Client {
  const client = new S3Client({
    region,
    credentials: { accessKeyId, secretAccessKey },
    // Other servers seldom have a name for each bucket.
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    // Many servers know neither the newer checksums nor the trailers that carry them.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: connectMs,
      requestTimeout: answerMs,
      throwOnRequestTimeout: true,
      socketTimeout: idleMs,
      httpAgent: { maxSockets },
      httpsAgent: { maxSockets },
    },
  })
  client.middlewareStack.add(
    (next, context) => args => {
      if (context.commandName === 'DeleteObjectsCommand') addMd5(args.request)
      return next(args)
    },
    { step: 'build', name: 'addMd5', priority: 'low' },
  )
  return client
}

/** Servers that don't know the newer checksums refuse to remove a list of objects without the older one. */
function addMd5(request: unknown): void {
  const { body, headers } = request as { body: string; headers: Record<string, string> }
  headers['content-md5'] = createHash('md5').update(body).digest('base64')
}
