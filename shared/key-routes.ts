import { z } from 'zod'
import { ApiKeys, CreateKey, NewApiKey, RotateKey } from './keys.ts'
import { defineRoutes } from './route.ts'

const ofKey = z.object({ id: z.string() })

/** Who may come in. For callers with an API key, and on a server without any for whoever sits at its machine. */
export const keyRoutes = defineRoutes({
  'keys.list': {
    method: 'GET',
    path: '/api/keys',
    scope: 'keys',
    summary: 'The API keys that are valid, without their secrets',
    answer: ApiKeys,
  },
  'keys.create': {
    method: 'POST',
    path: '/api/keys',
    scope: 'keys',
    summary: 'Make an API key; its secret is shown this once. The first one shuts the server to those without',
    body: CreateKey,
    answer: NewApiKey,
    status: 201,
  },
  'keys.revoke': {
    method: 'DELETE',
    path: '/api/keys/:id',
    scope: 'keys',
    summary: 'End an API key, what it has open, and the addresses that it signed',
    params: ofKey,
    status: 204,
  },
  'keys.rotate': {
    method: 'POST',
    path: '/api/keys/:id/rotate',
    scope: 'keys',
    summary: 'Give an API key another secret; the old one opens for `graceSeconds` more',
    params: ofKey,
    body: RotateKey.default({ graceSeconds: 0 }),
    answer: NewApiKey,
  },
})
