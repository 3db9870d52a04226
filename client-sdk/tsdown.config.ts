import { defineConfig } from 'tsdown'

export default defineConfig({
  cwd: import.meta.dirname,
  entry: { index: 'src/index.ts', 'react/index': 'src/react/index.ts' },
  outDir: 'dist',
  format: 'esm',
  // Browsers, Node and whatever else fetches: nothing of one platform may be taken for granted.
  platform: 'neutral',
  target: 'es2022',
  // `.js`, as `package.json` says `module`.
  fixedExtension: false,
  dts: true,
  clean: true,
})
