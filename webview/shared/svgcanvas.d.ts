declare module "svgcanvas" {
  /** svgcanvas 2.6.0: records 2D drawing calls as SVG elements. */
  export const Context: new (options: { width: number; height: number }) => {
    canvas: unknown;
    font: string;
    fillStyle: string;
    textAlign: CanvasTextAlign;
    textBaseline: CanvasTextBaseline;
    getSvg(): SVGSVGElement;
    getTransform(): DOMMatrix;
    fillText(text: string, x: number, y: number): void;
    setLineDash(segments: number[]): void;
    fill(rule?: CanvasFillRule): void;
    __closestGroupOrSvg(): SVGElement;
  };
}
