import { constants, enableCompileCache, type RegisterHooksOptions, registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

const codeDirectory = fileURLToPath(new URL('../../node_modules/.cache/rushes', import.meta.url))
const drizzle = 'drizzle-orm'

/**
 * Makes what is imported from now on quicker: this file imports nothing but Node for that reason. What was compiled, types
 * erased and all, is kept beside the packages, where those who installed them may write, and not where anybody may.
 * Returns that folder; null where it can't be written, or where whoever started Node has said what to do.
 */
export function quickenImports(): string | null {
  registerHooks({ resolve: createResolve() })
  const { status } = enableCompileCache(codeDirectory)
  return status === constants.compileCacheStatus.ENABLED ? codeDirectory : null
}

/**
 * To find out of what format a file is, Node reads the whole `package.json` of its package: for each file of it again, and
 * for each import of the package. drizzle's lists a thousand paths, and that took more time and memory than all else that
 * is imported together. Its files are modules, and it lies where it was found the first time.
 */
function createResolve(): NonNullable<RegisterHooksOptions['resolve']> {
  const found = new Map<string, string>()
  return (specifier, context, next) => {
    const { parentURL = '' } = context
    const isModule = (url: string) => ({ url, format: 'module', shortCircuit: true })
    if (specifier.startsWith('.') && parentURL.includes(`/node_modules/${drizzle}/`))
      return isModule(new URL(specifier, parentURL).href)
    if (!specifier.startsWith(drizzle) || parentURL.includes('/node_modules/')) return next(specifier, context)
    const known = found.get(specifier)
    if (known !== undefined) return isModule(known)
    const resolved = next(specifier, context)
    found.set(specifier, resolved.url)
    return resolved
  }
}
