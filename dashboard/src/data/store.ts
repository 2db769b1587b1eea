import {useEffect, useState} from 'preact/hooks';

// A value that parts of the page follow: set() tells all of them.
export class Store<T> {
    private readonly listeners = new Set<() => void>();

    constructor(private current: T) {}

    get value(): T {
        return this.current;
    }

    set(value: T): void {
        this.current = value;
        for (const listener of [...this.listeners]) listener();
    }

    subscribe(listener: () => void): () => void {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
    }
}

export function useStore<T>(store: Store<T>): T {
    const [value, setValue] = useState(store.value);
    useEffect(() => {
        setValue(store.value);
        return store.subscribe(() => setValue(store.value));
    }, [store]);
    return value;
}
