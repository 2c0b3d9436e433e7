/** CloudWatch divides a dashboard into 24 columns. */
const COLUMNS = 24;
/** More beside each other are too narrow to read. */
const MOST_IN_A_ROW = 4;

/** CloudWatch refuses a dashboard with more. */
const MOST_WIDGETS = 500;

/** One widget of a dashboard, still without a place. */
export interface Widget {
  readonly type: string;
  readonly properties: unknown;
}

/** Widgets beside each other, in as many rows as they need. */
export interface Line {
  readonly height: number;
  readonly widgets: readonly Widget[];
}

/**
 * The widgets with their places: line below line, each as wide as the page allows. What comes last is left out where there
 * is no room for it, beyond about fifty services.
 */
export function placed(lines: readonly Line[]) {
  let y = 0;
  return withinLimit(lines).flatMap(({ height, widgets }) => {
    const rows = Math.ceil(widgets.length / MOST_IN_A_ROW);
    const columns = Math.ceil(widgets.length / Math.max(rows, 1));
    const width = COLUMNS / Math.max(columns, 1);
    const top = y;
    y += rows * height;
    return widgets.map(({ type, properties }, index) => ({
      type,
      x: (index % columns) * width,
      y: top + Math.floor(index / columns) * height,
      width,
      height,
      properties,
    }));
  });
}

function withinLimit(lines: readonly Line[]): Line[] {
  let count = 0;
  return lines.filter(({ widgets }) => {
    count += widgets.length;
    return count <= MOST_WIDGETS;
  });
}
