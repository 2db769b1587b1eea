interface Props {
    label: string;
    labelHidden?: boolean; // there for screen readers only
    name: string;
    value: string;
    options: readonly (readonly [value: string, text: string])[];
    onChoose: (value: string) => void;
}

// One of many, with its label above it. A value that is not among the options is one all the same.
export function Select({label, labelHidden, name, value, options, onChoose}: Props) {
    const known = options.some(([option]) => option === value);
    return (
        <label>
            <span class={labelHidden ? 'hidden' : undefined}>{label}</span>
            <select
                name={name}
                value={value}
                onChange={(event) => onChoose(event.currentTarget.value)}
            >
                {!known && <option value={value}>{value}</option>}
                {options.map(([option, text]) => (
                    <option key={option} value={option}>
                        {text}
                    </option>
                ))}
            </select>
        </label>
    );
}
