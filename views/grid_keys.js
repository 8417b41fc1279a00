// Keys typed into a grid are given to it in their order, none before the grid can take it.
//
// Streamlit's grid opens an editor on the first key and puts that key into it. Until the editor is drawn (the first one
// of a page is fetched from the server) every further key replaces the one before: who types 33517 gets 17, or 7. And a
// key that is followed by Enter before its timer has run closes the editor without its text. So keys that come too early
// wait here. Nothing else is touched: a key that the grid is ready for goes its own way.
(() => {
  if (window.gridKeys) return;
  window.gridKeys = true;
  const LEAVING = ["Enter", "Tab", "Escape"], PATIENCE_MS = 10_000;
  let held = [], opener = null, giving = false;

  const inEditor = (element) => Boolean(element?.closest?.(".gdg-clip-region"));
  const editor = () => (inEditor(document.activeElement) ? document.activeElement : null);
  const onGrid = (element) => Boolean(element?.closest?.("[data-testid='data-grid-canvas']"));
  const isText = (event) => event.key.length === 1;
  const opens = (event) => isText(event) && event.key !== " ";
  // Of the keys that are text, the grid prevents the default of those that open an editor.
  const opening = () => Boolean(opener?.defaultPrevented);
  const soon = () => new Promise((done) => setTimeout(done));
  const until = async (state) => {
    const end = performance.now() + PATIENCE_MS;
    while (!state() && performance.now() < end) await soon();
    return state();
  };
  const forget = () => { held = []; opener = null; };

  const put = (field, text, from) => {
    field.setRangeText(text, from, field.selectionEnd, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true, data: text }));
  };
  const press = (event, target) => {
    const { key, code, shiftKey, altKey } = event;
    const copy = new KeyboardEvent("keydown", { key, code, shiftKey, altKey, bubbles: true, cancelable: true });
    target.dispatchEvent(copy);
    return copy;
  };
  const give = async (event) => {
    const field = editor();
    if (!field) {
      // An editor that closes gives the focus back a little later.
      if (!(await until(() => onGrid(document.activeElement)))) return;
      const copy = press(event, document.activeElement);
      opener = opens(event) ? copy : null;
    } else if (isText(event)) put(field, event.key, field.selectionStart);
    else if (event.key === "Backspace") {
      const { selectionStart: start, selectionEnd: end } = field;
      put(field, "", start === end ? Math.max(0, start - 1) : start);
    } else {
      press(event, field);
      // The focus leaves before the editor does: a key given in between would go on in the editor that is closing.
      if (LEAVING.includes(event.key)) await until(() => !field.isConnected);
    }
  };
  const giveAll = async () => {
    giving = true;
    while (held.length) {
      await soon(); // the grid's own timers for earlier keys run first
      if (!(await until(() => !opening()))) forget();
      if (held.length) await give(held.shift());
    }
    giving = false;
  };

  window.addEventListener("keydown", (event) => {
    if (!event.isTrusted || event.isComposing || event.ctrlKey || event.metaKey) return;
    const { target } = event;
    if (!onGrid(target) && !inEditor(target) && target !== document.body) return forget();
    if (giving || opening() || (inEditor(target) && LEAVING.includes(event.key) && !event.shiftKey)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      held.push(event);
      if (!giving) giveAll();
    } else if (onGrid(target)) opener = opens(event) ? event : null;
  }, true);
  window.addEventListener("focusin", () => { if (editor()) opener = null; }, true);
  window.addEventListener("pointerdown", forget, true);
})();
