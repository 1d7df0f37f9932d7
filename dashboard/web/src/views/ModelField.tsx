import { useId } from 'preact/hooks'
import { ask } from '../live/ask.ts'
import { useResource } from '../live/useResource.ts'

type Listed = { readonly models: readonly { readonly name: string; readonly hasKey: boolean }[] }

type ModelProps = {
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly onChange: (model: string) => void
}

/** The name of a model: those that can be called are offered, any other may be written. Without the list it is a plain field. */
export function ModelField({ label, placeholder, value, onChange }: ModelProps) {
  const id = useId()
  const { data } = useResource((signal) => ask<Listed>('api/models', { signal }), [], null)
  const usable = data?.models.filter(({ hasKey }) => hasKey) ?? []
  return (
    <label class="field">
      <span>{label}</span>
      <input
        list={id}
        {...{ value, placeholder }}
        maxLength={200}
        autocomplete="off"
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <datalist id={id}>
        {usable.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </label>
  )
}
