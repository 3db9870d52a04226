import { film } from '../ffmpeg/films.ts'

/** Three pictures that have nothing in common, joined at 2 s and 4.2 s, of 6.2 s; with a tone. */
export function cutFilm(target: string, ...more: string[]): string {
  const sources = ['mandelbrot', 'testsrc2', 'smptebars'].flatMap(name => [
    '-f',
    'lavfi',
    '-i',
    `${name}=s=320x180:r=25`,
  ])
  const trims = [2, 2.2, 2].map((length, at) => `[${at}]trim=0:${length},setsar=1,format=yuv420p[p${at}]`)
  const graph = [...trims, '[p0][p1][p2]concat=n=3[v]'].join(';')
  const sound = ['-f', 'lavfi', '-i', 'sine=f=440:d=6.2']
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac']
  const outputs = ['-map', '[v]', '-map', '3:a', ...codecs, '-movflags', '+faststart', ...more]
  return film(target, ...sources, ...sound, '-filter_complex', graph, ...outputs)
}
