import type { JobState } from '../../../client-sdk/src/index.ts'
import { jobStates, stateWords } from './job-words.ts'

interface StateFilterProps {
  state: JobState | undefined
  onChange: (state: JobState | undefined) => void
}

/** One stop for the Tab key; the arrows choose. */
export function StateFilter({ state, onChange }: StateFilterProps) {
  return (
    <fieldset className="state-filter">
      <legend className="unseen">Show</legend>
      {[undefined, ...jobStates].map(each => (
        <label key={each ?? 'all'}>
          <input type="radio" name="state" checked={each === state} onChange={() => onChange(each)} />
          <span>{each ? stateWords[each] : 'All'}</span>
        </label>
      ))}
    </fieldset>
  )
}
