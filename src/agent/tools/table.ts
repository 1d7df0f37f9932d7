/** Every tool of the agent. To add one: a file in this folder that exports it, and a line here. */
import * as z from 'zod'
import type { ToolOffer } from '../../model/modelCall.ts'
import { askUserTool } from './askUser.ts'
import { editFileTool } from './editFile.ts'
import { gitCommitTool } from './gitCommit.ts'
import { gitDiffTool } from './gitDiff.ts'
import { gitLogTool } from './gitLog.ts'
import { gitStatusTool } from './gitStatus.ts'
import { globTool } from './globFiles.ts'
import { grepTool } from './grep.ts'
import { httpFetchTool } from './httpFetch.ts'
import { httpPostTool } from './httpPost.ts'
import { listDirTool } from './listDir.ts'
import { noteTool } from './note.ts'
import { processListTool } from './processList.ts'
import { readFileTool } from './readFile.ts'
import { runNodeTool } from './runNode.ts'
import { runPythonTool } from './runPython.ts'
import { shellTool } from './shell.ts'
import { sqliteQueryTool } from './sqliteQuery.ts'
import { systemInfoTool } from './systemInfo.ts'
import type { Tool } from './tool.ts'
import { webSearchTool } from './webSearch.ts'
import { webToTextTool } from './webToText.ts'
import { writeFileTool } from './writeFile.ts'

/** In the order in which a model is shown them, which never changes within a version: providers cache by it. */
export const TOOLS: readonly Tool[] = [
  readFileTool,
  writeFileTool,
  editFileTool,
  listDirTool,
  globTool,
  grepTool,
  shellTool,
  runPythonTool,
  runNodeTool,
  gitStatusTool,
  gitDiffTool,
  gitLogTool,
  gitCommitTool,
  httpFetchTool,
  httpPostTool,
  webToTextTool,
  webSearchTool,
  sqliteQueryTool,
  systemInfoTool,
  processListTool,
  askUserTool,
  noteTool,
]

/** What a model is shown of the tools that may be used now; `isOffered` says which. */
export function offers(isOffered: (name: string) => boolean = () => true, tools: readonly Tool[] = TOOLS): ToolOffer[] {
  return tools.filter(({ name }) => isOffered(name)).map(offerOf)
}

/** One of them. */
export function offerOf({ name, description, schema }: Tool): ToolOffer {
  return { name, description, inputSchema: inputSchemaOf(schema) }
}

/** Limits that a model does not need to know beforehand: whoever breaks one is told. Every word of an offer is paid for with every call. */
const LEFT_AWAY = [
  '$schema',
  'additionalProperties',
  'propertyNames',
  'minLength',
  'maxLength',
  'maxItems',
  'minimum',
  'maximum',
  'pattern',
  'format',
]

function inputSchemaOf(schema: z.ZodType): ToolOffer['inputSchema'] {
  const whole = z.toJSONSchema(schema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      for (const key of LEFT_AWAY) delete jsonSchema[key as keyof typeof jsonSchema]
    },
  })
  const { $schema: _, ...rest } = whole
  return { ...rest, type: 'object' }
}
