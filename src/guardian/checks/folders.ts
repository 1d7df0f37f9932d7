import { lookAt } from '../../repair/fileState.ts'
import { folderPath, OWN_FOLDERS } from '../../repair/ownFiles.ts'
import type { Check } from '../check.ts'
import { say } from '../say.ts'

/** Are all folders of the home there? */
export const folders: Check = {
  id: 'folders',
  title: 'folders of the home',
  look: ({ paths, language }) =>
    OWN_FOLDERS.filter((folder) => !lookAt(folderPath(paths, folder))).map((folder) => ({
      check: 'folders',
      severity: 'warn',
      what: say(language, 'guardian.folderMissing', { folder }),
      fault: 'folder-missing',
      repair: { action: 'make_dir', args: { folder } },
    })),
}
