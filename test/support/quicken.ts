import { quickenImports } from '../../server/platform/quicken-imports.ts'

quickenImports()
