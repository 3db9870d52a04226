import { Upload } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'

const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false

/** Files dropped anywhere on the page are taken. */
export function DropZone({ onFiles, children }: { onFiles: (files: File[]) => void; children: ReactNode }) {
  const [over, setOver] = useState(false)
  useEffect(() => {
    // Enter and leave come for every element on the way: only their balance says whether the pointer is still here.
    let depth = 0
    const move = (step: number) => (event: DragEvent) => {
      if (!carriesFiles(event)) return
      depth = Math.max(0, depth + step)
      setOver(depth > 0)
    }
    const onOver = (event: DragEvent) => carriesFiles(event) && event.preventDefault()
    const onDrop = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      depth = 0
      setOver(false)
      onFiles([...(event.dataTransfer?.files ?? [])])
    }
    const controller = new AbortController()
    const options = { signal: controller.signal }
    document.addEventListener('dragenter', move(1), options)
    document.addEventListener('dragleave', move(-1), options)
    document.addEventListener('dragover', onOver, options)
    document.addEventListener('drop', onDrop, options)
    return () => controller.abort()
  }, [onFiles])
  return (
    <>
      {children}
      {over ? (
        <div className="drop-sheet" aria-hidden="true">
          <div>
            <Upload size={32} strokeWidth={1.5} />
            Drop to upload
          </div>
        </div>
      ) : null}
    </>
  )
}
