import type {ComponentChildren} from 'preact';

export interface Column {
    title: ComponentChildren;
    class?: string;
}

// A column of figures, which stand at its right.
export function figures(title: ComponentChildren, more = ''): Column {
    return {title, class: `number ${more}`.trim()};
}

// The head of a table. What is false is left out.
export function Head({columns}: {columns: readonly (string | Column | false | undefined)[]}) {
    return (
        <thead>
            <tr>
                {columns.map((column, index) => {
                    if (column === false || column === undefined) return null;
                    const {title, ...rest} = typeof column === 'string' ? {title: column} : column;
                    return (
                        <th key={index} scope="col" {...rest}>
                            {title}
                        </th>
                    );
                })}
            </tr>
        </thead>
    );
}
