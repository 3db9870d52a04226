import { routes, type VideoId } from '../../shared/index.ts'
import type { WarmAddress } from '../platform/http/index.ts'

/** Where films are streamed from. */
export const filmRoute = routes['videos.stream']
const { path, params } = filmRoute
const [before = '', after = ''] = path.split(':id')

/** The video whose film is asked for with at most a token in the query; null for any other request. */
export function filmAddress(url: string): (WarmAddress & { id: VideoId }) | null {
  if (!url.startsWith(before)) return null
  const [asked = '', query = ''] = url.split('?', 2)
  if (!asked.endsWith(after)) return null
  const parsed = params.safeParse({ id: asked.slice(before.length, -after.length) })
  const said = new URLSearchParams(query)
  if (!parsed.success || [...said.keys()].some(name => name !== 'token') || said.size > 1) return null
  return { id: parsed.data.id, token: said.get('token') ?? undefined }
}
