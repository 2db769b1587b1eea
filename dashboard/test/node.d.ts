// Of Node's modules what the unit tests use.
declare module 'node:test' {
    export function test(name: string, run: () => void | Promise<void>): void;
}

declare module 'node:assert/strict' {
    interface Assert {
        equal(actual: unknown, expected: unknown, message?: string): void;
        deepEqual(actual: unknown, expected: unknown, message?: string): void;
        match(actual: string, expected: RegExp, message?: string): void;
        ok(value: unknown, message?: string): void;
    }
    const assert: Assert;
    export default assert;
}
