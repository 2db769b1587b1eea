import type {StageReport} from '../data/types';
import {format, plural} from '../logic/format';

function insideWindow({users_inside_window: users}: StageReport): string[] {
    if (users === 0) return [];
    const who = `${format.count(users)} ${plural(users, 'user')}`;
    return [`${who} can still buy within the window: the last steps are not final.`];
}

// What a reader has to know about the figures: what is not in them, and what is not final.
export function Notes({report}: {report: StageReport}) {
    return (
        <>
            {[...insideWindow(report), ...report.notes].map((note) => (
                <p key={note} class="note">
                    {note}
                </p>
            ))}
        </>
    );
}
