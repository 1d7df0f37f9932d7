import * as z from 'zod'
import { settingsSchema } from './schema.ts'

/** The JSON Schema of `ottugi.yaml`, for editors. Draft 7 is what their YAML servers know best. */
export function settingsJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(settingsSchema, { io: 'input', target: 'draft-7', override: forEditors })
  return { $schema: schema.$schema, title: 'Ottugi settings (ottugi.yaml)', ...schema }
}

function forEditors({ jsonSchema }: { zodSchema: unknown; jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  // Only our own messages are made from it.
  delete jsonSchema['form']
  // A group whose lines are all commented out is null, and valid.
  if (jsonSchema.type === 'object' && 'default' in jsonSchema) Object.assign(jsonSchema, { type: ['object', 'null'] })
}
