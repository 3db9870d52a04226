import './library.css'
import { LogOut, Upload } from 'lucide-react'
import { type ChangeEvent, useDeferredValue, useEffect, useRef } from 'react'
import { Link, useSearchParams } from 'wouter'
import { useVideos } from '../../../client-sdk/src/react/index.ts'
import { useDoor, useKeyAsked } from '../door/door.ts'
import { SearchField } from '../ui/search-field.tsx'
import { SearchNote } from '../ui/search-note.tsx'
import { useCorrectedSearch } from '../ui/use-corrected-search.ts'
import { useShortcuts } from '../ui/use-shortcuts.ts'
import { useTitle } from '../ui/use-title.ts'
import { Wordmark } from '../ui/wordmark.tsx'
import { DropZone } from './drop-zone.tsx'
import { JobsLink } from './jobs-link.tsx'
import { LinkField } from './link-field.tsx'
import { SearchResults } from './search-results.tsx'
import { usePageUploads } from './uploads-provider.tsx'
import { VideoGrid } from './video-grid.tsx'

const accepted = 'video/*,audio/*,.mkv,.mts,.m2ts,.mxf,.ogv,.vtt,.srt'

export function LibraryView() {
  useTitle('Rushes')
  const library = useVideos()
  const { refresh } = library
  const { signOut } = useDoor()
  useKeyAsked(library.failure)
  const uploads = usePageUploads()
  const { newest } = uploads
  useEffect(() => {
    if (newest) refresh()
  }, [newest, refresh])
  const [params, setParams] = useSearchParams()
  const query = params.get('q') ?? ''
  const search = useCorrectedSearch(useDeferredValue(query))
  const searchInput = useRef<HTMLInputElement>(null)
  const fileInput = useRef<HTMLInputElement>(null)
  const linkInput = useRef<HTMLInputElement>(null)
  useShortcuts({
    '/': () => searchInput.current?.focus(),
    u: () => fileInput.current?.click(),
    l: () => linkInput.current?.focus(),
  })

  const searchFor = (q: string) => setParams(q === '' ? {} : { q }, { replace: true })
  const onPicked = (event: ChangeEvent<HTMLInputElement>) => {
    uploads.add([...(event.target.files ?? [])])
    event.target.value = ''
  }
  return (
    <DropZone onFiles={uploads.add}>
      <header className="library-bar">
        <Link href="/" aria-label="Rushes, the library">
          <Wordmark />
        </Link>
        <SearchField
          inputRef={searchInput}
          value={query}
          onChange={searchFor}
          label="Search everything that is said"
          placeholder="Search everything that is said"
        />
        <div className="library-actions">
          <JobsLink />
          <button
            type="button"
            className="button button-primary"
            aria-label="Upload"
            onClick={() => fileInput.current?.click()}
          >
            <Upload size={16} aria-hidden="true" />
            <span>Upload</span>
          </button>
          {signOut ? (
            <button
              type="button"
              className="icon-button"
              aria-label="Sign out"
              title="Sign out: this browser forgets the key"
              onClick={signOut}
            >
              <LogOut size={18} />
            </button>
          ) : null}
        </div>
        <input
          ref={fileInput}
          type="file"
          multiple
          hidden
          accept={accepted}
          aria-label="Films to upload"
          onChange={onPicked}
        />
      </header>
      <main className="library">
        <h1 className="unseen">Library</h1>
        {query.trim() === '' ? (
          <>
            <LinkField inputRef={linkInput} onFetching={refresh} />
            <VideoGrid library={library} uploads={uploads} onPick={() => fileInput.current?.click()} />
          </>
        ) : (
          <SearchResults
            search={search}
            text={query}
            videos={library.videos ?? []}
            note={<SearchNote search={search} onSearch={searchFor} inputRef={searchInput} />}
          />
        )}
      </main>
    </DropZone>
  )
}
