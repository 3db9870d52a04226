import { join } from 'node:path'
import { type Config, sendsToBucket } from './config.ts'

/** What the configuration says to those who bring films. */

/** Below the blobs, whose file system they share: no key starts with a dot. */
const beside = (config: Config, name: string) => join(config.DATA_DIR, 'blobs', name)

export const uploadOptions = (config: Config) => ({
  toBucket: sendsToBucket(config),
  partsDirectory: beside(config, '.parts'),
  limits: {
    uploadBytes: config.MAX_UPLOAD_BYTES,
    captionsBytes: config.MAX_CAPTIONS_BYTES,
    expiresSeconds: config.UPLOAD_EXPIRES_SECONDS,
  },
})

export const fetchOptions = (config: Config) => ({
  partsDirectory: beside(config, '.fetched'),
  limits: {
    privateAddresses: config.FETCH_PRIVATE_ADDRESSES,
    connectSeconds: config.FETCH_CONNECT_SECONDS,
    idleSeconds: config.FETCH_IDLE_SECONDS,
    timeoutSeconds: config.FETCH_TIMEOUT_SECONDS,
    mostRedirects: config.FETCH_REDIRECTS,
    attempts: config.FETCH_ATTEMPTS,
  },
})
