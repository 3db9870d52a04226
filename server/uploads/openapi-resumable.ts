import { resumablePath, resumableScope } from '../../shared/index.ts'

/** tus 1.0 as it is spoken here. Its routes are not in the contract's table: the protocol reads its requests itself. */
export function resumablePaths(): Record<string, object> {
  return {
    [resumablePath]: { options: abilities, post: begin },
    [`${resumablePath}/{id}`]: { parameters: [id], head: standing, patch: send, delete: remove },
  }
}

const wanted = { 'x-scope': resumableScope }
type Kind = 'string' | 'integer'
const header = (description: string, type: Kind = 'string') => ({ description, schema: { type } })
const given = (name: string, description: string, about: { required?: true; type?: Kind } = {}) => ({
  ...{ name, in: 'header', description, required: about.required ?? false },
  schema: { type: about.type ?? 'string' },
})
const failure = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Failure' } } },
})
/** Of the protocol itself: clients act on the status, the sentence is plain text. */
const protocolFault = (description: string) => ({ description, content: { 'text/plain': {} } })

const version = given('Tus-Resumable', '`1.0.0`', { required: true })
const offset = 'Bytes that the server has'
const bytes = { content: { 'application/offset+octet-stream': {} } }
const checksum = given(
  'Upload-Checksum',
  '`sha1` or `sha256`, a space, and the digest of this part in base64; a part that differs is cut off again',
)
const id = {
  ...{ name: 'id', in: 'path', required: true },
  ...{ description: 'The last part of `Location`', schema: { type: 'string' } },
}
const unknown = failure('`upload.not_found`')
const expired = failure('`upload.expired`')
const wrongVersion = protocolFault('`Tus-Resumable` is missing or another')
const refusals = {
  410: expired,
  412: wrongVersion,
  413: failure('`upload.too_large`'),
  415: failure('The last byte came, and it is no film: `upload.unsupported_media`'),
  460: failure('`upload.checksum_mismatch`'),
  default: failure('A failure'),
}

const abilities = {
  operationId: 'uploads.resumable.options',
  summary: 'What the server can do of tus',
  ...wanted,
  responses: {
    204: {
      description: 'In the headers',
      headers: {
        'Tus-Version': header('`1.0.0`'),
        'Tus-Extension': header('Names with commas between them'),
        'Tus-Max-Size': header('Largest film, in bytes', 'integer'),
        'Tus-Checksum-Algorithm': header('For `Upload-Checksum`'),
      },
    },
    default: failure('A failure'),
  },
}

const begin = {
  operationId: 'uploads.resumable.create',
  summary: 'Begin a resumable upload (tus 1.0); the first bytes may come along',
  ...wanted,
  parameters: [
    version,
    given('Upload-Length', 'Bytes of the film; this or `Upload-Defer-Length`', { type: 'integer' }),
    given('Upload-Defer-Length', '`1`: the length is said later, with a part'),
    given('Upload-Metadata', '`filename`, `filetype` and `title`, each with its value in base64'),
    checksum,
    {
      ...{ name: 'upload', in: 'query', required: false, schema: { type: 'string' } },
      description: 'Id of a direct upload, as in its `resumableUrl`: its video takes the film',
    },
  ],
  requestBody: { required: false, ...bytes },
  responses: {
    201: {
      description: 'It has begun',
      headers: {
        Location: header('Where its parts go, relative to this address'),
        'Upload-Expires': header('How long it is waited for'),
        'Upload-Offset': header('Bytes that came along', 'integer'),
      },
    },
    400: protocolFault('A header is malformed; or `upload.malformed_checksum`, as JSON'),
    404: failure('There is no such direct upload: `upload.not_found`'),
    ...refusals,
  },
}

const standing = {
  operationId: 'uploads.resumable.head',
  summary: 'How far a resumable upload is; whoever is sending is asked to stop',
  ...wanted,
  parameters: [version],
  responses: {
    200: {
      description: 'In the headers',
      headers: {
        'Upload-Offset': header(offset, 'integer'),
        'Upload-Length': header('Bytes of the film, once known', 'integer'),
        'Upload-Defer-Length': header('`1` while the length is not known'),
        'Upload-Metadata': header('As it was given'),
      },
    },
    404: unknown,
    410: expired,
    412: wrongVersion,
    default: failure('A failure'),
  },
}

const send = {
  operationId: 'uploads.resumable.patch',
  summary: 'A part of the film. The last one is answered once the film was accepted',
  ...wanted,
  parameters: [
    version,
    given('Upload-Offset', `${offset}: the part begins there`, { required: true, type: 'integer' }),
    given('Upload-Length', 'Bytes of the film, if it was deferred', { type: 'integer' }),
    checksum,
  ],
  requestBody: { required: true, ...bytes },
  responses: {
    204: {
      description: 'The part is there. After the last one `GET /api/uploads/{id}` has the video',
      headers: {
        'Upload-Offset': header(offset, 'integer'),
        'Upload-Expires': header('How long the rest is waited for'),
      },
    },
    400: protocolFault('A header is malformed; or `upload.malformed_checksum`, as JSON'),
    403: protocolFault('`Upload-Offset` or `Content-Type` is missing'),
    404: unknown,
    409: protocolFault('The offset is not the server’s: ask by HEAD; or `upload.already_done`, as JSON'),
    ...refusals,
  },
}

const remove = {
  operationId: 'uploads.resumable.delete',
  summary: 'Stop a resumable upload and remove what was sent',
  ...wanted,
  parameters: [version],
  responses: {
    204: { description: 'It is gone' },
    404: unknown,
    410: expired,
    412: wrongVersion,
    default: failure('A failure'),
  },
}
