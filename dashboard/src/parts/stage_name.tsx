import {Fragment} from 'preact';

// The name of a stage, or a text with some, which may break where their words do.
export function StageName({name}: {name: string}) {
    return (
        <>
            {name.split(/(?<=_)/).map((part, index) => (
                <Fragment key={index}>
                    {index > 0 && <wbr />}
                    {part}
                </Fragment>
            ))}
        </>
    );
}
