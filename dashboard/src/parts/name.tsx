// A text that came with an event: it stands by itself, whatever direction or length it has.
export function Name({text}: {text: string}) {
    return (
        <bdi class="name" title={text.length > 24 ? text : undefined}>
            {text}
        </bdi>
    );
}
