import {Fragment} from 'preact';

// The name of a stage, which may break where its words do.
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
