interface Props<T extends string> {
    label: string;
    value: T;
    options: readonly {value: T; text: string}[];
    onChoose: (value: T) => void;
}

// One of a few, all of them in sight.
export function Choice<T extends string>({label, value, options, onChoose}: Props<T>) {
    return (
        <div class="choice" role="group" aria-label={label}>
            {options.map((option) => (
                <button
                    key={option.value}
                    type="button"
                    aria-pressed={option.value === value}
                    onClick={() => onChoose(option.value)}
                >
                    {option.text}
                </button>
            ))}
        </div>
    );
}
