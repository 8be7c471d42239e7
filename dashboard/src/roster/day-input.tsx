/** A day of the roster, `2026-10-01`, chosen with the device's own picker. */
export function DayInput(props: { id?: string; value?: string; onChange?: (day: string) => void }) {
  return (
    <input
      id={props.id}
      type="date"
      className="native-input"
      value={props.value ?? ''}
      onChange={(event) => props.onChange?.(event.target.value)}
    />
  );
}
