/** Loads the tools of a child. */
import { registerHooks } from 'node:module'
import type { Tool } from '../tools/tool.ts'

const NO_SCHEMAS = import.meta.resolve('./noSchemas.ts')

/** Loads them without the library of their schemas; what a tool imports when it runs is the real one. */
export async function loadTools(module: string): Promise<readonly Tool[]> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'zod' ? { url: NO_SCHEMAS, shortCircuit: true } : next(specifier, context),
  })
  try {
    const { TOOLS } = (await import(module)) as { readonly TOOLS: readonly Tool[] }
    return TOOLS
  } finally {
    hooks.deregister()
  }
}
