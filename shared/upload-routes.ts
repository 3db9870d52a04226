import { z } from 'zod'
import { defineRoutes } from './route.ts'
import {
  CompleteUploadRequest,
  DirectUpload,
  DirectUploadRequest,
  FetchRequest,
  SignedPart,
  SignPartsRequest,
  UploadState,
} from './uploads.ts'
import { Video } from './videos.ts'

const ofUpload = z.object({ id: z.string() })

/** Films that come. The id of a direct upload is a key of its own: whoever has it needs no other. */
export const uploadRoutes = defineRoutes({
  'videos.createUpload': {
    method: 'POST',
    path: '/api/videos/upload',
    scope: 'upload',
    summary: 'Make a video that waits for its film, and the address that takes it once',
    body: DirectUploadRequest,
    onlyJson: true,
    largeBody: true,
    answer: z.object({ video: Video, upload: DirectUpload }),
    status: 201,
  },
  'videos.upload': {
    method: 'POST',
    path: '/api/videos/upload',
    scope: 'upload',
    summary:
      'Upload a video as multipart/form-data: optional `title`, then `file`; `captions` (WebVTT or SRT) may come along',
    consumes: 'multipart/form-data',
    answer: z.object({ video: Video }),
    status: 201,
  },
  'videos.fetch': {
    method: 'POST',
    path: '/api/videos',
    scope: 'upload',
    summary: 'Fetch a film from an address: the video is there at once, and its film when the job `fetch` is done',
    body: FetchRequest,
    answer: z.object({ video: Video }),
    status: 202,
  },
  'uploads.get': {
    method: 'GET',
    path: '/api/uploads/:id',
    scope: 'upload',
    summary: 'What became of a direct or resumable upload',
    params: ofUpload,
    answer: z.object({ upload: UploadState }),
  },
  'uploads.put': {
    method: 'PUT',
    path: '/api/uploads/:id',
    scope: 'anyone',
    summary: 'The bytes of a direct upload, once, before it expires; its id is the key',
    params: ofUpload,
    consumes: 'application/octet-stream',
    answer: z.object({ video: Video }),
  },
  'uploads.signParts': {
    method: 'POST',
    path: '/api/uploads/:id/parts',
    scope: 'anyone',
    summary: 'Addresses in the object store for some parts of a direct upload; its id is the key',
    params: ofUpload,
    body: SignPartsRequest,
    answer: z.object({ parts: z.array(SignedPart) }),
  },
  'uploads.complete': {
    method: 'POST',
    path: '/api/uploads/:id/complete',
    scope: 'anyone',
    summary: 'The object store has the film of a direct upload; asked again, the same video is the answer',
    params: ofUpload,
    body: CompleteUploadRequest.default({}),
    answer: z.object({ video: Video }),
  },
  'uploads.abort': {
    method: 'DELETE',
    path: '/api/uploads/:id',
    scope: 'anyone',
    summary: 'Forget what was sent to the object store; the direct upload waits again',
    params: ofUpload,
    status: 204,
  },
})
