/** What is under the pointer stays while it is pressed or drags: what is drawn anew in between would swallow the click. */

const TAP = 300; // a finger's click comes a moment after the finger has left

export class Hold {
  private pressed = false;
  private dragged = false;
  private missed: (() => void) | null = null;

  constructor(board: HTMLElement) {
    board.addEventListener("pointerdown", (event) => (this.pressed = event.button === 0));
    addEventListener("pointerup", () => setTimeout(() => this.release(), TAP));
    addEventListener("pointercancel", () => this.release());
    board.addEventListener("click", () => this.release(), { capture: true });
    addEventListener("dragstart", (event) => (this.dragged = !event.defaultPrevented)); // one that is refused has no end
    addEventListener("dragend", () => {
      this.dragged = false;
      this.release();
    });
  }

  /** Whether ``draw`` has to wait; it is called as soon as it may. */
  keeps(draw: () => void): boolean {
    const keeps = this.pressed || this.dragged;
    if (keeps) this.missed = draw;
    return keeps;
  }

  private release(): void {
    this.pressed = false;
    if (this.dragged) return;
    const draw = this.missed;
    this.missed = null;
    draw?.();
  }
}
