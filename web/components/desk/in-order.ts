/** Answers may overtake one another: says of each, once it is there, whether it may still be shown. */
export class InOrder {
  private asked = 0;
  private shown = 0;

  /** A question goes out. What it returns is asked when the answer is there: false where a later one has been shown already. */
  ask(): () => boolean {
    const mine = (this.asked += 1);
    return () => {
      if (mine < this.shown) return false;
      this.shown = mine;
      return true;
    };
  }

  /** What is shown now was heard another way: answers to questions from before are old. */
  renew(): void {
    this.ask()();
  }
}
