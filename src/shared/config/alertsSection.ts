import { section } from './fields.ts'

/** The settings of the alerts: where they go, when they are quiet. */
export const alertsSection = section('Alerts: how a person is reached.', {})
