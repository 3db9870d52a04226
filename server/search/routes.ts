import type { HttpHandlers } from '../platform/http/index.ts'
import type { SearchService } from './service.ts'

export const searchRoutes = (search: SearchService): Pick<HttpHandlers, 'videos.search' | 'search.all'> => ({
  'videos.search': ({ params, query, signal }) => search.inVideo(params.id, { ...query, signal }),
  'search.all': ({ query, signal }) => search.inLibrary({ ...query, signal }),
})
