import { fromLocalInput, toLocalInput } from './local-input.ts';

/** A point in time, chosen with the device's own picker; instants in and out, local time on the screen. */
export function InstantInput(props: { id?: string; value?: string; onChange?: (instant: string) => void }) {
  return (
    <input
      id={props.id}
      type="datetime-local"
      className="native-input"
      value={toLocalInput(props.value ?? '')}
      onChange={(event) => props.onChange?.(fromLocalInput(event.target.value))}
    />
  );
}
