import { Download } from 'lucide-react'
import type { Video } from '../../../client-sdk/src/index.ts'
import { useRushes } from '../../../client-sdk/src/react/index.ts'
import { Menu } from '../ui/menu.tsx'

const formats = [
  { format: 'csv', label: 'Spreadsheet', hint: 'CSV' },
  { format: 'edl', label: 'Markers for Resolve', hint: 'EDL' },
  { format: 'fcpxml', label: 'Markers for Final Cut', hint: 'FCPXML' },
] as const

/** The comments as files that editing programs read. */
export function ExportMenu({ video }: { video: Video }) {
  const { videos } = useRushes()
  const items = formats.map(({ format, label, hint }) => ({
    label,
    hint,
    href: videos.notesUrl(video.id, format),
  }))
  return (
    <Menu label="Export comments" title="Export comments" items={items}>
      <Download size={16} />
    </Menu>
  )
}
