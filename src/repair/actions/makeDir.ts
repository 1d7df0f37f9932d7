import { rmdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { defineAction, HOLDS, refuse } from '../action.ts'
import { exactly, oneOf } from '../closedSet.ts'
import { lookAt } from '../fileState.ts'
import { ensureFolder, inFolder } from '../heldFolder.ts'
import { folderPath, OWN_FOLDERS, type OwnFolder } from '../ownFiles.ts'

type Args = { readonly folder: OwnFolder }

/** Makes a folder of the home that is missing, open to nobody else. */
export const makeDir = defineAction<Args, null>({
  id: 'make_dir',
  why: 'A folder of the home is missing: make it.',
  risk: 0,
  timeLimitMs: 2_000,
  parseArgs: exactly({ folder: oneOf(OWN_FOLDERS) }),
  precondition: (ctx, { folder }) => (lookAt(folderPath(ctx.paths, folder)) ? refuse(`${folder} is there`) : HOLDS),
  plan: ({ folder }) => `make the folder ${folder}`,
  snapshot: () => null,
  act: (ctx, { folder }) => {
    const path = folderPath(ctx.paths, folder)
    ensureFolder(ctx.paths.home, dirname(path), basename(path))
    return { note: `made the folder ${folder}` }
  },
  undo: (ctx, { folder }) => {
    const path = folderPath(ctx.paths, folder)
    // Only while it is empty: what came into it since belongs to somebody.
    inFolder(ctx.paths.home, dirname(path), (at) => {
      if (lookAt(at(basename(path)))?.isDirectory()) rmdirSync(at(basename(path)))
    })
  },
  postcondition: (ctx, { folder }) =>
    lookAt(folderPath(ctx.paths, folder))?.isDirectory() ? HOLDS : refuse(`${folder} is not there`),
  examples: {
    allowed: [{ folder: 'logs' }, { folder: 'workspace' }],
    refused: [
      { args: { folder: '../elsewhere' }, reason: 'a path is no name of a folder of ours' },
      { args: {}, reason: 'a name is needed' },
    ],
  },
})
