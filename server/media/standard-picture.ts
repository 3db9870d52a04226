import type { MediaStream } from './ffmpeg/index.ts'
import type { Size } from './fit.ts'

const hdrTransfers = ['smpte2084', 'arib-std-b67']
export const isHdr = ({ colorTransfer }: Pick<MediaStream, 'colorTransfer'>): boolean =>
  hdrTransfers.includes(colorTransfer ?? '')

/** `plain`: for an ffmpeg without zimg. Paler than it should be, and still to be seen. */
export type ToneMapping = 'zscale' | 'plain'

/**
 * Filters, to stand before all others, that make of any picture one that every screen shows: whole frames, at most 60 a
 * second where the file has no real times, no HDR. HDR is made as small as `size` first: mapping it costs much.
 */
export function toStandardPicture(stream: MediaStream, size: Size, toneMapping: ToneMapping): string[] {
  const { frameRate, colorTransfer } = stream
  // Files without real times claim a thousand frames a second.
  const calm = frameRate !== null && frameRate > 61 ? ['fps=60'] : []
  const progressive = stream.interlaced ? ['yadif=deint=interlaced'] : []
  if (!isHdr(stream)) return [...progressive, ...calm]
  const smaller = `scale=${size.width}:${size.height}`
  if (toneMapping === 'plain') return [...calm, `${smaller}:in_color_matrix=bt2020:out_color_matrix=bt709`]
  return [
    ...calm,
    smaller,
    `zscale=tin=${colorTransfer}:pin=bt2020:min=bt2020nc:rin=tv:t=linear:npl=100`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=hable:desat=0',
    'zscale=t=bt709:m=bt709:r=tv',
  ]
}
