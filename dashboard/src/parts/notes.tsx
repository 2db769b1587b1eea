import type {StageReport} from '../data/types';
import {format, plural} from '../logic/format';

// What a reader has to know about the figures: what is not in them, and what is not final.
export function Notes({report}: {report: StageReport}) {
    const inside = report.users_inside_window;
    const notes =
        inside > 0
            ? [
                  `${format.count(inside)} ${plural(inside, 'user')} can still buy within the window: ` +
                      'the last steps are not final.',
                  ...report.notes,
              ]
            : report.notes;
    return (
        <>
            {notes.map((note) => (
                <p key={note} class="note">
                    {note}
                </p>
            ))}
        </>
    );
}
