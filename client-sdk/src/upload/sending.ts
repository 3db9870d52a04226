/** The form's fields in the order of sending: the server knows what comes along before the film starts. */
export interface UploadForm {
  title: string | undefined
  captions: Blob | undefined
  filename: string
}

/** How the bytes travel. Resolves with whatever the server answered. */
export interface Sending {
  url: string
  headers: Record<string, string>
  signal: AbortSignal | undefined
  onSent: (sentBytes: number) => void
}
