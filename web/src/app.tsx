import { Compass } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { Link, Route, Switch } from 'wouter'
import { Doorway } from './door/doorway.tsx'
import { JobsLoading } from './jobs/jobs-skeleton.tsx'
import { LibraryView } from './library/library-view.tsx'
import { UploadsProvider } from './library/uploads-provider.tsx'
import { RoomSkeleton } from './room-skeleton.tsx'
import { Notice } from './ui/notice.tsx'
import { ToastProvider } from './ui/toasts.tsx'

// The player and the timeline come with the first room, not with the library.
const RoomView = lazy(async () => ({ default: (await import('./room/room-view.tsx')).RoomView }))
const JobsView = lazy(async () => ({ default: (await import('./jobs/jobs-view.tsx')).JobsView }))

export function App({ url }: { url: string }) {
  return (
    <ToastProvider>
      <Doorway url={url}>
        <UploadsProvider>
          <Switch>
            <Route path="/">
              <LibraryView />
            </Route>
            <Route path="/videos/:id">
              {({ id }) => (
                <Suspense fallback={<RoomSkeleton />}>
                  <RoomView key={id} videoId={id} />
                </Suspense>
              )}
            </Route>
            <Route path="/jobs">
              <Suspense fallback={<JobsLoading />}>
                <JobsView />
              </Suspense>
            </Route>
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </UploadsProvider>
      </Doorway>
    </ToastProvider>
  )
}

function NotFound() {
  return (
    <main>
      <Notice
        icon={Compass}
        title="There is nothing at this address"
        actions={
          <Link href="/" className="button button-primary">
            Open the library
          </Link>
        }
      >
        The link may be mistyped.
      </Notice>
    </main>
  )
}
