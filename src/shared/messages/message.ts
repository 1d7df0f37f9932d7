/** The languages that every text for people comes in. */
export type Language = 'en' | 'ko'

/** One text in every language. `{name}` stands for a parameter; each language names the same ones. */
export type Message = Readonly<Record<Language, string>>

/** The texts of one area, by key: `area.what`. */
export type Messages = Readonly<Record<string, Message>>
