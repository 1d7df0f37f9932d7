/** The settings of what a model is shown of a conversation. */
import { amount, section, setting, whole } from './fields.ts'

/** How much of a conversation is kept word for word, and when the rest is summarised. */
export const contextSection = section('What the model is shown of a conversation.', {
  compactAtShare: setting(amount(0.2, 1), 0.7, {
    description:
      "From this share of the model's window on, older turns are replaced by a summary, which can be taken back; 1 never does it.",
  }),
  keepAnswers: setting(whole(1, 100), 6, {
    description:
      'The last answers of the model that a summary leaves as they are, with what they called and what came of it.',
    unit: 'answers',
  }),
  assumedTokens: setting(whole(2_000, 10_000_000), 128_000, {
    description: "Size of a model's window where nothing is known of it.",
    unit: 'tokens',
  }),
  notesMaxBytes: setting(whole(0, 262_144), 16_384, {
    description: 'How much is read of AGENTS.md and CLAUDE.md in the workspace, of each; 0 reads none.',
    unit: 'bytes',
  }),
})
