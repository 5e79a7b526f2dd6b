/** The published rotary embedding asks the device for its largest position in every call. */
import { single } from './variant.ts'

export const ropeNosync = single({
  id: 'rope-nosync',
  title: 'Rotary tables without a sync',
  changes:
    'tables of sines and cosines are made once, so no block waits for the device (96 waits fewer per run of 1b)',
  backends: ['torch'],
  outputs: 'same',
  edit: {},
})
