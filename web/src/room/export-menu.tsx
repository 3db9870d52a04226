import { Download } from 'lucide-react'
import type { NotesFormat, Video } from '../../../client-sdk/src/index.ts'
import { useRushes } from '../../../client-sdk/src/react/index.ts'
import { Menu } from '../ui/menu.tsx'
import { reasonOf, useToast } from '../ui/toasts.tsx'

const formats = [
  { format: 'csv', label: 'Spreadsheet', hint: 'CSV' },
  { format: 'edl', label: 'Markers for Resolve', hint: 'EDL' },
  { format: 'fcpxml', label: 'Markers for Final Cut', hint: 'FCPXML' },
] as const

/** The comments as files that editing programs read. */
export function ExportMenu({ video }: { video: Video }) {
  const { videos } = useRushes()
  const say = useToast()
  // Its address opens for a minute alone, so it is asked for when it is wanted.
  const save = (format: NotesFormat) =>
    videos.notesUrl(video.id, format).then(download, fault => say(`Not exported: ${reasonOf(fault)}`))
  const items = formats.map(({ format, label, hint }) => ({ label, hint, onSelect: () => void save(format) }))
  return (
    <Menu label="Export comments" title="Export comments" items={items}>
      <Download size={16} />
    </Menu>
  )
}

function download(url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  link.click()
}
