/** What a person answered, in a wizard or by flags. What is absent stays as it is. */

/** The channels that init can set up. */
export const NOTIFY_TYPES = ['none', 'ntfy', 'telegram', 'email', 'webhook'] as const

/** How a person is reached, with the secrets that it takes. */
export type NotifyAnswer =
  | { readonly type: 'none' }
  | { readonly type: 'ntfy'; readonly server: string; readonly topic: string }
  /** Without a chat it is paired later. */
  | { readonly type: 'telegram'; readonly token: string; readonly chat: string }
  | {
      readonly type: 'email'
      readonly host: string
      readonly port: number
      /** Empty for a server that asks for none. */
      readonly user: string
      readonly password: string
      readonly from: string
      readonly to: string
    }
  | { readonly type: 'webhook'; readonly url: string; readonly format: string }

/** What keeps it running: a service of the user, of the machine, or nothing. */
export const SERVICES = ['user', 'system', 'none'] as const
export type ServiceAnswer = (typeof SERVICES)[number]

/** All answers. */
export type Answers = {
  readonly language?: string
  readonly provider?: string
  readonly model?: string
  readonly baseUrl?: string
  readonly key?: string
  readonly dayUsd?: number
  readonly monthUsd?: number
  readonly notify?: NotifyAnswer
  readonly dashboardHost?: string
  readonly dashboardPort?: number
  readonly publicUrl?: string
  readonly service?: ServiceAnswer
  readonly start?: boolean
}
