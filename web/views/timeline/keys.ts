/** Keys of the timeline. Moving keys act for as long as they are held; the others once. */

/** How far one second of a held key goes: screens for pan, a factor for zoom. */
export const PAN_PER_SECOND = 1.6
export const ZOOM_PER_SECOND = 8

/** What a held key does: pan in screens a second, zoom as a factor a second. */
export const HELD: Readonly<Record<string, { pan?: number; zoom?: number }>> = {
  w: { zoom: ZOOM_PER_SECOND },
  s: { zoom: 1 / ZOOM_PER_SECOND },
  a: { pan: -PAN_PER_SECOND },
  d: { pan: PAN_PER_SECOND },
}

export interface KeyHelp {
  keys: string
  what: string
}
export const KEY_HELP: readonly KeyHelp[] = [
  { keys: 'w s', what: 'Zoom in, out' },
  { keys: 'a d', what: 'Pan left, right' },
  {
    keys: '← → ↑ ↓',
    what: 'Walk: previous, next, out (range, launch), in; pan and zoom when nothing is selected',
  },
  { keys: 'Enter', what: 'Select the span or gap nearest to the middle' },
  { keys: 'n N', what: 'Next, previous of the same name' },
  { keys: 'c', what: 'To the cause: from work to its launch and back, from a gap to what the thread did' },
  { keys: 'f', what: 'Fit to the selected span or window' },
  { keys: '0', what: 'The whole capture' },
  { keys: 'z Z', what: 'Undo, redo a change of view' },
  {
    keys: '[ ]',
    what: 'Cursor A, B at the pointer, snapping to the span under it; else at the selected span’s start, end',
  },
  { keys: 'b', what: 'Select the window from A to B, else of the selected span' },
  { keys: 'm', what: 'Note at the selected span, window or pointer' },
  { keys: 't', what: 'What is on screen as a table: Enter on a row selects its span or gap' },
  { keys: 'Esc', what: 'Clear selection, window, cursors' },
]
