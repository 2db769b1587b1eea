// The policy of the page (src/dashboard/page.cc) lets no text become markup unless a policy named
// `default` turns it into such. This one allows the empty text, with which ECharts clears its
// place.

interface TrustedTypes {
    createPolicy(name: string, rules: {createHTML: (text: string) => string}): unknown;
}

export function forbidMarkup(): void {
    const {trustedTypes} = window as {trustedTypes?: TrustedTypes};
    trustedTypes?.createPolicy('default', {
        createHTML: (text) => {
            if (text !== '') throw new TypeError('text does not become markup here');
            return text;
        },
    });
}
