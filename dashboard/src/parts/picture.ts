// A panel as a PNG: its boxes, lines of text, bars and charts are drawn again on a canvas, where
// the browser has laid them out. What scrolls is drawn whole.

const marginPx = 16;
const scale = 2;

export function saveBlob(blob: Blob, name: string): void {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

interface Rect {
    left: number;
    top: number;
    width: number;
    height: number;
}

function isSeen(color: string): boolean {
    return color !== 'transparent' && !/, 0\)$|\/ 0\)$/.test(color);
}

function drawText(context: CanvasRenderingContext2D, node: Text, style: CSSStyleDeclaration): void {
    context.font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    context.fillStyle = style.color;
    const range = document.createRange();
    // Word by word: a line breaks between two of them.
    for (const match of node.data.matchAll(/\S+/g)) {
        range.setStart(node, match.index ?? 0);
        range.setEnd(node, (match.index ?? 0) + match[0].length);
        const box = range.getClientRects()[0];
        if (box === undefined || box.width === 0) continue;
        const {fontBoundingBoxAscent: up, fontBoundingBoxDescent: down} = context.measureText(
            match[0],
        );
        context.fillText(match[0], box.left, box.top + (box.height - up - down) / 2 + up);
    }
}

function drawBox(
    context: CanvasRenderingContext2D,
    element: Element,
    style: CSSStyleDeclaration,
): void {
    const box: Rect = element.getBoundingClientRect();
    if (element instanceof HTMLCanvasElement) {
        if (element.width > 0) context.drawImage(element, box.left, box.top, box.width, box.height);
        return;
    }
    const fill = element instanceof SVGRectElement ? style.fill : style.backgroundColor;
    if (isSeen(fill)) {
        context.fillStyle = fill;
        context.fillRect(box.left, box.top, box.width, box.height);
    }
    const line = parseFloat(style.borderBottomWidth);
    if (line > 0 && isSeen(style.borderBottomColor)) {
        context.fillStyle = style.borderBottomColor;
        context.fillRect(box.left, box.top + box.height - line, box.width, line);
    }
}

function drawElement(context: CanvasRenderingContext2D, element: Element): void {
    if (element.matches('.hidden, details:not([open])')) return;
    const style = getComputedStyle(element);
    if (style.display === 'none' || style.visibility === 'hidden') return;
    drawBox(context, element, style);
    for (const child of element.childNodes) {
        if (child instanceof Text) drawText(context, child, style);
        else if (child instanceof Element) drawElement(context, child);
    }
}

export function savePicture(panel: HTMLElement, name: string): void {
    panel.classList.add('in-picture');
    const box = panel.getBoundingClientRect();
    const width = Math.max(box.width, panel.scrollWidth) + 2 * marginPx;
    const height = box.height + 2 * marginPx;
    const canvas = document.createElement('canvas');
    canvas.width = width * scale;
    canvas.height = height * scale;
    const context = canvas.getContext('2d');
    if (context !== null) {
        context.fillStyle = getComputedStyle(panel).backgroundColor;
        context.fillRect(0, 0, canvas.width, canvas.height);
        context.scale(scale, scale);
        context.translate(marginPx - box.left, marginPx - box.top);
        drawElement(context, panel);
    }
    panel.classList.remove('in-picture');
    canvas.toBlob((blob) => blob && saveBlob(blob, name), 'image/png');
}
