/** Dragging: a waiting order, or a visit, onto an engineer's time. What is dropped is asked about, never simply done. */
import type { Hours } from "./board_timeline";
import { minuteAt, showTarget } from "./board_timeline";

/** Windows of two hours from eight to eight: what customers are promised (domain.appointments). */
const FIRST = 8 * 60;
const LAST = 18 * 60;
const LENGTH = 120;

export function windowAt(minute: number): number {
  return Math.min(Math.max(FIRST + Math.floor((minute - FIRST) / LENGTH) * LENGTH, FIRST), LAST);
}

export interface Dragged {
  orderId: string;
  /** Who has it now, or "". */
  from: string;
}

export function listenForDrags(
  board: HTMLElement,
  hours: () => Hours,
  dropped: (dragged: Dragged, engineer: string, minute: number) => void,
): void {
  let dragged: Dragged | null = null;
  const track = (event: DragEvent): HTMLElement | null => (event.target as Element).closest<HTMLElement>(".track[data-engineer]");
  board.addEventListener("dragstart", (event) => {
    const source = (event.target as Element).closest<HTMLElement>("[data-order][draggable=true]");
    if (!source?.dataset.order || board.dataset.assigns === undefined) return event.preventDefault();
    dragged = { orderId: source.dataset.order, from: source.dataset.engineer ?? "" };
    event.dataTransfer?.setData("text/plain", dragged.orderId);
    board.classList.add("dragging");
  });
  board.addEventListener("dragover", (event) => {
    const over = track(event);
    if (!dragged || !over) return showTarget(null, 0, 0, hours());
    event.preventDefault();
    const since = windowAt(minuteAt(over, event.clientX, hours()));
    showTarget(over, since, since + LENGTH, hours());
  });
  board.addEventListener("drop", (event) => {
    const over = track(event);
    if (!dragged || !over?.dataset.engineer) return;
    event.preventDefault();
    if (over.dataset.engineer !== dragged.from) {
      dropped(dragged, over.dataset.engineer, windowAt(minuteAt(over, event.clientX, hours())));
    }
  });
  board.addEventListener("dragend", () => {
    dragged = null;
    board.classList.remove("dragging");
    showTarget(null, 0, 0, hours());
  });
}
