import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Icon } from './icons.tsx';

/** A modal sheet on the browser's own dialog; on a phone it comes from below. */
export function Sheet(props: {
  title: string;
  closeLabel: string;
  onClose: () => void;
  /** For what needs more than a column: as wide as the page allows. */
  wide?: boolean;
  children: ReactNode;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  const { onClose } = props;

  useEffect(() => dialog.current?.showModal(), []);

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself; this is for taps beside it
    <dialog
      ref={dialog}
      className="sheet"
      data-wide={props.wide}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className="sheet-body">
        <div className="sheet-head">
          <h2 id={titleId}>{props.title}</h2>
          <button type="button" className="icon-button" aria-label={props.closeLabel} onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
        {props.children}
      </div>
    </dialog>
  );
}
