import type { Settings } from '../../shared/config/schema.ts'
import type { ToolSettings } from './tool.ts'

/** What tools may know of the settings. */
export function toolSettingsOf({ tools }: Pick<Settings, 'tools'>): ToolSettings {
  return {
    search: { engine: tools.searchEngine, url: tools.searchUrl },
    git: { name: tools.gitName, email: tools.gitEmail },
  }
}
