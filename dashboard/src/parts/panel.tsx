import type {ComponentChildren} from 'preact';
import {useId, useRef} from 'preact/hooks';
import {useStore} from '../data/store';
import {format} from '../logic/format';
import {scopeText} from '../logic/scope';
import {saveBlob, savePicture} from './picture';
import {address} from './url';

interface Props {
    title: string;
    name: string; // of the downloaded files
    // Where the API has the panel's figures as CSV, or the CSV itself.
    csv: string | (() => string);
    children: ComponentChildren;
    controls?: ComponentChildren;
    class?: string;
}

// A part of a view with its title and its downloads.
export function Panel({title, name, csv, controls, children, ...rest}: Props) {
    const id = useId();
    const element = useRef<HTMLElement>(null);
    const file = `footfall-${name}`;
    const picture = () => element.current && savePicture(element.current, `${file}.png`);
    return (
        <section
            ref={element}
            class={`panel ${rest.class ?? ''}`}
            aria-labelledby={id}
            data-panel={name}
        >
            <header>
                <h2 id={id}>{title}</h2>
                <div class="controls" data-no-picture>
                    {controls}
                    <div class="downloads">
                        {typeof csv === 'string' ? (
                            <a
                                class="button"
                                href={`${csv}&format=csv`}
                                download={`${file}.csv`}
                                aria-label={`${title}: download as CSV`}
                            >
                                CSV
                            </a>
                        ) : (
                            <button
                                type="button"
                                aria-label={`${title}: download as CSV`}
                                onClick={() =>
                                    saveBlob(new Blob([csv()], {type: 'text/csv'}), `${file}.csv`)
                                }
                            >
                                CSV
                            </button>
                        )}
                        <button
                            type="button"
                            aria-label={`${title}: download as PNG`}
                            onClick={picture}
                        >
                            PNG
                        </button>
                    </div>
                </div>
            </header>
            <p class="source note">Footfall · {scopeText(useStore(address), format)}</p>
            {children}
        </section>
    );
}
